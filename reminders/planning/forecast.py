"""What would be sent, what would not, and why: the decisions of the days ahead, taken as the daemon takes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.domain.decision import Decision, Send
from reminders.domain.facts import Facts
from reminders.domain.person import Person
from reminders.planning.agenda import Agenda
from reminders.planning.due import decided_until
from reminders.planning.wall_time import as_seconds, local_date

_ONE_DAY = timedelta(days=1)


def forecast(
    person: Person, zone: ZoneInfo, start: datetime, days: int, facts: Facts, now: datetime | None = None
) -> Iterator[Decision]:
    """Yield the decisions due or sent from ``start`` on, for ``days`` local dates including that of ``start``.

    ``now`` is the real moment: slots up to ``facts.planned_until`` that are not on record are left out, what was to be
    sent before now counts as unanswered, all later nudges as answered Done at once. With nothing ever planned, a start
    before now shows what those hours would have been. None = every slot counts and every nudge is answered.
    """
    first = local_date(zone, as_seconds(start))
    assumed_from, since = _bounds(start, facts, now)
    planning = Agenda(person, zone, facts, assumed_from, since)
    for index in range(days):
        for decision in planning.decisions(first + index * _ONE_DAY):
            if decision.due_at >= start or (isinstance(decision.verdict, Send) and decision.verdict.at >= start):
                yield decision


def _bounds(start: datetime, facts: Facts, now: datetime | None) -> tuple[int | None, int | None]:
    if now is None:
        return None, None
    if facts.planned_until is None and start < now:
        return as_seconds(start), None
    return as_seconds(now), decided_until(facts, now)


def next_send(person: Person, zone: ZoneInfo, facts: Facts, now: datetime) -> Decision | None:
    """Return the decision that sends first after ``now``, within eight days; None when nothing is in sight."""
    planning = Agenda(person, zone, facts, as_seconds(now), decided_until(facts, now))
    first = local_date(zone, as_seconds(now))
    for index in range(9):
        sends = [
            (decision.verdict.at, decision)
            for decision in planning.decisions(first + index * _ONE_DAY)
            if isinstance(decision.verdict, Send) and decision.verdict.at > now
        ]
        if sends:
            return min(sends, key=lambda pair: pair[0])[1]
    return None
