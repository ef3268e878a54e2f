"""Named faults of clocks, zones, calendars and odd schedules: one test for each number."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.habit import Habit
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Person
from reminders.domain.schedule import At, Every, Times
from reminders.planning.agenda import agenda
from reminders.planning.due import due_now
from reminders.planning.recurrence import slots
from tests.planning.diary import Diary
from tests.planning.people import (
    BERLIN,
    NEW_YORK,
    TUESDAY,
    always_on,
    at,
    clock,
    cron,
    every,
    hours,
    limits,
    minutes,
    moment,
    nudges,
    person,
    quiet,
    span,
    story,
    within,
)

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)
ALWAYS = within("00:00-24:00")


def sends(habit: Habit, day: date, zone: ZoneInfo) -> list[str]:
    """Return the local times, with offset, at which a habit is sent on a date."""
    found = nudges(agenda(always_on(habit), zone, day)).values()
    return [instant.astimezone(zone).isoformat(timespec="minutes") for instant in sorted(found)]


def live(diary: Diary, start: datetime, end: datetime, step: timedelta = timedelta(minutes=1)) -> int:
    """Take a turn each step and return how many there were."""
    turns, now = 0, start
    while now < end:
        diary.turn(now)
        now += step
        turns += 1
    return turns


def test_fault_01_fixed_time_in_the_spring_gap_fires_once_at_the_first_real_instant() -> None:
    assert sends(at("pill", "02:30"), SPRING, BERLIN) == ["2026-03-29T03:00+02:00"]


def test_fault_01_a_second_time_that_meets_it_there_supersedes_it() -> None:
    decisions = agenda(always_on(at("pill", "02:30", "03:00")), BERLIN, SPRING)
    assert [type(decision.verdict) for decision in decisions] == [Suppress, Send]
    assert decisions[0].verdict.reason is Reason.SUPERSEDED


def test_fault_02_fixed_time_in_the_autumn_overlap_fires_once_the_first_time() -> None:
    assert sends(at("pill", "02:30"), AUTUMN, BERLIN) == ["2026-10-25T02:30+02:00"]
    diary = Diary(always_on(at("pill", "02:30")), BERLIN)
    live(diary, moment("00:00", AUTUMN), moment("06:00", AUTUMN))
    assert len(diary.sent) == 1


def test_fault_03_midnight_on_the_day_after_spring_forward_is_there() -> None:
    day_after = SPRING + timedelta(days=1)
    assert sends(at("pill", "00:00"), day_after, BERLIN) == ["2026-03-30T00:00+02:00"]
    assert sends(cron("pill", "0 0 * * *"), day_after, BERLIN) == ["2026-03-30T00:00+02:00"]


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-24T01:00+03:00"),
        ("Asia/Beirut", date(2026, 3, 29), "2026-03-29T01:00+03:00"),
        ("America/Santiago", date(2026, 9, 6), "2026-09-06T01:00-03:00"),
        ("America/Havana", date(2026, 3, 8), "2026-03-08T01:00-04:00"),
    ],
)
@pytest.mark.parametrize("when", ["00:00", "00:30"])
def test_fault_04_a_time_in_a_gap_at_midnight_fires_once_that_day_after_the_gap(
    zone: str, day: date, expected: str, when: str
) -> None:
    assert sends(at("pill", when), day, ZoneInfo(zone)) == [expected]
    assert len(sends(at("pill", when), day - timedelta(days=1), ZoneInfo(zone))) == 1


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Australia/Lord_Howe", date(2026, 4, 4)),
        ("Australia/Lord_Howe", date(2026, 10, 3)),
        ("Antarctica/Troll", date(2026, 3, 28)),
        ("Antarctica/Troll", date(2026, 10, 24)),
    ],
)
@pytest.mark.parametrize("when", ["01:30", "02:00", "02:15", "02:45", "03:30"])
def test_fault_05_half_hour_and_two_hour_shifts_leave_one_nudge_a_day(zone: str, first: date, when: str) -> None:
    for offset in range(4):
        day = first + timedelta(days=offset)
        (sent,) = sends(at("pill", when), day, ZoneInfo(zone))
        assert sent[:10] == day.isoformat()


@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_fault_06_every_45_minutes_is_45_minutes_across_both_changes(night: date) -> None:
    habit = every("sip", minutes(45), within=ALWAYS)
    who = always_on(habit)
    days = [night + timedelta(days=offset) for offset in (-1, 0, 1)]
    moments = sorted(at_ for day in days for at_ in nudges(agenda(who, BERLIN, day)).values())
    assert {later - earlier for earlier, later in pairwise(moments)} == {minutes(45)}
    inside = every("sip", minutes(45), within=within("00:00-06:00"))
    gaps = pairwise(slot.due for slot in slots(inside, person(inside), BERLIN, night))
    assert {later - earlier for earlier, later in gaps} == {45 * 60}


@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_fault_07_a_daily_interval_stays_at_its_wall_time(night: date) -> None:
    habit = every("walk", hours(2), within=within("15:00-18:00"))
    for offset in range(-2, 3):
        assert sends(habit, night + timedelta(days=offset), BERLIN)[0][11:16] == "17:00"
    noon = at("pill", "12:00")
    assert [sends(noon, night + timedelta(days=offset), BERLIN)[0][11:16] for offset in range(-2, 3)] == ["12:00"] * 5


def test_fault_08_in_the_overlap_hour_each_slot_fires_at_most_once_and_nothing_spins() -> None:
    who = always_on(
        at("pill", "02:00", "02:30"), every("sip", minutes(20), within=ALWAYS), cron("look", "*/15 * * * *")
    )
    diary = Diary(who, BERLIN)
    now, end = moment("01:00", AUTUMN), moment("04:00", AUTUMN)
    live(diary, now, end, timedelta(seconds=30))
    asks = Counter(name for _, names in diary.sent.values() for name in names)
    assert set(asks.values()) == {1}
    assert sum("/sip/" in name for name in asks) == 4 * 3  # the hour comes twice, in elapsed time
    assert sum("/look/" in name for name in asks) == 3 * 4  # and the wall clock's quarters once
    waits = []
    told = Diary(who, BERLIN)
    now = moment("01:00", AUTUMN)
    while now < end:
        next_at = told.turn(now).next_at
        waits.append(next_at - now)
        now = next_at
    assert min(waits) >= minutes(5)


def test_fault_09_a_zone_change_at_noon_sends_nothing_twice_and_replans_what_is_to_come() -> None:
    traveller = person(at("pill", "08:00", "11:00", "20:00"), every("sip", hours(2)))
    diary = Diary(traveller, BERLIN, planned_until=moment("00:00"))
    live(diary, moment("00:00"), moment("12:00"))
    diary.zone = NEW_YORK
    live(diary, moment("12:00"), moment("12:00") + hours(17))
    names = [name for _, asks in diary.sent.values() for name in asks]
    assert len(names) == len(set(names))
    assert [name for name in names if "pill" in name] == [f"me/pill/2026-11-24T{hour}:00" for hour in ("08", 11, 20)]
    sips = sorted(at_ for at_, asks in diary.sent.values() if any("/sip/" in name for name in asks))
    assert all(later - earlier >= hours(1) for earlier, later in pairwise(sips))
    assert diary.sent["me/pill/2026-11-24T20:00"][0].astimezone(NEW_YORK).hour == 20


def test_fault_10_across_the_date_line_the_same_date_twice_repeats_no_slot() -> None:
    auckland, honolulu = ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")
    diary = Diary(person(at("pill", "09:00", "19:00"), every("sip", hours(3))), auckland)
    start = moment("06:00", TUESDAY, auckland)
    live(diary, start, start + hours(16), minutes(5))
    diary.zone = honolulu  # 23 hours behind: the date begins again
    live(diary, start + hours(16), start + hours(48), minutes(5))
    names = [name for _, asks in diary.sent.values() for name in asks]
    assert len(names) == len(set(names))
    assert {name for name in names if "pill" in name} >= {"me/pill/2026-11-24T09:00", "me/pill/2026-11-24T19:00"}


def test_fault_11_with_a_new_offset_after_a_restart_the_future_moves_and_the_past_stays() -> None:
    # One zone name, two editions of its rules: UTC-3 all year before, UTC-4 from then on.
    old, new = ZoneInfo("America/Argentina/Buenos_Aires"), ZoneInfo("America/La_Paz")
    diary = Diary(person(at("pill", "08:00", "20:00")), old)
    live(diary, moment("07:00", zone=old), moment("12:00", zone=old))
    before = dict(diary.sent)
    diary.zone = new
    live(diary, moment("12:00", zone=old), moment("22:00", zone=old))
    assert before.items() <= diary.sent.items()
    assert diary.sent["me/pill/2026-11-24T20:00"][0] == moment("20:00", zone=new)
    assert len(diary.sent) == 2


@pytest.mark.parametrize("interval", [timedelta(0), timedelta(minutes=-30), timedelta(seconds=1)])
def test_fault_44_an_interval_of_nothing_is_refused(interval: timedelta) -> None:
    with pytest.raises(ValueError, match="under a minute"):
        Every(interval=interval)


@pytest.mark.parametrize("anchor_window", [ALWAYS, within("22:00-02:00"), within("09:00-17:00")])
@pytest.mark.parametrize("interval", [minutes(1), timedelta(seconds=61), timedelta(seconds=10**9)])
def test_fault_44_the_shortest_and_the_longest_interval_come_to_an_end(
    interval: timedelta, anchor_window: object
) -> None:
    who = always_on(every("sip", interval, within=anchor_window), limits=limits())
    decisions = agenda(who, BERLIN, TUESDAY)
    assert len({decision.slot_key for decision in decisions}) == len(decisions) <= 1440
    assert len(nudges(decisions)) <= 12


def test_fault_44_an_expiry_longer_than_the_interval_ends_at_the_next_slot() -> None:
    who = person(every("sip", hours(2), expire_after=hours(100)))
    assert {decision.expires_at - decision.due_at for decision in agenda(who, BERLIN, TUESDAY)[:-1]} == {hours(2)}


def test_fault_44_a_whole_day_of_quiet_or_quiet_over_midnight_is_defined() -> None:
    pills = at("pill", "01:00", "12:00", "23:30")
    assert story(quiet(always_on(pills), "00:00-24:00")) == [
        "01:00 pill: quiet",
        "12:00 pill: quiet",
        "23:30 pill: quiet",
    ]
    assert story(quiet(always_on(pills), "23:00-06:00")) == [
        "01:00 pill: quiet",
        "12:00 pill -> 12:00",
        "23:30 pill: quiet",
    ]


def test_fault_44_no_times_and_an_empty_window_are_refused() -> None:
    with pytest.raises(ValueError, match="no schedule"):
        Times(count=0)
    with pytest.raises(ValueError, match="not within one day"):
        within("09:00-09:00").ranges[0].__class__(start_minute=540, end_minute=540)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 9 29 2 *", ["2024-02-29", "2028-02-29"]),
        ("0 9 31 * *", ["2027-01-31", "2027-03-31", "2027-05-31", "2027-07-31"]),
    ],
)
def test_fault_64_leap_days_and_31sts_come_when_the_calendar_has_them(expression: str, expected: list[str]) -> None:
    first = date.fromisoformat(expected[0])
    habit = cron("pill", expression)
    who = always_on(habit)
    found: list[str] = []
    day = first
    while len(found) < len(expected):
        found += [slot.key[:10] for slot in slots(habit, who, BERLIN, day)]
        day += timedelta(days=1)
        assert day < first + timedelta(days=1500)
    assert found == expected


def test_fault_64_a_leap_day_can_be_the_first_and_the_last_date() -> None:
    leap = date(2028, 2, 29)
    habit = at("pill", "09:00", first_date=leap, last_date=leap)
    days = [leap + timedelta(days=offset) for offset in (-1, 0, 1)]
    assert [len(slots(habit, person(habit), BERLIN, day)) for day in days] == [0, 1, 0]


def test_fault_64_week_53_has_seven_days_and_the_year_turns_without_a_hole() -> None:
    new_year = date(2026, 12, 28)
    assert new_year.isocalendar().week == 53
    habit = at("pill", "09:00")
    keys = [slot.key for n in range(8) for slot in slots(habit, person(habit), BERLIN, new_year + timedelta(days=n))]
    assert keys == [f"{new_year + timedelta(days=n)}T09:00" for n in range(8)]


def test_fault_65_ten_thousand_habits_at_nine_stay_within_the_limits() -> None:
    habits = tuple(Habit(id=f"h{n}", schedule=At(times=(clock("09:00"),)), built_in=False) for n in range(10_000))
    crowd = person(*habits)
    decisions = agenda(crowd, BERLIN, TUESDAY)
    assert len(decisions) == 10_000
    assert len(nudges(decisions)) == 1
    unmerged = person(*habits, limits=limits(merge=0))
    assert len(nudges(agenda(unmerged, BERLIN, TUESDAY))) == 12
    late = Diary(unmerged, BERLIN, planned_until=moment("08:00"))
    late.turn(moment("10:00"))
    assert len(late.sent) == 2


def test_fault_65_ten_thousand_intervals_stay_within_the_limits() -> None:
    habits = tuple(Habit(id=f"h{n}", schedule=Every(interval=hours(2)), built_in=False) for n in range(10_000))
    decisions = agenda(person(*habits, awake=span("07:00-10:00")), BERLIN, TUESDAY)
    assert len(nudges(decisions)) == 1
    assert len(decisions) == 10_000


def suppressed(decisions: tuple[Decision, ...]) -> list[tuple[str, Reason]]:
    return [(d.slot_key, d.verdict.reason) for d in decisions if isinstance(d.verdict, Suppress)]


@pytest.mark.parametrize(
    ("who", "done_at", "slot"),
    [
        (person(every("pill", hours(2))), "10:30", "11:00"),
        (person(at("pill", "11:00")), "08:00", "11:00"),
        (person(cron("pill", "0 11 * * *")), "10:59", "11:00"),
    ],
)
def test_fault_66_done_before_the_slot_suppresses_it_as_already_done(who: Person, done_at: str, slot: str) -> None:
    diary = Diary(who, BERLIN, planned_until=moment(done_at))
    diary.done("pill", moment(done_at))
    live(diary, moment(done_at), moment(slot))
    decisions = due_now(who, BERLIN, diary.facts(), moment(slot)).decisions
    assert suppressed(decisions) == [(f"2026-11-24T{slot}", Reason.ALREADY_DONE)]
    diary.turn(moment(slot))
    assert diary.occurrences[f"me/pill/2026-11-24T{slot}"].state is OccurrenceState.SUPPRESSED
    assert diary.sent == {}
