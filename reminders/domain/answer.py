"""What a person said: Done, Skipped or Snoozed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

UNDO_WINDOW = timedelta(minutes=10)
SNOOZES_AT_MOST = 3


class Verb(StrEnum):
    """The three buttons, and the names of their actions."""

    DONE = "done"
    SNOOZE = "snooze"
    SKIP = "skip"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer on record.

    ``occurrence_id`` None = said of the habit as a whole, with nothing due. ``amount_ml`` is what was drunk, for
    hydration; None elsewhere. ``until`` is set for a snooze. ``via`` names the door: "command", "desktop", ...
    """

    id: int
    person: str
    habit: str
    verb: Verb
    at: datetime
    via: str
    occurrence_id: str | None = None
    amount_ml: int | None = None
    until: datetime | None = None


class AnswerOutcome(StrEnum):
    """What became of an answer given."""

    COUNTED = "counted"  # it ended (or snoozed) an open occurrence
    CREDITED = "credited"  # nothing was open: it counts for the habit and its next slot
    LATE = "late"  # the occurrence had lapsed or was missed; recorded as late
    ALREADY = "already"  # another verdict came first and stands
    NOT_SENT = "not_sent"  # the occurrence was never put to the person
    REFUSED = "refused"  # a snooze too many, or past the ask's end
    UNKNOWN = "unknown"  # no such occurrence or nudge


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerReceipt:
    """What to tell the person who answered: the outcome, and the verdict that stands.

    ``standing`` is the verb in force for the occurrence; None = none. ``detail`` is a sentence fragment for people.
    """

    outcome: AnswerOutcome
    person: str
    habit: str | None
    standing: Verb | None = None
    until: datetime | None = None
    amount_ml: int | None = None
    detail: str = ""
