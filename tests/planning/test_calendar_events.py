"""Holds: nudges wait for the end of an event; trainings of calendars are asked around once, wherever they are moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders.domain.calendar import CalendarEvent
from reminders.domain.facts import Facts
from reminders.domain.occurrence import Reason
from reminders.domain.person import Digest, Person
from reminders.planning.agenda import agenda
from reminders.planning.digest import look
from reminders.planning.due import due_now
from reminders.planning.moved_training import ids_around
from reminders.planning.recurrence import sessions
from tests.planning.diary import Diary
from tests.planning.people import (
    AT_WORK,
    BERLIN,
    GYM,
    TUESDAY,
    always_on,
    at,
    cool_down,
    every,
    hours,
    limits,
    minutes,
    moment,
    movement,
    person,
    span,
    story,
    told,
    warm_up,
)

WEDNESDAY = TUESDAY + timedelta(days=1)


def busy(start: str, end: str, day: date = TUESDAY, uid: str = "meeting") -> CalendarEvent:
    return CalendarEvent(uid=uid, starts_at=moment(start, day), ends_at=moment(end, day))


def gym(
    start: str = "18:30", end: str = "19:30", day: date = TUESDAY, uid: str = "gym", of: str | None = None
) -> CalendarEvent:
    starts_at, ends_at = moment(start, day), moment(end, day)
    return CalendarEvent(uid=uid, recurrence_id=of, starts_at=starts_at, ends_at=ends_at, training="gym")


def with_events(who: Person, *events: CalendarEvent, day: date = TUESDAY) -> list[str]:
    return story(who, day, Facts(calendar=events))


# -- busy --------------------------------------------------------------------------------------------------------------


def test_a_fixed_time_in_a_meeting_is_made_up_for_at_its_end() -> None:
    who = person(at("pill", "09:59", "10:00", "10:59", "11:00", expire_after=hours(2)))
    alone = replace(who, limits=limits(gap=0, merge=0))
    (first, second, third, fourth) = agenda(alone, BERLIN, TUESDAY, Facts(calendar=(busy("10:00", "11:00"),)))
    assert [told(one) for one in (first, fourth)] == ["09:59 pill -> 09:59", "11:00 pill -> 11:00"]
    assert told(third) == "10:59 pill: busy"  # its own end is the next one's time
    assert (told(second), second.verdict.reason) == ("10:00 pill: busy", Reason.BUSY)


def test_what_ends_before_the_meeting_does_is_suppressed_as_busy() -> None:
    pill = at("pill", "10:00", expire_after=minutes(30))
    assert with_events(person(pill), busy("09:30", "10:29")) == ["10:00 pill -> 10:29"]
    assert with_events(person(pill), busy("09:30", "10:30")) == ["10:00 pill: busy"]


def test_an_interval_in_a_meeting_is_made_up_for_at_its_end_and_says_why() -> None:
    who = person(every("sip", hours(2), within=AT_WORK))
    found = agenda(who, BERLIN, TUESDAY, Facts(calendar=(busy("10:30", "11:40"),)))
    assert [told(one) for one in found][:2] == ["11:00 sip -> 11:40", "13:00 sip -> 13:00"]
    assert found[0].verdict.reason is Reason.BUSY


def test_a_meeting_over_several_slots_leaves_one_at_its_end() -> None:
    who = person(replace(movement(), schedule=every("x", hours(1)).schedule))
    assert with_events(who, busy("09:30", "12:30"))[:4] == [
        "10:00 movement: busy",
        "11:00 movement: busy",
        "12:00 movement -> 12:30",
        "13:00 movement -> 13:00",
    ]


def test_asks_that_a_meeting_held_back_leave_together_at_its_end() -> None:
    who = person(every("sip", hours(2), within=AT_WORK), every("stretch", minutes(90), within=AT_WORK))
    assert with_events(who, busy("10:00", "12:45"))[:3] == [
        "10:30 stretch: busy",
        "11:00 sip -> 12:45",
        "12:00 stretch -> 12:45",
    ]


def test_meetings_back_to_back_and_within_each_other_are_one_stretch() -> None:
    pill = person(at("pill", "10:15", expire_after=hours(3)))
    events = (
        busy("11:00", "11:30", uid="c"),
        busy("10:00", "10:30", uid="a"),
        busy("10:30", "11:00", uid="b"),
        busy("10:05", "10:10", uid="inside"),
    )
    assert with_events(pill, *events) == ["10:15 pill -> 11:30"]


def test_a_meeting_that_runs_into_training_holds_until_both_are_over() -> None:
    pill = person(at("pill", "18:00", expire_after=hours(3)), training=(GYM,))
    assert with_events(pill, busy("17:30", "18:45")) == ["18:00 pill -> 19:30"]


def test_a_meeting_over_midnight_holds_on_both_sides_of_it() -> None:
    owl = always_on(at("pill", "00:30", "23:45", expire_after=hours(3)))
    night = CalendarEvent(uid="night", starts_at=moment("23:30"), ends_at=moment("01:00", WEDNESDAY))
    assert with_events(owl, night)[1] == "23:45 pill: busy"  # nothing of a date leaves on the next one
    assert with_events(owl, night, day=WEDNESDAY)[0] == "00:30 pill -> 01:00"


def test_a_meeting_holds_asks_around_training_as_well_and_the_training_itself_does_not() -> None:
    who = person(warm_up(minutes(20)), cool_down())
    assert with_events(who, gym()) == ["18:10 warm_up -> 18:10", "19:30 cool_down -> 19:30"]
    assert with_events(who, gym(), busy("18:00", "18:25")) == ["18:10 warm_up -> 18:25", "19:30 cool_down -> 19:30"]
    assert with_events(who, gym(), busy("18:00", "18:30")) == ["18:10 warm_up: busy", "19:30 cool_down -> 19:30"]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_meeting_over_a_change_of_clocks_ends_when_it_ends(day: date) -> None:
    owl = always_on(at("pill", "01:50", expire_after=hours(6)))
    long = CalendarEvent(uid="x", starts_at=moment("01:00", day), ends_at=moment("01:00", day) + hours(3))
    (decision,) = agenda(owl, BERLIN, day, Facts(calendar=(long,)))
    assert decision.verdict.at == moment("01:00", day) + hours(3)  # type: ignore[union-attr]


def test_the_weeks_summing_up_waits_for_the_end_of_a_meeting() -> None:
    who = person(at("pill", "10:00"), digest=Digest(weekday=1, at=time(18)))
    found = look(who, BERLIN, (), moment("18:00"), None, (busy("17:30", "18:30"),))
    assert (found.ready, found.next_at) == (None, moment("18:30"))
    later = look(who, BERLIN, (), moment("18:30"), None, (busy("17:30", "18:30"),))
    assert later.ready is not None


# -- training ----------------------------------------------------------------------------------------------------------


def test_an_event_of_a_calendar_is_asked_around_and_holds_back_the_rest() -> None:
    who = person(warm_up(), cool_down(), at("pill", "19:00"))
    assert with_events(who, gym()) == ["18:20 warm_up -> 18:20", "19:00 pill -> 19:30", "19:30 cool_down -> 19:30"]


def test_slots_are_named_after_the_event_and_never_after_its_time() -> None:
    who = person(warm_up(), cool_down(minutes(5)))
    names = [one.slot_key for one in agenda(who, BERLIN, TUESDAY, Facts(calendar=(gym(of="2026-11-24T18:30"),)))]
    moved = [
        one.slot_key
        for one in agenda(who, BERLIN, TUESDAY, Facts(calendar=(gym("20:00", "21:00", of="2026-11-24T18:30"),)))
    ]
    assert names == moved == ["gym@2026-11-24T18:30-10min", "gym@2026-11-24T18:30+5min"]


def test_what_the_file_and_calendars_tell_of_the_same_time_is_one_training_under_the_files_name() -> None:
    who = person(warm_up(), cool_down(), training=(GYM,))
    both = agenda(who, BERLIN, TUESDAY, Facts(calendar=(gym(uid="a"), gym("18:45", "20:00", uid="b"))))
    assert [told(one) for one in both] == ["18:20 warm_up -> 18:20", "20:00 cool_down -> 20:00"]
    assert [one.slot_key for one in both] == ["Gym@2026-11-24T18:30-10min", "Gym@2026-11-24T18:30+0min"]


def test_trainings_of_calendars_that_overlap_are_one_and_those_that_only_touch_are_two() -> None:
    who = person(warm_up(), cool_down(), limits=limits(gap=0, merge=0))
    same = with_events(who, gym(uid="a"), gym(uid="b"), gym("19:00", "20:00", uid="c"))
    assert same == ["18:20 warm_up -> 18:20", "20:00 cool_down -> 20:00"]
    two = with_events(who, gym(uid="a"), gym("19:30", "20:30", uid="b"))
    assert [line for line in two if "warm_up" in line] == ["18:20 warm_up -> 18:20", "19:20 warm_up -> 19:20"]


def test_a_training_over_midnight_is_asked_around_on_both_dates() -> None:
    owl = always_on(warm_up(), cool_down())
    night = replace(gym(), starts_at=moment("23:30"), ends_at=moment("00:30", WEDNESDAY))
    assert with_events(owl, night) == ["23:20 warm_up -> 23:20"]
    assert with_events(owl, night, day=WEDNESDAY) == ["00:30 cool_down -> 00:30"]
    early = gym("00:05", "01:00", WEDNESDAY)
    assert with_events(owl, early) == ["23:55 warm_up -> 23:55"]
    assert [key for key, _ in sessions(owl, BERLIN, WEDNESDAY, (early,))] == ["gym"]


def test_a_training_keeps_to_the_days_of_the_habit() -> None:
    monday_only = replace(warm_up(), days=frozenset({0}))
    assert with_events(person(monday_only), gym()) == []


def test_a_person_who_travels_is_asked_around_the_same_instant() -> None:
    who = replace(person(warm_up(), awake=span("00:00-24:00")), zone=None)
    there = ZoneInfo("America/New_York")
    (decision,) = agenda(who, there, TUESDAY, Facts(calendar=(gym(),)))
    assert decision.due_at == moment("18:20")


# -- as days are lived -------------------------------------------------------------------------------------------------


class Home:
    """A diary whose calendar can be changed between two turns."""

    def __init__(self, who: Person, *events: CalendarEvent) -> None:
        self.diary, self.events = Diary(who, BERLIN), events
        facts = self.diary.facts
        self.diary.facts = lambda: replace(facts(), calendar=self.events)  # type: ignore[method-assign]

    def lives(self, until: datetime) -> None:
        """Take a turn now and whenever one is asked for, up to that moment."""
        now = self.diary.planned_until or until
        while now < until:
            now = min(self.diary.turn(now).next_at, until)
        self.diary.turn(until)

    def sent(self) -> list[str]:
        return [f"{at.astimezone(BERLIN):%d. %H:%M}" for at, _ in self.diary.sent.values()]

    def states(self) -> dict[str, str]:
        return {
            name.partition("/")[2]: one.state if one.reason is None else f"{one.state}({one.reason})"
            for name, one in self.diary.occurrences.items()
        }


def test_a_meeting_called_off_lets_what_waits_go_at_once_and_one_that_goes_on_holds_it() -> None:
    home = Home(person(at("pill", "10:00", expire_after=hours(3))), busy("09:30", "11:00"))
    home.lives(moment("09:00"))
    home.lives(moment("10:10"))
    assert home.states() == {"pill/2026-11-24T10:00": "planned(busy)"}
    home.events = (busy("09:30", "11:30"),)
    home.lives(moment("11:10"))
    assert home.sent() == []
    home.events = ()
    home.lives(moment("11:11"))
    assert home.sent() == ["24. 11:10"]


def test_an_occurrence_already_sent_is_not_sent_again_for_a_training_that_moved() -> None:
    home = Home(person(warm_up()), gym())
    home.lives(moment("18:00"))
    home.lives(moment("18:25"))
    assert home.sent() == ["24. 18:20"]
    home.events = (gym("20:00", "21:00"),)
    home.lives(moment("20:30"))
    assert home.sent() == ["24. 18:20"]


def test_an_occurrence_not_yet_sent_moves_with_its_training() -> None:
    home = Home(person(warm_up()), gym())
    home.lives(moment("18:00"))
    home.events = (gym("20:00", "21:00"),)
    home.lives(moment("21:00"))
    assert home.sent() == ["24. 19:50"]


def test_one_that_waits_moves_with_its_training_to_another_day() -> None:
    home = Home(person(warm_up(minutes(30))), gym(), busy("17:50", "18:10"))
    home.lives(moment("17:30"))
    home.lives(moment("18:05"))
    assert home.states() == {"warm_up/gym-30min": "planned(busy)"}
    home.events = (gym(day=WEDNESDAY),)
    home.lives(moment("18:40"))
    assert home.states() == {"warm_up/gym-30min": "planned(busy)"}
    home.lives(moment("18:20", WEDNESDAY))
    assert home.sent() == ["25. 18:00"]


def test_one_that_waits_for_a_training_called_off_is_superseded() -> None:
    home = Home(person(warm_up(minutes(30))), gym(), busy("17:50", "18:10"))
    home.lives(moment("17:30"))
    home.lives(moment("18:05"))
    home.events = ()
    home.lives(moment("18:06"))
    assert home.states() == {"warm_up/gym-30min": "suppressed(superseded)"}
    home.lives(moment("20:00"))
    assert home.sent() == []


def test_a_training_called_off_in_time_leaves_nothing() -> None:
    home = Home(person(warm_up(), cool_down()), gym())
    home.lives(moment("18:00"))
    home.events = ()
    home.lives(moment("21:00"))
    assert home.states() == {}


def test_a_training_that_turns_up_too_late_is_not_asked_before() -> None:
    home = Home(person(warm_up(), cool_down()))
    home.lives(moment("18:25"))
    home.events = (gym(),)
    home.lives(moment("21:00"))
    assert home.sent() == ["24. 19:30"]


def test_one_time_of_a_series_that_is_moved_leaves_the_others_in_their_places() -> None:
    usual = [gym(day=TUESDAY + timedelta(days=7 * week), of=f"week {week}") for week in range(3)]
    home = Home(person(warm_up()), *usual)
    home.lives(moment("10:00"))
    home.events = (usual[0], gym("12:00", "13:00", TUESDAY + timedelta(days=9), of="week 1"), usual[2])
    home.lives(moment("23:00", TUESDAY + timedelta(days=15)))
    assert home.sent() == ["24. 18:20", "03. 11:50", "08. 18:20"]


def test_a_snoozed_ask_waits_for_the_end_of_a_meeting_too() -> None:
    home = Home(person(at("pill", "10:00", expire_after=hours(3))), busy("10:10", "11:00"))
    home.lives(moment("09:00"))
    home.lives(moment("10:00"))
    home.diary.snooze("me/pill/2026-11-24T10:00", moment("10:01"), moment("10:16"))
    home.lives(moment("10:59"))
    assert home.sent() == ["24. 10:00"]
    home.lives(moment("11:00"))
    assert home.sent() == ["24. 10:00", "24. 11:00"]
    assert home.diary.occurrences["me/pill/2026-11-24T10:00"].snoozes == 1


def test_the_names_around_a_training_are_found_wherever_it_was_before() -> None:
    who = person(warm_up(), cool_down(), at("pill", "10:00"))
    far = gym(day=TUESDAY + timedelta(days=20), uid="far")
    found = list(ids_around(who, (gym(), far, busy("10:00", "11:00")), moment("00:00"), moment("23:59")))
    assert found == ["me/warm_up/gym-10min", "me/cool_down/gym+0min"]


def test_turns_that_end_in_a_meeting_are_taken_again_at_its_end() -> None:
    facts = Facts(calendar=(busy("09:30", "11:00"),), planned_until=moment("09:59"))
    due = due_now(person(at("pill", "10:00", expire_after=hours(3))), BERLIN, facts, moment("10:00"))
    assert due.next_at == moment("11:00")
