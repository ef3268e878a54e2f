"""One bus, and calls on it that start no service: who is not there is not woken for a question."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

BUS_NAME = "org.freedesktop.DBus"
BUS_PATH = "/org/freedesktop/DBus"
PROPERTIES = "org.freedesktop.DBus.Properties"


class BusLine:
    """A connection to the bus at an address, made when it is needed, and anew after it ended."""

    def __init__(self, address: str) -> None:
        """Keep the address; nothing is connected."""
        self._address = address
        self._bus: MessageBus | None = None

    async def call(
        self, destination: str, path: str, interface: str, member: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> list[Any] | None:
        """Return what a method returns; None = it refused, or there is no such thing.

        Raises OSError or EOFError when the bus is not there, ValueError when it turns us away.
        """
        from dbus_fast.constants import MessageFlag, MessageType  # noqa: PLC0415  0.1 s, and only where one is asked
        from dbus_fast.message import Message  # noqa: PLC0415

        bus = await self._connected()
        reply = await bus.call(
            Message(
                destination=destination, path=path, interface=interface, member=member, signature=signature,
                body=list(body), flags=MessageFlag.NO_AUTOSTART,
            )
        )  # fmt: skip
        if reply is None or reply.message_type is MessageType.ERROR:
            return None
        return list(reply.body)

    async def properties(self, destination: str, path: str, interface: str) -> dict[str, Any]:
        """Return an object's properties; empty = there is no such thing. Raises as ``call``."""
        found = await self.call(destination, path, PROPERTIES, "GetAll", "s", (interface,))
        return {} if not found else {name: variant.value for name, variant in found[0].items()}

    async def names(self) -> frozenset[str]:
        """Return who is on the bus. Raises as ``call``."""
        found = await self.call(BUS_NAME, BUS_PATH, BUS_NAME, "ListNames")
        return frozenset(name for name in found[0] if not name.startswith(":")) if found else frozenset()

    def close(self) -> None:
        """Leave the bus."""
        bus, self._bus = self._bus, None
        if bus is not None:
            bus.disconnect()

    async def _connected(self) -> MessageBus:
        from dbus_fast.aio import MessageBus  # noqa: PLC0415  as above
        from dbus_fast.errors import AuthError, InvalidAddressError  # noqa: PLC0415

        if self._bus is None or not self._bus.connected:
            try:
                self._bus = await MessageBus(bus_address=self._address).connect()
            except (AuthError, InvalidAddressError) as error:
                raise ValueError(f"the bus cannot be used: {type(error).__name__}") from None
            ended = asyncio.ensure_future(self._bus.wait_for_disconnect())  # type: ignore[no-untyped-call]
            # How it ended is told by the next call; nobody else has to hear of it.
            ended.add_done_callback(lambda done: done.cancelled() or done.exception())
        return self._bus
