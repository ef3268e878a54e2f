"""Holds: on a Linux desktop a nudge appears with its buttons, is heard when pressed, replaced and withdrawn."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from reminders.channels.desktop_channel import DesktopChannel
from reminders.channels.unbuildable import ChannelUnbuildable
from reminders.domain.answer import Verb
from reminders.domain.delivery import SendOutcome

pytestmark = pytest.mark.desktop


@asynccontextmanager
async def connected(presses: Any = None) -> AsyncIterator[Any]:
    heard = [] if presses is None else presses
    channel = DesktopChannel("desktop", lambda *press: heard.append(press))
    await channel.connect()
    try:
        yield channel
    finally:
        await channel.close()


def test_a_nudge_appears_with_its_title_and_text(desktop: Any, a_message: Any) -> None:
    async def show() -> Any:
        async with connected() as channel:
            assert channel.has_buttons
            return await channel.send(a_message(title="Water <b>now</b>", text="3 < 5 & more\nשתה מים 💧"), 5)

    result = asyncio.run(show())
    assert result.outcome is SendOutcome.ACCEPTED
    assert desktop.shown() == 1
    folder = os.environ.get("REMINDERS_TEST_SCREENSHOTS")
    if folder:
        desktop.screenshot(Path(folder) / "desktop-nudge.png")
    desktop.ask("close")
    (entry,) = desktop.history()
    assert entry["appname"] == "Reminders"
    assert entry["summary"] == "Water <b>now</b>"
    assert entry["body"] == "3 &lt; 5 &amp; more\nשתה מים 💧"
    assert entry["timeout"] == 0
    assert entry["category"] == "x-reminders.nudge"


def test_a_press_is_heard_with_nudge_and_verb(desktop: Any, a_message: Any, soon: Any) -> None:
    presses = []

    async def press() -> None:
        async with connected(presses) as channel:
            await channel.send(a_message(), 5)
            await asyncio.to_thread(desktop.press, "done:n7")
            await soon(lambda: presses, "the press is heard")
            await soon(lambda: desktop.shown() == 0, "the answered nudge is gone")

    asyncio.run(press())
    assert presses == [("n7", "done", "desktop")]


@pytest.mark.parametrize("verb", list(Verb))
def test_each_button_has_its_verb(desktop: Any, a_message: Any, soon: Any, verb: Verb) -> None:
    presses = []

    async def press() -> None:
        async with connected(presses) as channel:
            await channel.send(a_message(nudge_id="n:8"), 5)
            await asyncio.to_thread(desktop.press, f"{verb.value}:n:8")
            await soon(lambda: presses, "the press is heard")

    asyncio.run(press())
    assert presses == [("n:8", verb.value, "desktop")]


def test_a_nudge_of_an_earlier_process_is_heard_once_it_is_put_again_in_its_own_place(
    desktop: Any, a_message: Any, soon: Any
) -> None:
    """Dunst and GNOME tell a press only to the connection that sent the message last."""
    presses = []

    async def show() -> Any:
        async with connected() as channel:
            return (await channel.send(a_message(), 5)).external_id

    async def press(external_id: str) -> None:
        async with connected(presses) as channel:
            again = await channel.send(a_message(replaces=external_id), 5)
            assert again.external_id == external_id
            await asyncio.to_thread(desktop.press, "snooze:n7")
            await soon(lambda: presses, "the press is heard")

    asyncio.run(press(asyncio.run(show())))
    assert presses == [("n7", "snooze", "desktop")]


def test_a_nudge_of_an_earlier_process_can_be_withdrawn(desktop: Any, a_message: Any) -> None:
    async def show() -> Any:
        async with connected() as channel:
            return (await channel.send(a_message(), 5)).external_id

    async def withdraw(external_id: str) -> None:
        async with connected() as channel:
            await channel.withdraw(external_id)

    external_id = asyncio.run(show())
    assert desktop.shown() == 1
    asyncio.run(withdraw(external_id))
    assert desktop.shown() == 0


def test_presses_on_other_programs_notifications_are_not_ours(desktop: Any, a_message: Any, soon: Any) -> None:
    presses = []

    async def press() -> None:
        async with connected(presses) as channel:
            for key in ("done", "done:", "archive:n7", "0"):
                letter = ["dunstify", "-a", "mail", "-A", f"{key},Open", "A letter"]
                other = await asyncio.create_subprocess_exec(*letter, env=desktop.environment, stdout=DEVNULL)
                await soon(desktop.shown, "the letter is shown")
                await asyncio.to_thread(desktop.press, key)
                await other.wait()
            await channel.send(a_message(), 5)
            await asyncio.to_thread(desktop.press, "skip:n7")
            await soon(lambda: presses, "our own press is heard")

    asyncio.run(press())
    assert presses == [("n7", "skip", "desktop")]


def test_a_message_takes_the_place_of_the_one_it_replaces(desktop: Any, a_message: Any) -> None:
    async def show() -> Any:
        async with connected() as channel:
            first = await channel.send(a_message(text="first"), 5)
            second = await channel.send(a_message(nudge_id="n8", text="second", replaces=first.external_id), 5)
            return first, second

    first, second = asyncio.run(show())
    assert first.external_id == second.external_id
    assert desktop.shown() == 1
    desktop.ask("close")
    assert desktop.history()[0]["body"] == "second"


def test_another_programs_notification_is_never_replaced_or_closed(desktop: Any, a_message: Any) -> None:
    """Numbers begin again with every service: the same number may be somebody else's now."""

    async def show() -> Any:
        async with connected() as channel:
            return await channel.send(a_message(), 5)

    old = asyncio.run(show())
    desktop.stop_dunst()
    desktop.start_dunst()
    subprocess.run(
        ["dunstify", "-a", "mail", "-r", old.external_id.partition("@")[0], "A letter"],
        check=True,
        env=desktop.environment,
    )

    async def replace() -> Any:
        async with connected() as channel:
            await channel.withdraw(old.external_id)
            return await channel.send(a_message(replaces=old.external_id), 5)

    assert asyncio.run(replace()).external_id != old.external_id
    assert desktop.shown() == 2


