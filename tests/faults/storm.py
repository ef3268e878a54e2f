"""A daemon killed again and again at seeded moments, and the count of what became of every nudge."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from random import Random

from reminders.domain.delivery import Delivery, DeliveryState
from reminders.domain.occurrence import Occurrence, OccurrenceState
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from tests.end_to_end.home import Daemon
from tests.faults.inbox import Answer, until
from tests.faults.site import PERSON, Site, kill_whole

# Alex is asked by the plan, every minute and three times over; Sam by what is put into the journal.
PLANNED_HABITS = ("eyes", "look_out", "calcium_meal")
REPEATED_HABITS = ("eyes", "hydration")
MINUTES_PLANNED = 24
# The plan of the first start reaches back that far, so that slots are decided in a storm of any length.
ABSENCE = timedelta(minutes=3)
CONFIG = """\
timezone: UTC
people:
  alex:
    name: Alex
    awake: "00:00-24:00"
    limits: {{per_day: 40, gap: 0min, merge: 0min}}
    habits:
      eyes: {{at: {minutes}}}
      look_out: {{at: {minutes}, say: Look out of the window}}
      calcium_meal: {{at: {minutes}}}
  sam:
    name: Sam
    awake: "00:00-24:00"
    habits:
      hydration: {{at: ["{gone:%H:%M}"]}}
channels:
  phone: "{phone}"
  pager: "{pager}"
