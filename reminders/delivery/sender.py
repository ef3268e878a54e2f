"""One call to a channel, with a deadline, whatever the channel does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from pathlib import Path

from reminders.catalogue.phrases import phrase
from reminders.domain.delivery import Message, SendOutcome, SendResult
from reminders.ports import Channel

ATTEMPT_SECONDS = 15.0
# The channel knows the deadline and classifies what it saw; this is for one that does not keep it.
GRACE_SECONDS = 1.0
WITHDRAW_SECONDS = 5.0
CLOSE_SECONDS = 0.5
_BROKE_OFF = phrase("the channel broke off with {error}")
SILENT = SendResult(outcome=SendOutcome.UNKNOWN, detail=phrase("the channel did not say how it ended"))
logger = logging.getLogger("reminders.delivery")


async def call_channel(name: str, call: Awaitable[SendResult | None], seconds: float) -> SendResult | None:
    """Await a call to the channel of that name and return what it says.

    A call that takes longer than ``seconds``, or raises, may have done its work: that is ``SendOutcome.UNKNOWN``.
    """
    try:
        async with asyncio.timeout(seconds):
            return await call
    except TimeoutError:
        return SendResult(outcome=SendOutcome.UNKNOWN, detail=phrase("the channel did not come back in time"))
    except Exception as error:  # noqa: BLE001  the one place: a channel's mistake must not end its lane
        # The text of a foreign exception may hold a URL with its secrets.
        fields = {"channel": name, "error": type(error).__name__, "at": _origin(error)}
        logger.error("channel.broken", extra={"fields": fields})  # noqa: TRY400
        return SendResult(outcome=SendOutcome.UNKNOWN, detail=_BROKE_OFF.format(error=type(error).__name__))


async def send_message(channel: Channel, message: Message) -> SendResult:
    """Make one attempt and return what the channel says of it."""
    call = channel.send(message, ATTEMPT_SECONDS)
    return await call_channel(channel.name, call, ATTEMPT_SECONDS + GRACE_SECONDS) or SILENT


async def withdraw_message(channel: Channel, external_id: str) -> None:
    """Ask a channel to take a message back; what it says is not waited for long."""
    await call_channel(channel.name, channel.withdraw(external_id), WITHDRAW_SECONDS)


async def close_channel(channel: Channel) -> None:
    """Ask a channel to let go of its connections; what it says is not waited for long."""
    await call_channel(channel.name, channel.close(), CLOSE_SECONDS)


def _origin(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "?"
