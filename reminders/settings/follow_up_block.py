"""What may be written about asking again when no answer came."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Discriminator, Tag

from reminders.domain.habit import FollowUp
from reminders.settings.fields import (
    BLOCK_TAG,
    HOUR,
    MINUTE,
    OFF_TAG,
    Block,
    Off,
    Words,
    duration,
    key,
    off_or_block,
    whole_number,
)

_AFTER = 10 * MINUTE


class FollowUpBlock(Block):
    """Ask again when no answer came."""

    after: Annotated[timedelta | None, *duration(1 * MINUTE, 12 * HOUR)] = key(
        "How long to wait for an answer.", default="10min", example="10min", unit="duration, 1min to 12h"
    )
    to: Words = key("The channels to ask again on.", default="where the first one went", example=["desktop"])
    times: Annotated[int | None, *whole_number(1, 5)] = key(
        "How often to ask again.", default="1", example=1, unit="times, 1 to 5"
    )

    def laid_over(self, below: object) -> FollowUpBlock:
        """Return what holds when this stands over another block; what is no block leaves nothing behind."""
        if not isinstance(below, FollowUpBlock):
            return self
        return below.model_copy(update=self.model_dump(exclude_none=True))

    def to_domain(self) -> FollowUp:
        """Return what the block means."""
        return FollowUp(after=self.after or _AFTER, to=self.to or (), times=self.times or 1)


FollowUps = (
    Annotated[Annotated[Off, Tag(OFF_TAG)] | Annotated[FollowUpBlock, Tag(BLOCK_TAG)], Discriminator(off_or_block)]
    | None
)
