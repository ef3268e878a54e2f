"""What people are told when their record was damaged."""

from __future__ import annotations

from datetime import datetime, timedelta

from reminders.daemon.speech import words_for
from reminders.domain.household import Household
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.person import Person

LIFE = timedelta(hours=12)


def loss_notice(person: Person, is_restored: bool, household: Household, now: datetime) -> Nudge:  # noqa: FBT001
    """Return the service notice for one person, to go to every channel; no answer is expected."""
    words = words_for(person)
    text = words.loss.format_map({"begun": words.loss_restored if is_restored else words.loss_anew})
    return Nudge(
        id=f"{person.id}/notice/{now:%Y-%m-%dT%H:%M:%S}",
        person=person.id,
        kind=NudgeKind.SERVICE,
        asks=(),
        title=words.loss_title,
        text=text,
        discreet_text=text,
        created_at=now,
        expires_at=now + LIFE,
        send_to=tuple(channel.name for channel in household.channels),
    )
