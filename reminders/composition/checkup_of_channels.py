"""Look at every channel without sending: it can be built, its plug-in loads, its secrets are where it looks."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from reminders.catalogue.phrases import phrase, say
from reminders.catalogue.retelling import retold
from reminders.channels.unbuildable import DESKTOP_MEND
from reminders.clock import SystemClock
from reminders.composition.checkup_of_files import is_exposed
from reminders.composition.finding import Finding, State, broken, ok, warning
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.ports import Channel

_APPRISE_HINT = phrase("correct its URL, or set what it needs where the daemon is started; then: reminders send-test")


def channel_findings(specs: Iterable[ChannelSpec], unbuilt: Mapping[str, str]) -> list[Finding]:
    """Look at each channel, and at the desktop's bus where one needs it. No network is used.

    ``unbuilt`` is why the running daemon cannot use a channel, by its name; it may be elsewhere than who looks.
    """
    listed = list(specs)
    findings = [_desktop_bus()] if sys.platform == "linux" and any(_is_desktop(spec) for spec in listed) else []
    return findings + asyncio.run(_channels(listed, unbuilt))


async def _channels(specs: Iterable[ChannelSpec], unbuilt: Mapping[str, str]) -> list[Finding]:
    findings: list[Finding] = []
    for spec in specs:
        found = await _channel(spec)
        findings += found
        if spec.name in unbuilt and all(one.state is not State.BROKEN for one in found):
            detail = say("the running daemon cannot use it: {reason}", reason=unbuilt[spec.name])
            findings.append(broken(say("channel {name}", name=spec.name), detail, _mend_of(spec)))
    return findings


def _mend_of(spec: ChannelSpec) -> str:
    return say(DESKTOP_MEND if _is_desktop(spec) else _APPRISE_HINT)


async def _channel(spec: ChannelSpec) -> list[Finding]:
    from reminders.channels.build import build_channels, validate
    from reminders.daemon.child import run_child

    name = say("channel {name}", name=spec.name)
    built = await build_channels(
        [spec], listener=lambda *_: None, run_child=run_child, out=StringIO(), clock=SystemClock()
    )
    try:
        failures = [reason for _, reason in built.failures]
        failure = failures[0] if failures else await validate(spec, run_child)
        if failure is not None:
            return [broken(name, retold(failure), _mend_of(spec))]
        return [ok(name, _words(spec, built.channels[spec.name])), *_url_file(name, spec)]
    finally:
        for channel in built.channels.values():
            await channel.close()


def _words(spec: ChannelSpec, channel: Channel) -> str:
    words = _how_it_does(spec, channel)
    if spec.discreet:
        words = say("{how_it_does}, discreet", how_it_does=words)
    if spec.kind is ChannelKind.APPRISE:
        return say("{how_it_does}; whether it arrives: reminders send-test", how_it_does=words)
    return words


def _how_it_does(spec: ChannelSpec, channel: Channel) -> str:
    if spec.kind is ChannelKind.CONSOLE:
        return say("printed where the daemon runs")
    if _is_desktop(spec):
        if channel.has_buttons:
            return say("a notification service answers, with buttons")
        return say("a notification service answers, which shows no buttons")
    return say("its plug-in loads") + _source_words(spec)


def _source_words(spec: ChannelSpec) -> str:
    from reminders.channels.channel_url import PLACEHOLDER

    if spec.url_file is not None:
        return say(', its URL is read from "{file}"', file=spec.url_file)
    names = dict.fromkeys(match["name"] for match in PLACEHOLDER.finditer(spec.url or "") if match["name"])
    return say(", set in the environment: {names}", names=", ".join(names)) if names else ""


def _url_file(name: str, spec: ChannelSpec) -> Iterator[Finding]:
    if spec.url_file is not None and is_exposed(spec.url_file):
        yield warning(name, say('"{file}" is open to others', file=spec.url_file), f'chmod 600 "{spec.url_file}"')


def _is_desktop(spec: ChannelSpec) -> bool:
    return spec.kind is ChannelKind.DESKTOP


def _desktop_bus() -> Finding:
    name = say("desktop bus")
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return ok(name, say("DBUS_SESSION_BUS_ADDRESS names it"))
    runtime_folder = os.environ.get("XDG_RUNTIME_DIR")
    if runtime_folder and os.path.exists(f"{runtime_folder}/bus"):  # noqa: PTH110  a socket is no file
        return ok(name, say("it is at {place}", place=f"{runtime_folder}/bus"))
    return broken(name, say("there is none: DBUS_SESSION_BUS_ADDRESS is not set"), say(DESKTOP_MEND))
