"""Holds: the channel honours what a notification service can do, and lives through its bus going away."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from dbus_fast.aio import MessageBus
from dbus_fast.constants import MessageType
from dbus_fast.message import Message as BusMessage

from reminders.channels.action_key import action_key, read_action_key
from reminders.channels.desktop_channel import DesktopChannel
from reminders.domain.answer import Verb
from reminders.domain.delivery import SendOutcome

pytestmark = pytest.mark.desktop

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


class Service:
    """A notification service that remembers calls and tells presses to everybody, as KDE's and mako do."""

    def __init__(self, *capabilities: Any, error: str | None = None) -> None:
        self.capabilities = list(capabilities)
        self.error = error
        self.shown = []
        self.closed = []
        self.asked = 0

    async def start(self, address: str) -> None:
        self.bus = await MessageBus(bus_address=address).connect()
        self.bus.add_message_handler(self.answer)
        await self.bus.request_name(NAME)

    def answer(self, call: Any) -> Any:
        if call.message_type is not MessageType.METHOD_CALL or call.interface != NAME:
            return None
        if call.member == "GetCapabilities":
            self.asked += 1
            return BusMessage.new_method_return(call, "as", [self.capabilities])
        if call.member == "CloseNotification":
            self.closed.append(call.body[0])
            return BusMessage.new_method_return(call)
        if self.error:
            return BusMessage.new_error(call, self.error, "no")
        self.shown.append(call.body)
        return BusMessage.new_method_return(call, "u", [len(self.shown)])

    async def emit(self, member: str, signature: str, body: Any) -> None:
        await self.bus.send(
            BusMessage(
                message_type=MessageType.SIGNAL,
                path=PATH,
                interface=NAME,
                member=member,
                signature=signature,
                body=body,
            )
        )

    async def stop(self) -> None:
        self.bus.disconnect()
        with suppress(EOFError):
            await self.bus.wait_for_disconnect()


@asynccontextmanager
async def running(service: Any, address: str) -> AsyncIterator[Any]:
    await service.start(address)
    try:
        yield service
    finally:
        await service.stop()


@asynccontextmanager
async def connected(presses: Any = None) -> AsyncIterator[Any]:
    heard = [] if presses is None else presses
    channel = DesktopChannel("desktop", lambda *press: heard.append(press))
    await channel.connect()
    try:
        yield channel
    finally:
        await channel.close()


def test_a_service_without_buttons_gets_the_text_without_buttons(session_bus: Any, a_message: Any) -> None:
    async def show() -> Any:
        async with running(Service("body"), session_bus.address) as service, connected() as channel:
            assert not channel.has_buttons
            await channel.send(a_message(text="3 < 5 & more"), 5)
            return service.shown

    ((name, replaces, _icon, title, text, actions, hints, expires),) = asyncio.run(show())
    assert (name, replaces, title, text, actions) == ("Reminders", 0, "A glass of water", "3 < 5 & more", [])
    assert {key: hint.value for key, hint in hints.items()} == {
        "urgency": 1,
        "transient": False,
        "category": "x-reminders.nudge",
    }
    assert expires == -1


def test_a_service_with_buttons_and_markup_gets_both(session_bus: Any, a_message: Any) -> None:
    async def show() -> Any:
        capabilities = ("body", "actions", "body-markup")
        async with running(Service(*capabilities), session_bus.address) as service, connected() as channel:
            assert channel.has_buttons
            await channel.send(a_message(text="3 < 5 & more", buttons=(Verb.DONE, Verb.SKIP)), 5)
            return service.shown

    (shown,) = asyncio.run(show())
    assert shown[4] == "3 &lt; 5 &amp; more"
    assert shown[5] == ["done:n7", "Done", "skip:n7", "Skip"]
    assert shown[7] == 0


def test_a_press_on_a_nudge_of_an_earlier_process_counts(session_bus: Any, soon: Any) -> None:
    presses = []

    async def press() -> None:
        async with running(Service("actions"), session_bus.address) as service, connected(presses):
            await service.emit("ActionInvoked", "us", [44, "snooze:n9"])
            await soon(lambda: presses, "the press is heard")

    asyncio.run(press())
    assert presses == [("n9", "snooze", "desktop")]


def test_signals_of_another_shape_or_from_another_program_are_ignored(session_bus: Any, soon: Any) -> None:
    presses = []

    async def press() -> None:
        stranger = Service()
        async with running(Service("actions"), session_bus.address) as service, connected(presses):
            stranger.bus = await MessageBus(bus_address=session_bus.address).connect()
            await stranger.emit("ActionInvoked", "us", [1, "done:forged"])
            for signature, body in (
                ("u", [1]),
                ("ss", ["1", "done:n7"]),
                ("us", [1, "delete:n7"]),
                ("us", [1, "done"]),
            ):
                await service.emit("ActionInvoked", signature, body)
            await service.emit("ActionInvoked", "us", [1, "done:last"])
            await soon(lambda: presses, "the press is heard")
            await stranger.stop()

    asyncio.run(press())
    assert presses == [("last", "done", "desktop")]


