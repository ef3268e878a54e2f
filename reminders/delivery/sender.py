"""One call to a channel, with a deadline, whatever the channel does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from pathlib import Path

from reminders.domain.delivery import SendOutcome, SendResult

ATTEMPT_SECONDS = 15.0
# The channel knows the deadline and classifies what it saw; this is for one that does not keep it.
GRACE_SECONDS = 1.0
WITHDRAW_SECONDS = 5.0
logger = logging.getLogger("reminders.delivery")


async def call_channel(name: str, call: Awaitable[SendResult | None], seconds: float) -> SendResult | None:
    """Await a call to the channel of that name and return what it says.

    A call that takes longer than ``seconds``, or raises, may have done its work: that is ``SendOutcome.UNKNOWN``.
    """
    try:
        async with asyncio.timeout(seconds):
            return await call
    except TimeoutError:
        return SendResult(outcome=SendOutcome.UNKNOWN, detail="the channel did not come back in time")
    except Exception as error:  # noqa: BLE001  the one place: a channel's mistake must not end its lane
        # The text of a foreign exception may hold a URL with its secrets.
        fields = {"channel": name, "error": type(error).__name__, "at": _origin(error)}
        logger.error("channel.broken", extra={"fields": fields})  # noqa: TRY400
        return SendResult(outcome=SendOutcome.UNKNOWN, detail=f"the channel broke off with {type(error).__name__}")


def _origin(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "?"
