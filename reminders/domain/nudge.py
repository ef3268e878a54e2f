"""The message that leaves, with one or two asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NudgeKind(StrEnum):
    """What a nudge is for."""

    ASK = "ask"  # the first message about its occurrences
    RESEND = "resend"  # a snoozed occurrence put again
    FOLLOW_UP = "follow_up"  # put again because no answer came
    SERVICE = "service"  # about the service itself: no answer expected, counts nowhere


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """One occurrence inside a nudge: its text, and the catalogue's variant it came from.

    ``variant`` names text, food and routine, so that near repeats can be avoided; empty for a person's own text.
    ``amount_ml`` is the amount asked for, None without one.
    """

    occurrence_id: str
    habit: str
    text: str
    variant: str = ""
    amount_ml: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Nudge:
    """A message for one person, ready to go to ``send_to`` (all of them) and then ``fallback`` (in order).

    ``discreet_text`` is what a discreet channel shows under a neutral title. ``resend_unknown`` allows one repeat
    after an ambiguous delivery. ``expires_at`` is the earliest end of its asks.
    """

    id: str
    person: str
    kind: NudgeKind
    asks: tuple[Ask, ...]
    title: str
    text: str
    discreet_text: str
    created_at: datetime
    expires_at: datetime
    send_to: tuple[str, ...]
    fallback: tuple[str, ...] = ()
    resend_unknown: bool = False
