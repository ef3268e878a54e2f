"""Faults of the clocks, on a whole daemon whose clocks are in our hands: suspend, stall, steps, a clock not set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from reminders.daemon.heartbeat import BEAT
from reminders.domain.habit import Habit
from reminders.domain.household import Household
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Limits
from reminders.domain.schedule import Anchor, At, Every, LocalRange, Within, WithinKind
from reminders.journal.read_models import HistoryRow
from tests.scenarios.virtual_home import BERLIN, Home, live

TUESDAY = datetime(2025, 3, 4, 6, 0, tzinfo=BERLIN)
HOUR = timedelta(hours=1)
LATEST = timedelta(seconds=1)
ALL_DAY = Within(kind=WithinKind.RANGES, ranges=(LocalRange(start_minute=480, end_minute=1200),))
ENDED = {OccurrenceState.MISSED, OccurrenceState.SUPPRESSED, OccurrenceState.LAPSED, OccurrenceState.DONE}


def due_between(rows: Sequence[HistoryRow], since: datetime, until: datetime) -> list[HistoryRow]:
    return [row for row in rows if since < row.due_at <= until]


def only(household: Household, *habits: Habit) -> Household:
    """Leave one person with these habits, and no limits that would hide what is tested."""
    limits = Limits(per_day=100, gap=timedelta(0), merge=timedelta(0))
    person = replace(household.people[0], habits=habits, training=(), limits=limits)
    return replace(household, people=(person,))


def own(name: str, schedule: Every | At) -> Habit:
    """Make a habit of the person's own."""
    return Habit(id=name, schedule=schedule, built_in=False, say=f"Now: {name}", send_to=("desktop",), within=ALL_DAY)


@pytest.mark.parametrize("how", ["suspend", "stall"])
def test_fault_13_eight_hours_away_are_two_nudges_and_the_rest_on_record(
    shipped: Household, tmp_path: Path, how: str
) -> None:
    async def day(home: Home) -> None:
        await home.until(8, 10)
        home.service.heard(home.nudges()[-1].id, "done", "desktop")
        left = home.clock.now()
        getattr(home.clock, how)(8 * HOUR)
        back = home.clock.now()
        await home.passes(minutes=5)
        came = home.nudges()[1:]
        assert 1 <= len(came) <= 2
        assert home.phone.times[1] - back <= BEAT + LATEST
        gap = due_between(home.history(), left, back)
        kept = [row for row in gap if row.state is OccurrenceState.SENT]
        lost = [row for row in gap if row.reason is Reason.EXPIRED_DOWN and row.state is OccurrenceState.MISSED]
        older = [row for row in gap if row.reason is Reason.SUPERSEDED]
        assert len(kept) + len(lost) + len(older) == len(gap) >= 8
        assert {row.habit for row in kept} >= {ask.habit for nudge in came for ask in nudge.asks} - {"movement"}
        assert came[-1].text.splitlines()[-1].startswith(f"({len(gap) - len(kept)} earlier nudges were missed")
        assert [nudge.text.count("missed while") for nudge in came[:-1]] == [0] * (len(came) - 1)
        kind, field = {"suspend": ("clock.suspended", "seconds"), "stall": ("clock.stalled", "late_seconds")}[how]
        (event,) = home.events(kind)
        assert abs(event.data[field] - 8 * 3600) <= BEAT.total_seconds()

    live(tmp_path, shipped, TUESDAY, day)


def test_fault_14_half_a_minute_asleep_over_a_due_time_is_at_most_one_beat_late(
    shipped: Household, tmp_path: Path
) -> None:
    async def morning(home: Home) -> None:
        await home.until(7, 44)
        await home.passes(seconds=45)
        home.clock.suspend(timedelta(seconds=30))
        back = home.clock.now()
        await home.passes(minutes=1)
        assert [at - back <= BEAT + LATEST for at in home.phone.times] == [True]
        (nudge,) = home.nudges()
        assert "missed" not in nudge.text

    live(tmp_path, shipped, TUESDAY, morning)


