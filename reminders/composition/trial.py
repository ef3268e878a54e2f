"""A test message to each channel, sent the way nudges are."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from reminders.catalogue.phrases import say
from reminders.clock import SystemClock
from reminders.composition.configuration import Loaded
from reminders.composition.surroundings import now
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.delivery import Message, SendOutcome, SendResult

TEST_DEADLINE_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class TestSend:
    """How a test message to one channel went."""

    channel: str
    result: SendResult


def send_test(loaded: Loaded, names: Sequence[str]) -> list[TestSend]:
    """Send a test message to each named channel and return how it went."""
    import asyncio

    return asyncio.run(_send_test(loaded, names))


def why_no_desktop() -> str | None:
    """Return why no nudge can appear on this desktop; None = it can."""
    import asyncio
    from io import StringIO

    from reminders.channels.build import build_channels
    from reminders.daemon.child import run_child

    async def reason() -> str | None:
        spec = ChannelSpec(name="desktop", kind=ChannelKind.DESKTOP)
        built = await build_channels([spec], listener=lambda *_: None, run_child=run_child, out=StringIO())
        for channel in built.channels.values():
            await channel.close()
        return dict(built.failures).get(spec.name)

    return asyncio.run(reason())


async def _send_test(loaded: Loaded, names: Sequence[str]) -> list[TestSend]:
    from reminders.channels.build import build_channels
    from reminders.daemon.child import run_child

    specs = [spec for spec in loaded.household.channels if spec.name in names]
    built = await build_channels(
        specs, listener=lambda *_: None, run_child=run_child, out=sys.stdout, clock=SystemClock()
    )
    message = Message(
        nudge_id=f"test/{now():%Y-%m-%dT%H:%M:%S}",
        title=say("Reminders: a test"),
        text=say("This channel works. Nudges will arrive here."),
        expires_at=now() + timedelta(minutes=10),
    )
    sends = []
    for spec in specs:
        failure = dict(built.failures).get(spec.name)
        if failure is not None:
            result = SendResult(outcome=SendOutcome.REJECTED, detail=failure)
            if built.console_stands_in:
                # As the daemon does: the words are shown here, and the channel is still told as failing.
                await built.channels[spec.name].send(message, TEST_DEADLINE_SECONDS)
        else:
            result = await built.channels[spec.name].send(message, TEST_DEADLINE_SECONDS)
        sends.append(TestSend(channel=spec.name, result=result))
    for channel in built.channels.values():
        await channel.close()
    return sends
