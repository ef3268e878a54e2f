"""What may be written about summing up the week."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import Discriminator, Tag

from reminders.domain.person import Digest
from reminders.domain.schedule import MINUTES_PER_DAY, LocalRange
from reminders.settings.fields import BLOCK_TAG, OFF_TAG, Block, ClockTime, Off, Weekday, key, off_or_block

_SUNDAY, _EVENING = 6, time(18)


class DigestBlock(Block):
    """When the week is summed up."""

    day: Weekday = key("The day of the week.", default="sun", example="sun", unit="day of the week")
    at: ClockTime = key(
        "The time of day.", default="18:00, or when awake begins where 18:00 is asleep", example="18:00", unit="HH:MM"
    )


DigestKey = (
    Annotated[Annotated[Off, Tag(OFF_TAG)] | Annotated[DigestBlock, Tag(BLOCK_TAG)], Discriminator(off_or_block)] | None
)


def digest_of(blocks: list[DigestBlock | str | None], awake: LocalRange) -> Digest | None:
    """Return what the blocks mean, the later ones lying over the earlier; None = switched off."""
    written = [block for block in blocks if block is not None]
    if written and isinstance(written[-1], str):
        return None
    days = [block.day for block in written if isinstance(block, DigestBlock) and block.day is not None]
    times = [block.at for block in written if isinstance(block, DigestBlock) and block.at is not None]
    return Digest(weekday=days[-1] if days else _SUNDAY, at=times[-1] if times else _default_time(awake))


def _default_time(awake: LocalRange) -> time:
    if is_inside(_EVENING, awake):
        return _EVENING
    return time(awake.start_minute // 60, awake.start_minute % 60)


def is_inside(at: time, awake: LocalRange) -> bool:
    """Tell whether a wall time lies in the range, on the day it opens or on the next."""
    minute = at.hour * 60 + at.minute
    return any(awake.start_minute <= one < awake.end_minute for one in (minute, minute + MINUTES_PER_DAY))