def test_fault_15_two_minutes_stopped_are_late_and_said_so(shipped: Household, tmp_path: Path) -> None:
    async def morning(home: Home) -> None:
        await home.until(7, 44)
        home.clock.stall(timedelta(minutes=2))
        back = home.clock.now()
        await home.passes(minutes=1)
        assert [at - back <= LATEST for at in home.phone.times] == [True]
        (event,) = home.events("clock.stalled")
        assert 105 <= event.data["late_seconds"] <= 120

    live(tmp_path, shipped, TUESDAY, morning)


def test_fault_16_clock_set_an_hour_on_is_seen_within_a_beat(shipped: Household, tmp_path: Path) -> None:
    async def morning(home: Home) -> None:
        await home.until(8, 30)
        home.clock.step(HOUR)
        stepped = home.clock.now()
        await home.passes(minutes=1)
        assert [at - stepped <= BEAT + LATEST for at in home.phone.times[1:]] == [True]
        assert home.history("hydration")[0].state is OccurrenceState.SENT
        (event,) = home.events("clock.stepped")
        assert event.data["seconds"] == pytest.approx(3600, abs=1)

    live(tmp_path, shipped, TUESDAY, morning)


@pytest.mark.parametrize("step_hours", [4, 50])
def test_fault_16_clock_set_right_by_hours_sends_nothing_of_what_it_jumped_over(
    shipped: Household, tmp_path: Path, step_hours: int
) -> None:
    """Nobody lived that time: unlike after a sleep of that length, nothing is caught up with."""

    async def day(home: Home) -> None:
        await home.until(8, 30)
        before, left = len(home.phone.arrived), home.clock.now()
        home.clock.step(step_hours * HOUR)
        back = home.clock.now()
        await home.passes(minutes=20)
        assert home.phone.arrived[before:] == []
        jumped = due_between(home.history(), left, back)
        assert len(jumped) >= 5
        lost = [row for row in jumped if row.reason is not Reason.OUTSIDE_HOURS]
        assert {(row.state, row.reason) for row in lost} == {(OccurrenceState.MISSED, Reason.EXPIRED_DOWN)}
        assert {row.detail for row in lost} == {"the clock was set forward over it"}
        await home.passes(hours=2)
        (first, *_) = home.phone.arrived[before:]
        assert "missed" not in first[1].text

    live(tmp_path, shipped, TUESDAY, day)


def test_fault_16_a_turn_before_the_beat_that_sees_a_correction_takes_it_for_no_absence(
    shipped: Household, tmp_path: Path
) -> None:
    async def day(home: Home) -> None:
        await home.until(8, 30)
        before = len(home.phone.arrived)
        home.clock.step(4 * HOUR)
        home.service.look_soon()
        await home.passes(seconds=1)
        assert home.phone.arrived[before:] == []
        assert len(home.events("clock.set_forward")) == 1

    live(tmp_path, shipped, TUESDAY, day)


@pytest.mark.parametrize("anchor", list(Anchor))
@pytest.mark.parametrize("interval", [timedelta(minutes=20), timedelta(minutes=45), 2 * HOUR])
@pytest.mark.parametrize("answers", [True, False])
def test_fault_17_clock_set_an_hour_back_delays_no_interval_and_repeats_nothing(
    shipped: Household,
    tmp_path: Path,
    anchor: Anchor,
    interval: timedelta,
    answers: bool,  # noqa: FBT001
) -> None:
    """The stretch that the wall clock passes twice is lived once: intervals are true elapsed time."""
    habit = own("stretch", Every(interval=interval, anchor=anchor))
    moments: list[float] = []

    async def day(home: Home) -> None:
        def arrive(message: object) -> None:
            moments.append(home.clock.monotonic())
            if answers:
                home.service.heard(home.nudges()[-1].id, "done", "desktop")

        home.phone.heard = arrive
        await home.until(12, 30)
        home.clock.step(-HOUR)
        await home.until(15, 55)
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        # Two unanswered in a row, and the habit goes slower until somebody answers.
        later = interval if answers else interval * 1.5
        assert len(gaps) == 1 + (timedelta(hours=8, minutes=55) - 2 * interval) // later
        wanted = [interval, *[later] * (len(gaps) - 1)]
        assert gaps == pytest.approx([one.total_seconds() for one in wanted], abs=BEAT.total_seconds() + 61)
        assert len(home.phone.arrived) == len({message.nudge_id for _, message in home.phone.arrived})

    live(tmp_path, only(shipped, habit), TUESDAY, day)


