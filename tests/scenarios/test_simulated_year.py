"""A year of the whole daemon: everything due is accounted for, nothing outside the rules, and it does not grow."""

from __future__ import annotations

import gc
import logging
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from reminders.domain.habit import FollowUp
from reminders.domain.household import Household
from reminders.domain.occurrence import OccurrenceState
from reminders.journal.sqlite_journal import SqliteJournal
from tests.scenarios.resident import Resident
from tests.scenarios.virtual_home import BERLIN, Home, live

MIB = 1024 * 1024
LONG = [
    pytest.mark.long,
    pytest.mark.timeout(1200),
]
MEMORY = Path("/dev/shm")
BEGIN = date(2025, 1, 1)
# The beat of the heart costs nearly all of a long run; once a minute is as much like once in 15 s as a test can afford.
BEAT = timedelta(minutes=1)


def forget_what_was_logged() -> None:
    """Empty what pytest keeps of the log, for the test and for its report: that grows, and is none of the daemon's."""
    for handler in logging.getLogger().handlers:
        records = getattr(handler, "records", None)
        if isinstance(records, list):
            records.clear()


@dataclass(eq=False)
class Growth:
    """Memory, objects that Python tracks, ours among them, and file descriptors of this process, sampled."""

    resident: list[int] = field(default_factory=list)
    objects: list[int] = field(default_factory=list)
    ours: list[int] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)

    def sample(self) -> None:
        forget_what_was_logged()
        gc.collect()
        process = psutil.Process(os.getpid())
        self.resident.append(process.memory_info().rss)
        objects = gc.get_objects()
        self.objects.append(len(objects))
        self.ours.append(sum(str(type(one).__module__).startswith("reminders") for one in objects))
        self.descriptors.append(process.num_fds())

    def check(self) -> None:
        """The first sample is taken once everything was used; from then on nothing may grow."""
        assert max(self.descriptors) - self.descriptors[0] <= 0
        assert self.objects[-1] - self.objects[0] < 2000
        assert self.ours[-1] - self.ours[0] < 500
        assert self.resident[-1] - self.resident[0] < 10 * MIB

    def __str__(self) -> str:
        ends = [(row[0], row[-1]) for row in (self.objects, self.descriptors)]
        (objects, objects_now), (descriptors, descriptors_now) = ends
        resident = f"resident {self.resident[0] / MIB:.1f} -> {self.resident[-1] / MIB:.1f} MiB"
        return f"{resident}, objects {objects} -> {objects_now}, descriptors {descriptors} -> {descriptors_now}"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: every commit waits for the disk."""
    if not MEMORY.is_dir():
        yield tmp_path
        return
    with TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


def followed_up(household: Household) -> Household:
    """Have every habit asked once more after a quarter of an hour without an answer."""
    again = FollowUp(after=timedelta(minutes=15))
    (alex,) = household.people
    habits = tuple(replace(habit, follow_up=again) for habit in alex.habits)
    return replace(household, people=(replace(alex, habits=habits),))


def run_for(days: int, samples: int, household: Household, folder: Path) -> tuple[Home, Resident, Growth]:
    """Live at home from New Year on, with a sample at every stretch of the time."""
    growth, residents = Growth(), []

    async def scenario(home: Home) -> None:
        commands = SqliteJournal.open(folder / "journal.db")
        resident = Resident(home=home, commands=commands)
        residents.append(resident)
        for _ in range(samples):
            await resident.live(days // samples)
            growth.sample()
        await home.until(23, 50)
        commands.close()

    start = datetime(BEGIN.year, BEGIN.month, BEGIN.day, tzinfo=BERLIN)
    home = live(folder, household, start, scenario, beat=BEAT)
    return home, residents[0], growth


def check_the_record(folder: Path, household: Household, resident: Resident, days: int) -> str:
    """Hold what is on record against what the file says is due; return the totals in words."""
    journal = SqliteJournal.open(folder / "journal.db", read_only=True)
    try:
        rows = journal.history(None, datetime(2024, 1, 1, tzinfo=BERLIN), datetime(2027, 1, 1, tzinfo=BERLIN))
        counts = journal.counts()
    finally:
        journal.close()
    dates = [BEGIN + timedelta(days=index) for index in range((rows[-1].due_at.astimezone(BERLIN).date() - BEGIN).days)]
    assert len(dates) >= days
    due = Counter(row.habit for row in rows if row.due_at.astimezone(BERLIN).date() <= dates[-1])
    trained = sum(day.weekday() in (1, 3) for day in dates)
    assert due["calcium_meal"] == due["potassium_meal"] == len(dates)
    assert due["warm_up"] == due["cool_down"] == trained
    # Seven a day, and less often for a while after two in a row that nobody heeded.
    assert 6.5 * len(dates) <= due["hydration"] <= 7 * len(dates)
    assert sum(len(row.follow_ups) for row in rows) > len(dates)
    assert due["movement"] >= 4 * sum(day.weekday() < 5 for day in dates)
    assert sum(counts.occurrences.values()) == len(rows)
    assert counts.occurrences.get(OccurrenceState.PLANNED, 0) == 0
    assert max(resident.per_day.values()) <= household.people[0].limits.per_day
    assert resident.outside == []
    states = ", ".join(f"{state} {number}" for state, number in sorted(counts.occurrences.items()))
    return (
        f"{len(dates)} days, {resident.slept} nights asleep, {len(rows)} occurrences: {states};"
        f" nudges {counts.nudges}, answers {counts.answers}, pauses {counts.pauses}, events {counts.events};"
        f" nudges a day {min(resident.per_day.values())}-{max(resident.per_day.values())}"
    )


@pytest.mark.parametrize(
    ("days", "samples"),
    [
        pytest.param(28, 2, id="month", marks=pytest.mark.timeout(300)),
        pytest.param(366, 6, id="year", marks=LONG),
    ],
)
def test_fault_53_time_goes_by_and_nothing_is_lost_or_grows(
    shipped: Household,
    folder: Path,
    days: int,
    samples: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    household = followed_up(shipped)
    _, resident, growth = run_for(days, samples, household, folder)
    totals = check_the_record(folder, household, resident, days)
    with capsys.disabled():
        print(f"\n{totals}\n{growth}")  # noqa: T201  the totals are what the run is for
    growth.check()