send_to: [phone]
"""
LONGEST_LIFE_SECONDS = 1.3
ARRIVAL_PATIENCE_SECONDS = 2.0
SETTLE_SECONDS = 120.0
BUSY_IN_A_HUNDRED = 4


@dataclass
class Tally:
    """What became of the nudges. ``unknown`` ones are on record as that; of ``doubled`` ones the second was marked."""

    kills: int = 0
    nudges: int = 0
    reached: int = 0
    unknown: int = 0
    unknown_and_not_reached: int = 0
    doubled_and_marked: int = 0
    missed: int = 0
    planned_slots: int = 0
    lost: list[str] = field(default_factory=list)
    doubled_silently: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.nudges} nudges ({self.planned_slots} slots of the plan): "
            f"{self.reached} reached, "
            f"{self.unknown} unknown ({self.unknown_and_not_reached} of them not reached), "
            f"{self.doubled_and_marked} sent again and marked so, {self.missed} missed on record, "
            f"{len(self.lost)} lost, {len(self.doubled_silently)} doubled silently"
        )


@dataclass
class Storm:
    """One storm at one site; the seed decides what is put and when it strikes."""

    site: Site
    random: Random
    tally: Tally = field(default_factory=Tally)
    decided_from: datetime = field(default_factory=lambda: datetime.now(UTC) - ABSENCE)

    def prepare(self) -> None:
        """Write the configuration, and let the inbox be slow now and then, and busy seldom."""
        first = self.decided_from.replace(second=0, microsecond=0)
        moments = [first + timedelta(minutes=minute) for minute in range(1, MINUTES_PLANNED + 1)]
        minutes = "[" + ", ".join(f'"{moment:%H:%M}"' for moment in sorted(moments, key=_time_of_day)) + "]"
        urls = {"phone": self.site.inbox.url("phone"), "pager": self.site.inbox.url("pager")}
        gone = self.decided_from - timedelta(hours=1)
        self.site.home.config.write_text(CONFIG.format(minutes=minutes, gone=gone, **urls))
        self.site.inbox.answer = self._answer
        absent = TurnRecord(person="alex", decided_at=self.decided_from, planned_until=self.decided_from)
        with contextlib.closing(SqliteJournal.open(self.site.journal_path)) as journal:
            journal.record(absent)

    def _answer(self, _: str) -> Answer:
        is_busy = self.random.randrange(100) < BUSY_IN_A_HUNDRED
        status = HTTPStatus.SERVICE_UNAVAILABLE if is_busy else HTTPStatus.OK
        return Answer(status=status, after_seconds=self.random.choice((0.0, 0.0, 0.05, 0.2)))

    def rage(self, kills: int) -> None:
        """Kill that many daemons, with new nudges in between."""
        for _ in range(kills):
            self._live_once()
            self.tally.kills += 1
            violations = self.site.violations()
            assert violations == (), (self.tally.kills, violations)

    def _live_once(self) -> None:
        if self.random.random() < 0.5:
            self._put()
        daemon = self.site.start()
        seen = len(self.site.inbox.arrivals)
        if self.random.random() < 0.5:
            time.sleep(self.random.uniform(0.2, 0.6))
            self._put()
        if self.random.random() < 0.5:
            self.site.inbox.wait_for_more_than(seen, ARRIVAL_PATIENCE_SECONDS)
            time.sleep(self.random.uniform(0.0, 0.15))
        else:
            time.sleep(self.random.uniform(0.0, LONGEST_LIFE_SECONDS))
        assert not daemon.has_ended(), daemon.complained
        if self.random.random() < 0.5:
            kill_whole(daemon)
        else:
            daemon.kill()

    def _put(self) -> None:
        habit = self.random.choice(("hydration", "calcium_meal"))
        self.site.put(habit, send_to=self.random.choice((("phone",), ("pager",), ("phone", "pager"))))

    def calm_down(self) -> None:
        """Let one last daemon bring everything to its end, then stop it."""
        daemon = self.site.start().armed()
        until(lambda: self._is_settled(daemon), "every delivery has ended", SETTLE_SECONDS)
        assert daemon.stop() == 0
        until(lambda: not self.site.senders(), "the last sender has ended", SETTLE_SECONDS)
        self._take_stock()

    def _is_settled(self, daemon: Daemon) -> bool:
        assert not daemon.has_ended(), daemon.complained
        with self.site.reading() as journal:
            return not journal.open_deliveries()

    def _take_stock(self) -> None:
        occurrences = self.site.occurrences()
        with self.site.reading() as journal:
            events = journal.last_events(1_000_000, kind="delivery.unknown")
            unknown = {event.delivery_id for event in events}
            for nudge in self.site.put_so_far:
                self._count(nudge.id, occurrences.get(nudge.id), journal.deliveries_of(nudge.id), unknown)
            for one in occurrences.values():
                if one.person != PERSON and one.nudge_id is not None:
                    self._count(one.nudge_id, one, journal.deliveries_of(one.nudge_id), unknown)
        self._count_slots(occurrences)

    def _count(
        self, nudge_id: str, occurrence: Occurrence | None, deliveries: Sequence[Delivery], unknown: set[int | None]
    ) -> None:
        """Nothing may be on record as accepted that did not arrive, and nothing may end without a word."""
        self.tally.nudges += 1
        arrived = [self._count_arrivals(one, is_unknown=one.id in unknown) for one in deliveries]
        has_arrived = any(arrived)
        was_unknown = any(one.id in unknown for one in deliveries)
        self.tally.reached += has_arrived
        self.tally.unknown += was_unknown
        self.tally.unknown_and_not_reached += was_unknown and not has_arrived
        if occurrence is None or occurrence.state is OccurrenceState.PLANNED:
            self.tally.lost.append(f"{nudge_id}: {occurrence} {deliveries}")
        elif occurrence.state is OccurrenceState.MISSED:
            self.tally.missed += 1
        elif not has_arrived and not was_unknown:
            self.tally.lost.append(f"{nudge_id}: {occurrence.state} although nothing arrived, {deliveries}")

    def _count_arrivals(self, delivery: Delivery, *, is_unknown: bool) -> bool:
        """Tell whether the nudge arrived on that channel; a second time must be the permitted repeat, and say so."""
        arrivals = self.site.inbox.of(delivery.nudge_id)
        taken = [one for one in arrivals if one.topic == delivery.channel and one.is_taken]
        marked = sum(one.is_marked_again for one in taken)
        is_permitted = is_unknown and delivery.resent and _may_be_repeated(delivery.nudge_id)
        if marked > 1 or len(taken) - marked > 1 or ((delivery.resent or marked) and not is_permitted):
            self.tally.doubled_silently.append(f"{taken} {delivery}")
        self.tally.doubled_and_marked += len(taken) > 1
        if delivery.state is DeliveryState.ACCEPTED and not taken:
            self.tally.lost.append(f"{delivery} never arrived")
        return bool(taken)

    def _count_slots(self, occurrences: dict[str, Occurrence]) -> None:
        """Every slot of the plan between the first start and the last stop must be on record."""
        with self.site.reading() as journal:
            until_when = journal.facts("alex", self.decided_from, self.decided_from).planned_until
        assert until_when is not None
        moment = self.decided_from.replace(second=0, microsecond=0) + timedelta(minutes=1)
        while moment <= until_when:
            for habit in PLANNED_HABITS:
                self.tally.planned_slots += 1
                if f"alex/{habit}/{moment:%Y-%m-%dT%H:%M}" not in occurrences:
                    self.tally.lost.append(f"slot {habit} {moment:%H:%M} is not on record")
            moment += timedelta(minutes=1)


def _may_be_repeated(nudge_id: str) -> bool:
    return nudge_id.split("/")[1] in REPEATED_HABITS


def _time_of_day(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def weather(site: Site, seed: int, kills: int) -> Tally:
    """Run a storm to its end and return the count."""
    storm = Storm(site, Random(seed))
    storm.prepare()
    storm.rage(kills)
    storm.calm_down()
    return storm.tally
