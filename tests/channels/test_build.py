"""Holds: what can be built is built, what cannot is told by name and reason, and the console stands in for nothing."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest

from reminders.channels.apprise_channel import AppriseChannel
from reminders.channels.build import build_channels, validate
from reminders.channels.console_channel import ConsoleChannel
from reminders.daemon.child import run_child
from reminders.domain.channel import ChannelKind, ChannelSpec

TOPIC = "sEcReTtOpIc"


def spec(name: str = "phone", kind: str = ChannelKind.APPRISE, **more: Any) -> Any:
    return ChannelSpec(name=name, kind=kind, **more)


DESKTOP = spec("desktop", ChannelKind.DESKTOP)


async def no_child(*_arguments: Any, **_limits: Any) -> None:
    pytest.fail("building starts no process")


def build(*specs: Any, out: Any = None) -> Any:
    async def made() -> Any:
        built = await build_channels(specs, listener=print, run_child=no_child, out=out or io.StringIO())
        for channel in built.channels.values():
            await channel.close()
        return built

    return asyncio.run(made())


@pytest.fixture
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)


def test_a_channel_that_fails_leaves_the_others_alone(no_desktop: Any) -> None:
    built = build(DESKTOP, spec(url="ntfys://topic"), spec("log", ChannelKind.CONSOLE))
    assert {name: type(channel) for name, channel in built.channels.items()} == {
        "phone": AppriseChannel,
        "log": ConsoleChannel,
    }
    assert built.failures == (("desktop", "no desktop session bus: DBUS_SESSION_BUS_ADDRESS is not set"),)
    assert not built.console_stands_in


def test_the_console_stands_in_under_every_name_and_prints_a_nudge_once(no_desktop: Any, a_message: Any) -> None:
    out = io.StringIO()
    built = build(DESKTOP, spec(url="ntfys://${NOT_SET_ANYWHERE}"), out=out)
    assert built.console_stands_in
    assert sorted(built.channels) == ["desktop", "phone"]
    for channel in built.channels.values():
        asyncio.run(channel.send(a_message(), 5))
    assert out.getvalue().count("A glass of water") == 1
    assert dict(built.failures)["phone"] == "the environment variable NOT_SET_ANYWHERE is not set"


def test_no_channel_at_all_is_the_console_too() -> None:
    built = build()
    assert list(built.channels) == ["console"]
    assert built.console_stands_in


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (TOPIC, "not of the form"),
        (f"ntfy://h/{TOPIC}?attach=x", '"attach" is not allowed'),
        (f"ntfy://h/{TOPIC}?a=b&Retry=3", '"retry" is not allowed'),
        (f"ntfy://h/{TOPIC}?optional=yes", '"optional" is not allowed'),
        ("syslog://", "this machine only"),
        (f"ntfy://h/{TOPIC} and more", "not of the form"),
        (f"ntfy://h/{TOPIC}\nntfy://h/other", "not of the form"),
        ("", "not of the form"),
    ],
)
def test_a_bad_url_is_told_without_any_part_of_it(url: str, reason: str) -> None:
    ((name, told),) = build(spec(url=url)).failures
    assert name == "phone"
    assert reason in told
    assert TOPIC not in told


@pytest.mark.parametrize("url", ["dbus://", "macosx://", "windows://", "json://h/p?x=1", "mailto://u:p@h?to=a@b.c"])
def test_other_services_are_apprises_business(url: str) -> None:
    assert list(build(spec(url=url)).channels) == ["phone"]


def test_a_missing_url_file_is_told_by_its_name(tmp_path: Path) -> None:
    ((_, told),) = build(spec(url_file=str(tmp_path / "secret"))).failures
    assert told == f'url_file "{tmp_path}/secret" cannot be opened: no such file or directory'


def test_validation_loads_the_plug_in_of_an_apprise_channel_only(sink: Any) -> None:
    def check(checked: Any) -> Any:
        return asyncio.run(validate(checked, run_child))

    assert check(spec(url=sink.url())) is None
    assert check(spec(url="slack://nonsense")) == "a part of the URL is missing or wrong for this service"
    assert check(DESKTOP) is None
    assert sink.requests == []
