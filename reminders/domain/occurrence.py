"""One due moment of one habit for one person, and the words for how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OccurrenceState(StrEnum):
    """planned -> sent -> done | skipped | lapsed; planned -> suppressed | missed. Snooze returns it to planned."""

    PLANNED = "planned"
    SENT = "sent"
    DONE = "done"
    SKIPPED = "skipped"
    LAPSED = "lapsed"
    SUPPRESSED = "suppressed"
    MISSED = "missed"

    @property
    def is_terminal(self) -> bool:
        """True when nothing but a late answer or an undo can follow."""
        return self not in (OccurrenceState.PLANNED, OccurrenceState.SENT)


class Reason(StrEnum):
    """Why an occurrence was suppressed or missed, or why its sending moved."""

    QUIET = "quiet"
    OUTSIDE_HOURS = "outside_hours"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    AWAY = "away"
    BUSY = "busy"
    ALREADY_DONE = "already_done"
    ON_PACE = "on_pace"
    GAP = "gap"
    DAILY_LIMIT = "daily_limit"
    SUPERSEDED = "superseded"
    UNSAFE = "unsafe"
    OFF = "off"
    EXPIRED_DOWN = "expired_down"
    EXPIRED_OFFLINE = "expired_offline"
    NO_CHANNEL = "no_channel"
    DISK_FULL = "disk_full"


# A suppression is our choice; a miss is a failure of ours, or nobody would take the nudge.
MISSED_REASONS = frozenset({Reason.EXPIRED_DOWN, Reason.EXPIRED_OFFLINE, Reason.NO_CHANNEL, Reason.DISK_FULL})


def occurrence_id(person: str, habit: str, slot_key: str) -> str:
    """Name an occurrence; the same slot has the same name in every plan, before and after a restart."""
    return f"{person}/{habit}/{slot_key}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """A recorded occurrence.

    ``due_at`` is the slot's instant, or the later one after a snooze or deferral; ``first_due_at`` never changes.
    ``nudge_id`` is the latest nudge that carries it and ``nudged_at`` when that was decided; ``sent_at`` is when a
    channel first took it (an unknown outcome counts). All three are None before. Planned with a nudge = on its way,
    unless ``waiting``: planned, not on its way, snoozed or deferred until ``due_at``.
    ``answered_at`` is when the verdict came; None without one. ``answered_late`` marks a Done after it had ended.
    ``follow_ups`` counts how often it was put again because no answer came.
    ``amount_ml`` is what was asked for (hydration with a goal), None otherwise. ``detail`` explains the reason.
    """

    person: str
    habit: str
    slot_key: str
    first_due_at: datetime
    due_at: datetime
    expires_at: datetime
    state: OccurrenceState
    reason: Reason | None = None
    detail: str | None = None
    nudge_id: str | None = None
    nudged_at: datetime | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    answered_late: bool = False
    waiting: bool = False
    snoozes: int = 0
    follow_ups: int = 0
    amount_ml: int | None = None

    @property
    def id(self) -> str:
        """The occurrence's stable name."""
        return occurrence_id(self.person, self.habit, self.slot_key)
