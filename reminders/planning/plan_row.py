"""One line of the plan, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRow:
    """One decision of the plan, put into words; instants in UTC, None where nothing would be sent."""

    due_at: datetime
    send_at: datetime | None
    person: str
    habit: str
    slot_key: str
    decision: str
    reason: str | None
    detail: str | None
    nudge: str | None
    title: str | None
    text: str | None
    send_to: tuple[str, ...]
