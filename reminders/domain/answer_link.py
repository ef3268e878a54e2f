"""The way from a message back to the answer: a secret that stands for one nudge."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFE_AFTER_EXPIRY = timedelta(hours=12)  # of the nudge; a late answer still counts as late that long


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerLink:
    """What a message may carry so that it can be answered from anywhere.

    ``token`` stands for one nudge and is kept nowhere but in the message. ``url`` is the page that takes the answer,
    with the token in it; None = the page cannot be reached from outside this machine. ``local_url`` is the same page
    as this machine reaches it; None = there is no page.
    """

    token: str = field(repr=False)
    url: str | None = field(default=None, repr=False)
    local_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkTarget:
    """What a token on record stands for; it is dead from ``expires_at`` on."""

    nudge_id: str
    expires_at: datetime
