"""Holds: the desktop is built where there is one."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest

from reminders.channels.build import build_channels
from reminders.channels.desktop_channel import DesktopChannel
from reminders.daemon.child import run_child
from reminders.domain.channel import ChannelKind, ChannelSpec

pytestmark = pytest.mark.desktop


def test_the_desktop_is_built_where_there_is_one(desktop: Any) -> None:
    async def build() -> Any:
        specs = [ChannelSpec(name="desk", kind=ChannelKind.DESKTOP)]
        built = await build_channels(specs, listener=print, run_child=run_child, out=io.StringIO())
        await built.channels["desk"].close()
        return built

    built = asyncio.run(build())
    assert isinstance(built.channels["desk"], DesktopChannel)
    assert built.failures == ()
    assert not built.console_stands_in