def test_withdrawing_twice_or_nonsense_does_nothing(desktop: Any, a_message: Any) -> None:
    async def show() -> None:
        async with connected() as channel:
            result = await channel.send(a_message(), 5)
            for external_id in (result.external_id, result.external_id, "", "x", "99999", "0@", "-1@x"):
                await channel.withdraw(external_id)

    asyncio.run(show())
    assert desktop.shown() == 0


def test_a_message_without_buttons_is_left_to_the_services_own_time(desktop: Any, a_message: Any) -> None:
    async def show() -> None:
        async with connected() as channel:
            await channel.send(a_message(buttons=()), 5)

    asyncio.run(show())
    desktop.ask("close")
    assert desktop.history()[0]["timeout"] == 60_000_000


def test_any_text_can_be_shown(desktop: Any, a_message: Any) -> None:
    async def show() -> Any:
        async with connected() as channel:
            return [
                (await channel.send(a_message(title=title, text=text), 5)).outcome
                for title, text in [
                    ("", ""),
                    ("a\x00b", "\ud800"),
                    ("x" * 100_000, "y" * 100_000),
                    ("</b>", "<img src=x>"),
                ]
            ]

    assert asyncio.run(show()) == [SendOutcome.ACCEPTED] * 4


def test_the_channel_follows_the_service_through_a_restart(desktop: Any, a_message: Any, soon: Any) -> None:
    presses = []

    async def show() -> Any:
        async with connected(presses) as channel:
            await channel.send(a_message(), 5)
            await asyncio.to_thread(desktop.stop_dunst)
            gone = await channel.send(a_message(), 5)
            await asyncio.to_thread(desktop.start_dunst)
            back = await channel.send(a_message(nudge_id="n8"), 5)
            await asyncio.to_thread(desktop.press, "done:n8")
            await soon(lambda: presses, "the press is heard")
            return gone, back

    gone, back = asyncio.run(show())
    assert (gone.outcome, gone.detail) == (
        SendOutcome.FAILED,
        "no notification service answers on the desktop session bus",
    )
    assert back.outcome is SendOutcome.ACCEPTED
    assert presses == [("n8", "done", "desktop")]


def test_a_service_that_hangs_is_unknown_within_the_deadline_and_holds_nobody_up(desktop: Any, a_message: Any) -> None:
    async def show() -> Any:
        async with connected() as channel:
            os.kill(desktop.dunst.pid, signal.SIGSTOP)
            ticks = 0

            async def tick() -> None:
                nonlocal ticks
                while True:
                    await asyncio.sleep(0.01)
                    ticks += 1

            ticking = asyncio.create_task(tick())
            result = await channel.send(a_message(), 0.6)
            ticking.cancel()
            os.kill(desktop.dunst.pid, signal.SIGCONT)
            return result, ticks

    result, ticks = asyncio.run(show())
    assert result.outcome is SendOutcome.UNKNOWN
    assert ticks > 20


def test_a_session_without_a_notification_service_is_unbuildable_for_that_reason(desktop: Any) -> None:
    desktop.stop_dunst()
    with pytest.raises(ChannelUnbuildable, match="no notification service answers"):
        asyncio.run(DesktopChannel("desktop", print).connect())


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (None, "no desktop session bus: DBUS_SESSION_BUS_ADDRESS is not set"),
        ("unix:path=/nowhere/bus", "the desktop session bus cannot be reached: no such file or directory"),
        ("nonsense", "the desktop session bus cannot be reached: its address is not valid"),
    ],
)
def test_without_a_session_bus_it_is_unbuildable_for_that_reason(
    monkeypatch: pytest.MonkeyPatch, a_message: Any, address: str, reason: str
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    if address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    channel = DesktopChannel("desktop", print)
    with pytest.raises(ChannelUnbuildable) as caught:
        asyncio.run(channel.connect())
    assert str(caught.value) == reason
    result = asyncio.run(channel.send(a_message(), 5))
    assert (result.outcome, result.detail) == (SendOutcome.FAILED, reason)
