"""Sends the week's summing up: reads the record only when it is due, and remembers what was dealt with."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from reminders.daemon.mishap import spared
from reminders.daemon.speech import content_for
from reminders.domain.facts import Facts
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.person import Person
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.digest import WeekDigest, look

if TYPE_CHECKING:
    from reminders.planning.adherence import Summary

A_BREATH = timedelta(minutes=10)
logger = logging.getLogger("reminders.daemon")


class WeekDigests:
    """Sums up the week for each person, at most once."""

    def __init__(self, journal: SqliteJournal) -> None:
        """Keep the journal; nothing is read before a digest is due."""
        self._journal = journal
        self._settled: dict[str, str] = {}
        self._held: dict[str, datetime] = {}

    def look(self, person: Person, zone: ZoneInfo, facts: Facts, now: datetime, *, is_asking: bool) -> datetime | None:
        """Queue the person's digest if it is due, and return when to look again; None = never.

        ``is_asking`` = a nudge leaves at this very moment: the digest lets it go first, for ten minutes. Raises
        JournalUnavailable.
        """
        found = look(person, zone, facts.pauses, now, self._settled.get(person.id), facts.calendar)
        if found.ready is None:
            return found.next_at
        if is_asking:
            self._held.setdefault(found.ready.id, now + A_BREATH)
        held_until = self._held.get(found.ready.id, now)
        if now < held_until <= now + A_BREATH:  # beyond that, the clock was set back
            return held_until
        self._sum_up(person, zone, found.ready, now)
        self._settled[person.id] = found.ready.id
        self._held.pop(found.ready.id, None)
        return found.next_at

    def _sum_up(self, person: Person, zone: ZoneInfo, digest: WeekDigest, now: datetime) -> None:
        if self._is_on_record(digest.id):
            return
        nudge = self._nudge(person, zone, digest, now)
        if nudge is not None:
            self._journal.record_notice(nudge)
            logger.info("digest.decided", extra={"fields": {"person": person.id, "nudge": nudge.id}})

    def _is_on_record(self, nudge_id: str) -> bool:
        try:
            self._journal.nudge(nudge_id)
        except KeyError:
            return False
        return True

    def _nudge(self, person: Person, zone: ZoneInfo, digest: WeekDigest, now: datetime) -> Nudge | None:
        """Return the message; None when nothing was put to the person, or it cannot be put into words."""
        summary = self._summary(person, zone, digest)
        if not summary.together.settled:
            return None
        # Read here: a daemon that has no week to sum up holds neither the counting nor the catalogue.
        from reminders.planning.digest_words import compose_digest  # noqa: PLC0415

        words = spared("digest", lambda: compose_digest(person, summary, content_for(person)), None)
        if words is None:
            return None
        send_to, fallback = _usual_channels(person)
        return Nudge(
            id=digest.id,
            person=person.id,
            kind=NudgeKind.SERVICE,
            asks=(),
            title=words.title,
            text=words.text,
            discreet_text=words.discreet_text,
            created_at=now,
            expires_at=digest.expires_at,
            send_to=send_to,
            fallback=fallback,
        )

    def _summary(self, person: Person, zone: ZoneInfo, digest: WeekDigest) -> Summary:
        """Sum up the week; what is not safe for the person any more is not spoken of."""
        from reminders.planning.adherence import summarize  # noqa: PLC0415

        unsafe = {habit.id for habit in person.habits if habit.unsafe is not None}
        rows = self._journal.history(person.id, digest.since, digest.due_at)
        return summarize(person, zone, [row for row in rows if row.habit not in unsafe], ())


def _usual_channels(person: Person) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return where most of the person's habits go; a channel of one habit alone may be one that others see."""
    return Counter((habit.send_to, habit.fallback) for habit in person.habits).most_common(1)[0][0]
