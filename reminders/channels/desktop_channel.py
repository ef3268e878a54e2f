"""The Linux desktop's notification service, spoken to directly over D-Bus, with buttons.

One connection lives in the daemon's event loop. It follows the service through restarts, and the session bus through
its own: a watch reconnects it. A press is told by its action key alone, so it counts after a restart of the daemon too.
GNOME's service reports presses to the connection that sent the message only; there, buttons of an earlier process are
shown but not heard.
"""

from __future__ import annotations

import asyncio
import html
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reminders.catalogue.phrases import phrase
from reminders.channels.action_key import VIA_DESKTOP, action_key, read_action_key
from reminders.channels.message_text import clean_title, text_at_the_desk
from reminders.channels.unbuildable import ChannelUnbuildable
from reminders.domain.delivery import Message, SendOutcome, SendResult
from reminders.ports import AnswerListener

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus
    from dbus_fast.message import Message as BusMessage

APP_NAME = "Reminders"
CATEGORY = "x-reminders.nudge"
SERVICE = "org.freedesktop.Notifications"
SERVICE_PATH = "/org/freedesktop/Notifications"
BUS_SERVICE = "org.freedesktop.DBus"
BUS_PATH = "/org/freedesktop/DBus"

CALL_SECONDS = 5.0
RECONNECT_FIRST_SECONDS = 1.0
RECONNECT_AT_MOST_SECONDS = 60.0
URGENCY_NORMAL = 1
# With buttons a nudge stays until it is answered or withdrawn; without, the service's own habit decides.
STAY_MILLISECONDS = 0
SERVICE_DECIDES_MILLISECONDS = -1

# The service was never reached, or said no: nothing is on the screen.
AMBIGUOUS_ERRORS = frozenset({"org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Timeout"})
ABSENT_ERRORS = (
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.Spawn.",  # the bus tried to start one
)
NO_SERVICE = phrase("no notification service answers on the desktop session bus")
_UNREACHABLE = phrase("the desktop session bus cannot be reached: {reason}")
_ANSWERED = phrase("the notification service answered {name}")


class _CallError(Exception):
    """A call on the bus did not succeed; ``may_have_acted`` tells whether the service can have acted on it."""

    def __init__(self, reason: str, *, may_have_acted: bool) -> None:
        super().__init__(reason)
        self.may_have_acted = may_have_acted