def test_an_error_of_the_listener_does_not_deafen_the_channel(session_bus: Any, soon: Any) -> None:
    heard, reported = [], []

    def listener(nudge_id: str, verb: Verb, via: str) -> None:
        heard.append(nudge_id)
        if nudge_id == "bad":
            raise RuntimeError(nudge_id)

    async def press() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))
        async with running(Service("actions"), session_bus.address) as service:
            channel = DesktopChannel("desktop", listener)
            await channel.connect()
            await service.emit("ActionInvoked", "us", [1, "done:bad"])
            await service.emit("ActionInvoked", "us", [1, "done:good"])
            await soon(lambda: "good" in heard, "the second press is heard")
            await channel.close()

    asyncio.run(press())
    assert [str(error) for error in reported] == ["bad"]


def test_a_closed_notification_is_neither_replaced_nor_closed_again(
    session_bus: Any, a_message: Any, soon: Any
) -> None:
    async def show() -> Any:
        async with running(Service("actions"), session_bus.address) as service, connected() as channel:
            first = await channel.send(a_message(), 5)
            await service.emit("NotificationClosed", "uu", [1, 2])
            await soon(lambda: channel._closed, "the channel has heard it")
            await channel.send(a_message(nudge_id="n8", replaces=first.external_id), 5)
            await channel.withdraw(first.external_id)
            return service

    service = asyncio.run(show())
    assert service.shown[1][1] == 0
    assert service.closed == []


def test_a_service_that_takes_over_is_asked_what_it_can_do(session_bus: Any, a_message: Any) -> None:
    async def show() -> Any:
        async with running(Service("actions"), session_bus.address) as first, connected() as channel:
            old = await channel.send(a_message(), 5)
            await first.stop()
            async with running(Service("body"), session_bus.address) as second:
                await channel.send(a_message(replaces=old.external_id), 5)
                await channel.send(a_message(), 5)
                return channel.has_buttons, second

    has_buttons, second = asyncio.run(show())
    assert not has_buttons
    assert second.asked == 1
    assert [shown[1] for shown in second.shown] == [0, 0]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("org.freedesktop.DBus.Error.NoReply", SendOutcome.UNKNOWN),
        ("org.freedesktop.Notifications.Error.ExcessNotificationGeneration", SendOutcome.FAILED),
    ],
)
def test_an_error_of_the_service_is_told(session_bus: Any, a_message: Any, error: str, outcome: SendOutcome) -> None:
    async def show() -> Any:
        async with running(Service("actions", error=error), session_bus.address), connected() as channel:
            return await channel.send(a_message(), 5)

    result = asyncio.run(show())
    assert result.outcome is outcome
    assert error in result.detail


def test_the_channel_comes_back_with_the_session_bus_and_hears_presses_before_any_send(
    session_bus: Any, a_message: Any, soon: Any
) -> None:
    presses = []

    async def live() -> Any:
        async with running(Service("actions"), session_bus.address), connected(presses) as channel:
            session_bus.stop()
            await soon(lambda: not channel._bus.connected, "the channel has lost its bus")
            gone = await channel.send(a_message(), 5)
            session_bus.start()
            async with running(Service("actions"), session_bus.address) as service:
                await soon(lambda: channel._bus.connected, "the channel is connected again")
                await service.emit("ActionInvoked", "us", [1, "done:n7"])
                await soon(lambda: presses, "the press is heard")
                return gone, await channel.send(a_message(), 5), service

    gone, back, service = asyncio.run(live())
    assert gone.outcome is SendOutcome.FAILED
    assert back.outcome is SendOutcome.ACCEPTED
    assert presses == [("n7", "done", "desktop")]
    assert len(service.shown) == 1


def test_a_bus_that_takes_the_connection_and_says_nothing_does_not_hang_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, a_message: Any
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "bus"))
        silent.listen()
        result = asyncio.run(DesktopChannel("desktop", print).send(a_message(), 0.3))
    assert (result.outcome, result.detail) == (SendOutcome.FAILED, "the notification service does not answer")


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("nudge_id", ["n7", "a:b:c", "ü"])
def test_an_action_key_is_read_back(verb: Verb, nudge_id: str) -> None:
    assert read_action_key(action_key(verb, nudge_id)) == (nudge_id, verb.value)


@pytest.mark.parametrize("key", ["", "done", "done:", ":n7", "default", "open:n7", "DONE:n7"])
def test_other_keys_are_not_ours(key: str) -> None:
    assert read_action_key(key) is None