def test_fault_17_a_fixed_time_is_not_repeated_when_the_clock_shows_it_again(
    shipped: Household, tmp_path: Path
) -> None:
    times = (time(11, 45), time(12, 15), time(12, 45))

    async def day(home: Home) -> None:
        await home.until(12, 30)
        home.clock.step(-HOUR)
        await home.until(13)
        assert home.arrivals() == ["11:45 Pill", "12:15 Pill", "12:45 Pill"]

    live(tmp_path, only(shipped, own("pill", At(times=times))), TUESDAY, day)


def test_fault_17_a_snooze_lasts_as_long_as_was_said(shipped: Household, tmp_path: Path) -> None:
    pill = own("pill", At(times=(time(12, 15),)))

    async def day(home: Home) -> None:
        await home.until(12, 25)
        home.service.heard(home.nudges()[0].id, "snooze", "desktop")
        await home.passes(minutes=5)
        home.clock.step(-HOUR)
        await home.passes(minutes=11)
        assert home.arrivals()[1:] == ["11:40 Pill"]

    live(tmp_path, only(shipped, pill), TUESDAY, day)


@pytest.mark.parametrize("year", [1970, 2099])
def test_fault_18_nothing_is_sent_before_the_clock_is_set(shipped: Household, tmp_path: Path, year: int) -> None:
    wrong = datetime(year, 3, 4, 8, 30, tzinfo=BERLIN)

    async def day(home: Home) -> None:
        await home.passes(hours=25)
        assert home.phone.arrived == []
        assert home.history() == ()
        assert "the clock is not set" in str(home.reports[-1]["degraded"])
        home.clock.step(datetime(2025, 3, 4, 8, 59, 50, tzinfo=BERLIN) - home.clock.now())
        await home.passes(minutes=1)
        assert home.arrivals() == ["09:00 Water"]
        assert home.reports[-1]["degraded"] is None
        await home.until(4)

    live(tmp_path, shipped, wrong.astimezone(UTC), day)
    assert [path.name for path in tmp_path.glob("**/*2025-03-05*")] != []
    assert [path.name for path in tmp_path.glob(f"**/*{year}*")] == []


def test_fault_18_a_clock_not_set_while_running_holds_what_is_queued(shipped: Household, tmp_path: Path) -> None:
    async def day(home: Home) -> None:
        await home.until(8, 59)
        right = home.clock.now()
        home.clock.step(datetime(1970, 1, 1, tzinfo=UTC) - right)
        await home.passes(minutes=30)
        assert len(home.phone.arrived) == 1
        home.clock.step(right + timedelta(minutes=30) - home.clock.now())
        await home.passes(minutes=1)
        assert home.arrivals()[1:] == ["09:29 Water"]
        await home.until(12)
        assert [line[:5] for line in home.arrivals()[2:]] == ["10:00", "11:00"]

    live(tmp_path, shipped, TUESDAY, day)


def test_fault_18_what_was_planned_in_a_future_that_never_came_is_dropped(shipped: Household, tmp_path: Path) -> None:
    """A clock a week ahead looks sane; once it is set right, the day goes on by the new clock."""

    async def day(home: Home) -> None:
        await home.until(9, 10)
        home.service.heard(home.nudges()[-1].id, "snooze", "desktop")
        home.clock.step(timedelta(days=-7, minutes=-30))
        await home.until(22)
        assert [line[:5] for line in home.arrivals()[2:]][:4] == ["09:00", "10:00", "11:00", "12:15"]
        assert len(home.phone.arrived) >= 10

    live(tmp_path, shipped, TUESDAY, day)


def test_fault_19_five_seconds_blocked_are_late_and_not_lost(shipped: Household, tmp_path: Path) -> None:
    async def morning(home: Home) -> None:
        await home.until(7, 44, 59)
        home.clock.stall(timedelta(seconds=20.5))
        back = home.clock.now()
        await home.passes(minutes=1)
        assert [at - back <= LATEST for at in home.phone.times] == [True]
        (event,) = home.events("clock.stalled")
        assert event.data["late_seconds"] >= 5

    live(tmp_path, shipped, TUESDAY, morning)
