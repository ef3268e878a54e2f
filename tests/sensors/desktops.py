"""Programs of a desktop that stand on a private bus: each tells what it is told to tell."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dbus_fast.aio import MessageBus
from dbus_fast.constants import MessageType
from dbus_fast.message import Message
from dbus_fast.signature import Variant


@dataclass
class StandIn:
    """One program: its names on the bus, what its methods return and what its properties hold.

    ``methods`` maps ``path interface.member`` to (signature, value); ``properties`` ``path interface`` to values with
    their signature. What is not there is refused, as every program refuses it. ``hangs`` = it answers nothing.
    """

    names: Sequence[str]
    methods: dict[str, tuple[str, Any]] = field(default_factory=dict)
    properties: dict[str, dict[str, tuple[str, Any]]] = field(default_factory=dict)
    hangs: bool = False
    calls: list[str] = field(default_factory=list)

    async def stand(self, address: str) -> MessageBus:
        """Take the names, and answer from now on."""
        bus = await MessageBus(bus_address=address).connect()
        bus.add_message_handler(self._answer)
        for name in self.names:
            await bus.request_name(name)
        return bus

    def _answer(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        what = f"{message.path} {message.interface}"
        self.calls.append(f"{what}.{message.member} {' '.join(map(str, message.body))}".rstrip())
        if self.hangs:
            return True
        if message.interface == "org.freedesktop.DBus.Properties":
            return self._property(message)
        found = self.methods.get(f"{what}.{message.member}")
        if found is None:
            return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "there is none")
        return Message.new_method_return(message, found[0], [found[1]])

    def _property(self, message: Message) -> Message:
        held = {
            name: Variant(signature, value)
            for name, (signature, value) in self.properties.get(f"{message.path} {message.body[0]}", {}).items()
        }
        if message.member == "GetAll" and held:
            return Message.new_method_return(message, "a{sv}", [held])
        if message.member == "Get" and message.body[1] in held:
            return Message.new_method_return(message, "v", [held[message.body[1]]])
        return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownProperty", "there is none")


def gnome(idle_ms: int, *, locked: bool) -> StandIn:
    return StandIn(
        names=("org.gnome.Mutter.IdleMonitor", "org.gnome.ScreenSaver", "org.freedesktop.Notifications"),
        methods={
            "/org/gnome/Mutter/IdleMonitor/Core org.gnome.Mutter.IdleMonitor.GetIdletime": ("t", idle_ms),
            "/org/gnome/ScreenSaver org.gnome.ScreenSaver.GetActive": ("b", locked),
        },
    )


def plasma(idle_ms: int | None, *, locked: bool, inhibited: bool) -> StandIn:
    saver = "/ScreenSaver org.freedesktop.ScreenSaver"
    idle = {} if idle_ms is None else {f"{saver}.GetSessionIdleTime": ("u", idle_ms)}
    return StandIn(
        names=("org.freedesktop.ScreenSaver", "org.kde.screensaver", "org.freedesktop.Notifications"),
        methods={f"{saver}.GetActive": ("b", locked), **idle},
        properties={
            "/org/freedesktop/Notifications org.freedesktop.Notifications": {"Inhibited": ("b", inhibited)},
        },
    )


def other_saver(idle_seconds: int, *, locked: bool) -> StandIn:
    saver = "/org/freedesktop/ScreenSaver org.freedesktop.ScreenSaver"
    return StandIn(
        names=("org.freedesktop.ScreenSaver",),
        methods={f"{saver}.GetActive": ("b", locked), f"{saver}.GetSessionIdleTime": ("u", idle_seconds)},
    )


def dunst(*, paused: bool) -> StandIn:
    return StandIn(
        names=("org.freedesktop.Notifications",),
        properties={"/org/freedesktop/Notifications org.dunstproject.cmd0": {"paused": ("b", paused)}},
    )


def logind(kind: str, *, idle_since_us: int | None, locked: bool) -> StandIn:
    session = {
        "Type": ("s", kind),
        "IdleHint": ("b", idle_since_us is not None),
        "IdleSinceHint": ("t", idle_since_us or 0),
        "LockedHint": ("b", locked),
    }
    return StandIn(
        names=("org.freedesktop.login1",),
        properties={"/org/freedesktop/login1/session/auto org.freedesktop.login1.Session": session},
    )


async def standing(address: str, *programs: StandIn) -> list[MessageBus]:
    """Let the programs stand on the bus; whoever calls disconnects them."""
    return list(await asyncio.gather(*(one.stand(address) for one in programs)))
