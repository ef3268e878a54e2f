"""Holds: the channel for macOS and Windows does its part, tried here on the library's Linux backend only."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from reminders.channels.desktop_notifier_channel import DesktopNotifierChannel
from reminders.channels.unbuildable import ChannelUnbuildable
from reminders.domain.delivery import SendOutcome

pytest.importorskip("desktop_notifier", reason="pip install desktop-notifier")
pytestmark = pytest.mark.desktop


def test_a_nudge_is_shown_pressed_replaced_and_withdrawn(desktop: Any, a_message: Any, soon: Any) -> None:
    presses = []

    async def use() -> None:
        channel = DesktopNotifierChannel("desktop", lambda *press: presses.append(press))
        await channel.connect()
        assert channel.has_buttons
        first = await channel.send(a_message(), 5)
        assert first.outcome is SendOutcome.ACCEPTED
        second = await channel.send(a_message(nudge_id="n8", replaces=first.external_id), 5)
        await soon(lambda: desktop.shown() == 1, "the first is gone")
        await asyncio.to_thread(desktop.press, "skip:n8")
        await soon(lambda: presses, "the press is heard")
        await channel.withdraw(second.external_id)
        third = await channel.send(a_message(), 5)
        await channel.withdraw(third.external_id)
        await soon(lambda: desktop.shown() == 0, "nothing is left")
        channel._notifier._backend.bus.disconnect()
        await channel._notifier._backend.bus.wait_for_disconnect()
        await channel.close()

    asyncio.run(use())
    assert presses == [("n8", "skip", "desktop")]


def test_a_desktop_that_cannot_be_reached_is_unbuildable(monkeypatch: pytest.MonkeyPatch, a_message: Any) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    channel = DesktopNotifierChannel("desktop", print)
    with pytest.raises(ChannelUnbuildable, match="notification centre cannot be reached"):
        asyncio.run(channel.connect())
    assert asyncio.run(channel.send(a_message(), 5)).outcome is SendOutcome.FAILED