class DesktopChannel:
    """Notifications of one Linux desktop session, answered by their buttons.

    An external id is the notification's number with the mark of the service that gave it (``17@5f3c01aa:1.23``):
    numbers start again with every session, and another program's notification must never be closed or replaced.
    """

    def __init__(self, name: str, listener: AnswerListener) -> None:
        """Report presses to ``listener``, called in the event loop. Nothing is connected before ``connect``."""
        self._name = name
        self._listener = listener
        self._bus: MessageBus | None = None
        self._capabilities: frozenset[str] = frozenset()
        self._is_service_known = False
        self._service_mark = ""
        self._closed: set[int] = set()
        self._watch: asyncio.Task[None] | None = None
        self._connecting = asyncio.Lock()

    @property
    def name(self) -> str:
        """The channel's name in the file."""
        return self._name

    @property
    def has_buttons(self) -> bool:
        """True when the notification service last seen shows buttons."""
        return "actions" in self._capabilities

    @property
    def hears_presses(self) -> bool:
        """True when the notification service last seen shows buttons: it reports to the connection that sent them."""
        return self.has_buttons

    async def connect(self) -> None:
        """Reach the notification service; raises ChannelUnbuildable, with the reason, when there is none."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self._ready()
        except _CallError as error:
            await self.close()
            raise ChannelUnbuildable(str(error)) from None
        except TimeoutError:
            await self.close()
            raise ChannelUnbuildable(phrase("the desktop session bus does not answer")) from None
        self._watch = asyncio.create_task(self._keep_connected(), name=f"desktop channel {self._name}")

    async def send(self, message: Message, deadline_seconds: float) -> SendResult:
        """Show the message; unknown when the service took it and did not confirm it in time."""
        has_left = False
        try:
            async with asyncio.timeout(deadline_seconds):
                bus = await self._ready()
                has_left = True
                (number,) = await self._call_service(bus, "Notify", "susssasa{sv}i", self._notify(message))
        except _CallError as error:
            outcome = SendOutcome.UNKNOWN if has_left and error.may_have_acted else SendOutcome.FAILED
            return SendResult(outcome=outcome, detail=str(error))
        except TimeoutError:
            outcome = SendOutcome.UNKNOWN if has_left else SendOutcome.FAILED
            return SendResult(outcome=outcome, detail=phrase("the notification service does not answer"))
        self._closed.discard(number)
        return SendResult(outcome=SendOutcome.ACCEPTED, external_id=f"{number}@{self._service_mark}")

    async def withdraw(self, external_id: str) -> None:
        """Close the notification; nothing happens when it is closed already or the service is another one now."""
        with suppress(_CallError, TimeoutError):
            async with asyncio.timeout(CALL_SECONDS):
                bus = await self._ready()
                number = self._number_here(external_id)
                if number:
                    await self._call_service(bus, "CloseNotification", "u", [number])

    async def close(self) -> None:
        """Leave the bus; notifications on the screen stay, and so do their buttons."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
        bus, self._bus = self._bus, None
        if bus is not None:
            bus.disconnect()
            await _ended(bus)

    async def _ready(self) -> MessageBus:
        """Return a live connection to a service that is known; raises _CallError when there is no such thing."""
        bus = await self._connected_bus()
        if not self._is_service_known:
            await self._meet_service(bus)
        return bus

    async def _connected_bus(self) -> MessageBus:
        async with self._connecting:
            if self._bus is None or not self._bus.connected:
                self._is_service_known = False
                self._bus = await self._new_bus()
            return self._bus

    async def _new_bus(self) -> MessageBus:
        from dbus_fast.aio import MessageBus  # noqa: PLC0415 - 0.1 s, and only where a desktop channel is used
        from dbus_fast.errors import AuthError, InvalidAddressError  # noqa: PLC0415

        try:
            bus = await MessageBus(bus_address=session_bus_address(os.environ)).connect()
        except InvalidAddressError:
            raise _CallError(
                phrase("the desktop session bus cannot be reached: its address is not valid"), may_have_acted=False
            ) from None
        except (OSError, EOFError, AuthError) as error:
            reason = getattr(error, "strerror", None) or phrase("it turned the connection down")
            raise _CallError(_UNREACHABLE.format(reason=reason.lower()), may_have_acted=False) from error
        bus.add_message_handler(self._hear)
        for rule in (
            f"type='signal',sender='{SERVICE}',interface='{SERVICE}',path='{SERVICE_PATH}'",
            f"type='signal',sender='{BUS_SERVICE}',member='NameOwnerChanged',arg0='{SERVICE}'",
        ):
            await self._call(bus, BUS_SERVICE, BUS_PATH, "AddMatch", "s", [rule])
        return bus

    async def _meet_service(self, bus: MessageBus) -> None:
        """Learn what the service can do and who it is, starting it through the bus where that is possible."""
        (capabilities,) = await self._call_service(bus, "GetCapabilities", "", [])
        (owner,) = await self._call(bus, BUS_SERVICE, BUS_PATH, "GetNameOwner", "s", [SERVICE])
        (bus_id,) = await self._call(bus, BUS_SERVICE, BUS_PATH, "GetId", "", [])
        mark = f"{bus_id[:8]}{owner}"
        if mark != self._service_mark:
            self._service_mark = mark
            self._closed.clear()
        self._capabilities = frozenset(capabilities)
        self._is_service_known = True

    def _notify(self, message: Message) -> list[Any]:
        from dbus_fast.signature import Variant  # noqa: PLC0415 - as above

        buttons = message.buttons if self.has_buttons else ()
        text = text_at_the_desk(message, has_buttons=bool(buttons))
        return [
            APP_NAME,
            self._number_here(message.replaces) if message.replaces else 0,
            "",
            clean_title(message.title),
            html.escape(text, quote=False) if "body-markup" in self._capabilities else text,
            [part for verb in buttons for part in (action_key(verb, message.nudge_id), message.label(verb))],
            {
                "urgency": Variant("y", URGENCY_NORMAL),
                "transient": Variant("b", False),
                "category": Variant("s", CATEGORY),
            },
            STAY_MILLISECONDS if buttons else SERVICE_DECIDES_MILLISECONDS,
        ]

    def _number_here(self, external_id: str) -> int:
        """Return the notification's number when this very service gave it and it is open; 0 otherwise."""
        number, _, mark = external_id.partition("@")
        if mark != self._service_mark or not number.isdecimal() or int(number) in self._closed:
            return 0
        return int(number)

    async def _call_service(self, bus: MessageBus, member: str, signature: str, body: list[Any]) -> list[Any]:
        return await self._call(bus, SERVICE, SERVICE_PATH, member, signature, body)

    async def _call(
        self, bus: MessageBus, destination: str, path: str, member: str, signature: str, body: list[Any]
    ) -> list[Any]:
        """Call a method and return what it returns; raises _CallError for an error reply or a lost connection."""
        from dbus_fast.constants import MessageType  # noqa: PLC0415 - as above
        from dbus_fast.message import Message as BusMessage  # noqa: PLC0415

        call = BusMessage(
            destination=destination, path=path, interface=destination, member=member, signature=signature, body=body
        )
        try:
            reply = await bus.call(call)
        except (OSError, EOFError) as error:
            raise _CallError(phrase("the desktop session bus went away"), may_have_acted=True) from error
        if reply is None or reply.message_type is MessageType.ERROR:
            name = str(reply.error_name) if reply is not None else ""
            reason = NO_SERVICE if name.startswith(ABSENT_ERRORS) else _ANSWERED.format(name=name)
            raise _CallError(reason, may_have_acted=name in AMBIGUOUS_ERRORS)
        return list(reply.body)

    def _hear(self, message: BusMessage) -> None:
        """Take a signal from the bus."""
        if message.interface == SERVICE and message.member == "ActionInvoked" and message.signature == "us":
            press = read_action_key(message.body[1])
            if press is not None:
                # Later, in the loop itself: an error of the listener is the loop's to report, not the connection's.
                asyncio.get_running_loop().call_soon(self._listener, *press, VIA_DESKTOP)
                self._put_away(message.body[0])
        elif message.interface == SERVICE and message.member == "NotificationClosed" and message.signature == "uu":
            self._closed.add(message.body[0])
        elif message.interface == BUS_SERVICE and message.member == "NameOwnerChanged" and message.body[0] == SERVICE:
            self._is_service_known = False

    def _put_away(self, number: int) -> None:
        """Close an answered notification without waiting for it; some services leave it on the screen."""
        from dbus_fast.constants import MessageFlag  # noqa: PLC0415 - as above
        from dbus_fast.message import Message as BusMessage  # noqa: PLC0415

        if self._bus is None or not self._bus.connected:
            return
        call = BusMessage(
            destination=SERVICE,
            path=SERVICE_PATH,
            interface=SERVICE,
            member="CloseNotification",
            signature="u",
            body=[number],
            flags=MessageFlag.NO_REPLY_EXPECTED | MessageFlag.NO_AUTOSTART,
        )
        self._bus.send(call).add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _keep_connected(self) -> None:
        """Make a new connection whenever one ends, so that presses stay heard; the service is met at the next send."""
        wait = RECONNECT_FIRST_SECONDS
        while True:
            try:
                async with asyncio.timeout(CALL_SECONDS):
                    bus = await self._connected_bus()
            except (_CallError, TimeoutError):
                await asyncio.sleep(wait)
                wait = min(wait * 2, RECONNECT_AT_MOST_SECONDS)
            else:
                wait = RECONNECT_FIRST_SECONDS
                await _ended(bus)


async def _ended(bus: MessageBus) -> None:
    """Wait until the connection has ended, for whatever reason."""
    waiter = asyncio.ensure_future(bus.wait_for_disconnect())  # type: ignore[no-untyped-call]
    waiter.add_done_callback(lambda done: done.cancelled() or done.exception())
    # Unlike an await, this leaves the connection's own future alone when the one who waits is cancelled.
    await asyncio.wait([waiter])


def session_bus_address(environment: os._Environ[str]) -> str:
    """Return the address of the desktop session's bus; raises _CallError when there is none."""
    address = environment.get("DBUS_SESSION_BUS_ADDRESS")
    runtime_folder = environment.get("XDG_RUNTIME_DIR")
    if address:
        return address
    if runtime_folder and (Path(runtime_folder) / "bus").is_socket():
        return f"unix:path={runtime_folder}/bus"
    raise _CallError(phrase("no desktop session bus: DBUS_SESSION_BUS_ADDRESS is not set"), may_have_acted=False)
