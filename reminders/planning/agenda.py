"""One person's day: every slot of every habit, with the decision about it.

The order of work: fixed times take their places and merge; then the date is walked through in order of time, interval
slots join what is near or keep the gap, and each chain grows from where its last ask went.
Pure: the same facts give the same agenda, before and after a restart.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from reminders.domain.decision import Decision, Defer, Send, Suppress, Verdict
from reminders.domain.facts import Facts
from reminders.domain.occurrence import Reason
from reminders.domain.person import Person
from reminders.planning.candidate import Candidate
from reminders.planning.day import Day
from reminders.planning.fixed_times import place_fixed
from reminders.planning.unheeded import Unheeded
from reminders.planning.walk import Walk
from reminders.planning.wall_time import as_instant, local_date

_ONE_DAY = timedelta(days=1)
_NOTHING = Facts()


class Agenda:
    """The planning of one person's dates from one set of facts."""

    def __init__(self, person: Person, zone: ZoneInfo, facts: Facts, now: int | None, since: int | None) -> None:
        """Take what is the same for every date; see ``agenda`` for the two instants."""
        self.person, self.zone, self.facts, self.now, self.since = person, zone, facts, now, since
        self._unheeded = Unheeded(facts)
        self._lived_until: date | None = None

    def decisions(self, date_: date) -> list[Decision]:
        """Return a decision for each slot of the date that is not on record, by due time."""
        self._live_until(date_)
        _, candidates = self._walked(date_, evenings=1)
        candidates.sort(key=lambda candidate: (candidate.due, candidate.rank))
        return [self._decision(candidate) for candidate in candidates]

    def _live_until(self, date_: date) -> None:
        """Walk through the dates before, while a habit that nobody heeds may find there the answer that is assumed."""
        while (since := self._unheeded.still_since(self.person.habits)) is not None:
            begin = local_date(self.zone, since if self.now is None else self.now)
            self._lived_until = begin if self._lived_until is None else self._lived_until
            if self._lived_until >= date_:
                return
            self._walked(self._lived_until, evenings=1)
            self._lived_until += _ONE_DAY

    def _walked(self, date_: date, evenings: int) -> tuple[Day, list[Candidate]]:
        """Walk through a date; for somebody awake over midnight, after the evening before and with an eye on the next.

        ``evenings`` is how many dates before are walked through first.
        """
        day = self._day(date_)
        if evenings and day.around.lasts_over(day.span.opens):
            day.record.follow(self._walked(date_ - _ONE_DAY, evenings - 1)[0].record)
        later: list[int] = []
        if day.around.lasts_over(day.span.closes):
            later = [group.at for group in place_fixed(self._day(date_ + _ONE_DAY))[0]]
        fixed, candidates = place_fixed(day)
        return day, candidates + Walk(day, fixed, later, self._unheeded).run()

    def _day(self, date_: date) -> Day:
        return Day(self.person, self.zone, date_, self.facts, self.now, self.since)

    def _decision(self, candidate: Candidate) -> Decision:
        due, expires = as_instant(candidate.due), as_instant(candidate.expires)
        return Decision(self.person.id, candidate.habit.id, candidate.key, due, expires, _verdict(candidate, due))


def _verdict(candidate: Candidate, due: datetime) -> Verdict:
    if candidate.held is not None:
        return Defer(as_instant(candidate.expires), candidate.held)
    if candidate.send_at is None or candidate.nudge is None:
        settled_at = None if candidate.settled_at is None else as_instant(candidate.settled_at)
        return Suppress(candidate.reason or Reason.GAP, candidate.detail, settled_at)
    at = due if candidate.send_at == candidate.due else as_instant(candidate.send_at)
    return Send(at, candidate.nudge, candidate.reason, candidate.amount_ml)


def agenda(
    person: Person,
    zone: ZoneInfo,
    day: date,
    facts: Facts | None = None,
    now: int | None = None,
    since: int | None = None,
) -> list[Decision]:
    """Return the decisions about one local date, by due time; slots already on record are left out.

    ``now`` (seconds since the epoch): every ask sent from then on is taken as answered Done at once, what was to be
    sent before it as unanswered. None = everything is answered. A slot due up to ``since`` that is not on record never
    was, and is left out too; None = all count.
    """
    return Agenda(person, zone, facts or _NOTHING, now, since).decisions(day)
