"""Holds: of a calendar's text only busy times and trainings are kept, series are worked out, traps are left out."""

from __future__ import annotations

import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders.catalogue.phrases import speaking
from reminders.catalogue.retelling import retold
from reminders.sensors import calendar_reading, ics_series
from reminders.sensors.calendar_reading import read_calendar
from reminders.sensors.unreadable import FeedUnreadable
from tests.sensors.ics import BERLIN, NOW, calendar, lines, meeting, reading

WEEKLY = """UID:gym@example.org
SUMMARY:Gym with Sam
DTSTART;TZID=Europe/Berlin:20260106T183000
DTEND;TZID=Europe/Berlin:20260106T193000
RRULE:FREQ=WEEKLY;BYDAY=TU"""


def change(of: str, *more: str) -> str:
    """Return one Tuesday of the weekly series, changed."""
    return "\n".join(("UID:gym@example.org", f"RECURRENCE-ID;TZID=Europe/Berlin:{of}T183000", *more))


# -- what matters ------------------------------------------------------------------------------------------------------


def test_a_meeting_makes_busy_and_its_title_stays_behind() -> None:
    found = reading(meeting())
    assert lines(meeting()) == ["24.11. 10:00-11:00"]
    assert "Budget" not in repr(found)


@pytest.mark.parametrize("title", ["Gym", "leg day at the GYM", "Kraftgymnastik", "\uff27\uff39\uff2d"])
def test_an_event_with_one_of_the_words_in_its_title_is_a_training(title: str) -> None:
    assert lines(meeting().replace("Budget", title)) == ["24.11. 10:00-11:00 gym"]


def test_without_busy_only_trainings_are_kept() -> None:
    gym = meeting("20261124T183000", uid="gym").replace("Budget", "Gym")
    assert lines(meeting(), gym, is_busy=False) == ["24.11. 18:30-19:30 gym"]


@pytest.mark.parametrize(
    "line", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "status:cancelled"]
)
def test_what_is_cancelled_or_marked_as_free_makes_nobody_busy(line: str) -> None:
    assert lines(meeting("20261124T100000", line)) == []


def test_a_training_marked_as_free_is_a_training_and_a_cancelled_one_is_none() -> None:
    gym = meeting().replace("Budget", "Gym")
    assert lines(f"{gym}\nTRANSP:TRANSPARENT") == ["24.11. 10:00-11:00 gym"]
    assert lines(f"{gym}\nSTATUS:CANCELLED") == []


@pytest.mark.parametrize(
    "event",
    [
        "UID:a\nSUMMARY:Fair\nDTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261126",
        "UID:a\nSUMMARY:Gym week\nDTSTART;VALUE=DATE:20261124\nRRULE:FREQ=DAILY",
        "UID:a\nSUMMARY:On call\nDTSTART:20261124T000000Z\nDTEND:20261201T000000Z",
        "UID:a\nSUMMARY:Nothing\nDTSTART:20261124T100000Z",
    ],
    ids=["whole days", "a series of whole days", "a day or longer", "no length"],
)
def test_whole_days_and_moments_make_nobody_busy(event: str) -> None:
    assert lines(event) == []


def test_a_training_that_does_not_say_how_long_lasts_an_hour() -> None:
    assert lines("UID:a\nSUMMARY:Gym\nDTSTART;TZID=Europe/Berlin:20261124T183000") == ["24.11. 18:30-19:30 gym"]


def test_only_two_days_back_and_sixty_ahead_are_looked_at() -> None:
    days = {-3: "20261121", -1: "20261123", 59: "20270122", 61: "20270124"}
    events = [meeting(f"{day}T100000", uid=str(at)) for at, day in days.items()]
    assert lines(*events) == ["23.11. 10:00-11:00", "22.01. 10:00-11:00"]


# -- time --------------------------------------------------------------------------------------------------------------


def test_a_time_without_a_zone_is_the_persons_wall_time() -> None:
    floating = "UID:a\nSUMMARY:x\nDTSTART:20261124T100000\nDTEND:20261124T110000"
    found = reading(floating, zone=ZoneInfo("Asia/Tokyo"), now=NOW)
    assert found.events[0].starts_at.isoformat() == "2026-11-24T01:00:00+00:00"


@pytest.mark.parametrize(
    "zone",
    [
        "America/New_York",
        '"America/New_York"',
        "/freeassociation.sourceforge.net/America/New_York",
        "/mozilla.org/20050126_1/America/New_York",
        "Eastern Standard Time",
    ],
)
def test_a_zone_is_known_by_the_names_that_programs_give_it(zone: str) -> None:
    assert lines(f"UID:a\nDTSTART;TZID={zone}:20261124T100000\nDURATION:PT30M") == ["24.11. 16:00-16:30"]


def test_a_zone_that_nobody_knows_is_the_persons_and_said_so() -> None:
    found = reading("UID:a\nDTSTART;TZID=Customized Time Zone:20261124T100000\nDURATION:PT30M")
    assert [event.starts_at.astimezone(BERLIN).hour for event in found.events] == [10]
    assert found.left_out == (("names a time zone that nobody knows; its times are read in yours", 1),)


def test_what_a_calendar_says_about_a_zone_does_not_count() -> None:
    wrong = (
        "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    data = calendar(meeting()).replace(b"BEGIN:VEVENT", wrong.encode() + b"BEGIN:VEVENT")
    (event,) = read_calendar(data, now=NOW, zone=BERLIN, words=(), is_busy=True).events
    assert event.starts_at.astimezone(BERLIN).hour == 10


def test_a_series_keeps_its_wall_time_over_a_change_of_clocks() -> None:
    summer = NOW - timedelta(days=31)  # 24 October, the night before the clocks go back
    found = reading(meeting("20260102T180000", "RRULE:FREQ=DAILY"), now=summer).events
    assert {event.starts_at.astimezone(BERLIN).hour for event in found} == {18}
    assert {event.starts_at.hour for event in found} == {16, 17}
    assert {event.ends_at - event.starts_at for event in found} == {timedelta(hours=1)}


# -- series ------------------------------------------------------------------------------------------------------------


def test_a_series_is_worked_out_with_what_was_moved_cancelled_and_left_out() -> None:
    found = reading(
        f"{WEEKLY}\nEXDATE;TZID=Europe/Berlin:20261201T183000",
        change("20261124", "SUMMARY:Gym", "DTSTART:20261124T190000Z", "DTEND:20261124T200000Z"),
        change("20261208", "SUMMARY:Gym", "STATUS:CANCELLED", "DTSTART:20261208T190000Z", "DTEND:20261208T200000Z"),
        change("20261215", "SUMMARY:Beer", "DTSTART:20261215T190000Z", "DTEND:20261215T200000Z"),
        change("20261222", "SUMMARY:Gym", "DTSTART;VALUE=DATE:20261222"),
    )
    assert [(event.key, event.training) for event in found.events][:3] == [
        ("gym@example.org@2026-11-24T18:30", "gym"),
        ("gym@example.org@2026-12-15T18:30", None),
        ("gym@example.org@2026-12-29T18:30", "gym"),
    ]
    assert lines(f"{WEEKLY}\nUNTIL:x", change("20261124", "SUMMARY:Gym", "DTSTART:20261124T190000Z"))[0] == (
        "24.11. 20:00-21:00 gym"
    )


def test_a_moved_event_keeps_its_name() -> None:
    before = reading(meeting()).events[0]
    after = reading(meeting("20261125T150000")).events[0]
    assert (before.key, before.starts_at) != (after.key, after.starts_at)
    assert before.key == after.key == "meeting@example.org"


def test_a_change_written_in_another_zone_stands_for_the_same_time() -> None:
    moved = "UID:gym@example.org\nRECURRENCE-ID:20261124T173000Z\nSUMMARY:Gym\nDTSTART:20261125T173000Z\nDURATION:PT1H"
    found = reading(WEEKLY, moved).events
    assert [event.key for event in found][:2] == [
        "gym@example.org@2026-11-24T18:30",
        "gym@example.org@2026-12-01T18:30",
    ]
    assert found[0].starts_at.day == 25


def test_a_change_without_its_series_stands_for_itself() -> None:
    alone = change("20261124", "SUMMARY:Gym", "DTSTART;TZID=Europe/Berlin:20261124T200000")
    assert [event.key for event in reading(alone).events] == ["gym@example.org@2026-11-24T18:30"]


def test_of_two_versions_the_newer_one_counts() -> None:
    older, newer = meeting("20261124T100000", "SEQUENCE:1"), meeting("20261124T140000", "SEQUENCE:2")
    assert lines(newer, older) == ["24.11. 14:00-15:00"]


@pytest.mark.parametrize("until", ["20261126", "20261126T090000Z", "20261126T100000"])
def test_a_series_ends_where_it_says_whichever_way_it_says_so(until: str) -> None:
    daily = meeting("20261101T100000", f"RRULE:FREQ=DAILY;UNTIL={until}")
    assert lines(daily) == [f"{day}.11. 10:00-11:00" for day in (22, 23, 24, 25, 26)]


def test_a_series_without_end_and_one_by_number_are_cut_at_the_horizon() -> None:
    assert len(lines(meeting("20200101T100000", "RRULE:FREQ=DAILY"))) == 62
    assert len(lines(meeting("20261123T100000", "RRULE:FREQ=DAILY;COUNT=3"))) == 3
    assert len(lines(meeting("20261123T100000", "RDATE;TZID=Europe/Berlin:20261125T120000,20261126T120000"))) == 3


# -- names -------------------------------------------------------------------------------------------------------------


def test_an_event_without_a_name_gets_the_same_one_each_time() -> None:
    nameless = "SUMMARY:x\nDTSTART:20261124T100000Z\nDURATION:PT1H"
    first, second = (reading(nameless).events[0].uid for _ in range(2))
    assert first == second
    assert first.startswith("none-")
    assert reading(nameless.replace("SUMMARY:x", "SUMMARY:y")).events[0].uid != first


def test_a_name_that_is_long_or_strange_is_made_plain_and_stays_the_same() -> None:
    strange = meeting(uid="a name/with #signs~1")
    assert reading(strange).events[0].uid == reading(strange).events[0].uid
    assert reading(strange).events[0].uid.removeprefix("of-").isalnum()
    assert len(reading(meeting(uid="x" * 500)).events[0].uid) < 64


# -- traps -------------------------------------------------------------------------------------------------------------

GOOD = meeting("20261125T100000", uid="good")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("DTSTART:20200101T000000Z\nRRULE:FREQ=SECONDLY", "repeats by the minute or the second"),
        ("DTSTART:20200101T000000Z\nRRULE:FREQ=MINUTELY;INTERVAL=30", "repeats by the minute or the second"),
        (
            "DTSTART:20200101T000000Z\nRRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5",
            "repeats more than 24 times a day",
        ),
        ("DTSTART:20200101T000000Z\nRRULE:FREQ=HOURLY;BYMINUTE=0,30", "repeats more than 24 times a day"),
        ("DTSTART:20200101T000000Z\nRRULE:FREQ=DAILY;INTERVAL=0", "repeats by a rule that is none"),
        ("DTSTART:20200101T000000Z\nRRULE:FREQ=DAILY;COUNT=-3", "repeats by a rule that is none"),
        ("DTSTART:20200101T000000Z\nRRULE:FREQ=FORTNIGHTLY", "repeats by a rule that is none"),
        ("DTSTART:20200101T000000Z\nRRULE:FREQ=DAILY;FREQ=DAILY", "repeats by a rule that is none"),
        ("DTSTART:20261124T000000Z\nRRULE:FREQ=DAILY;BYHOUR=" + "1," * 600 + "1", "repeats by a rule that is too long"),
        ("DTSTART:20261124T000000Z\nRDATE:" + ",".join(["20261125T000000Z"] * 1001), "lists more than 1000 dates"),
        ("DTSTART:20261124T250000Z", "names a time that is none"),
        ("DTSTART:20261324T100000Z", "names a time that is none"),
        ("DTSTART:00010101T000000Z", "names a time that is none"),
        ("DTSTART:99991231T235959Z\nDURATION:P9D", "names a time that is none"),
        ("SUMMARY:x", "does not say when it begins"),
        ("DTSTART:20261124T100000Z\nDTEND:20261124T090000Z", "ends before it begins"),
        ("DTSTART:20261124T100000Z\nDURATION:-PT1H", "has a length that is none"),
        ("DTSTART:20261124T100000Z\nDURATION:soon", "has a length that is none"),
    ],
)
def test_an_event_that_cannot_be_used_leaves_the_others_alone(bad: str, reason: str) -> None:
    found = reading(f"UID:bad\n{bad}", GOOD)
    assert [event.uid for event in found.events] == ["good"]
    assert found.left_out == ((reason, 1),)
    with speaking("de"):
        assert retold(reason) != reason


@pytest.mark.parametrize("frequency", ["DAILY", "HOURLY"])
def test_a_rule_that_never_comes_true_is_given_up_in_time(frequency: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics_series, "SECONDS_AT_MOST", 0.2)
    never = f"DTSTART:20200101T000000Z\nDURATION:PT1H\nRRULE:FREQ={frequency};BYMONTH=2;BYMONTHDAY=30"
    begin = time.process_time()
    found = reading(*(f"UID:{number}\n{never}" for number in range(50)), GOOD)
    assert time.process_time() - begin < 50 * 0.2
    assert [event.uid for event in found.events] == ["good"]
    assert found.left_out == (("repeats by a rule that takes too long to work out", 50),)


def test_ten_thousand_occurrences_are_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_reading, "OCCURRENCES_AT_MOST", 100)
    found = reading(*(meeting("20261001T100000", "RRULE:FREQ=DAILY", uid=str(number)) for number in range(3)))
    assert len(found.events) == 100
    assert found.left_out == (("is beyond the first 100", 3 * 62 - 100),)
    assert found.events[-1].starts_at < NOW + timedelta(days=40)


def test_series_beyond_what_anybody_has_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_reading, "SERIES_AT_MOST", 2)
    found = reading(*(meeting("20261124T100000", "RRULE:FREQ=YEARLY", uid=f"{n}") for n in range(5)), GOOD)
    assert [event.uid for event in found.events] == ["0", "1", "good"]
    assert found.left_out == (("is beyond the first 2 series", 3),)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no calendar"),
        (b"<html>please log in</html>", "no calendar"),
        (calendar(GOOD)[:-20], "breaks off"),
        (calendar(*["UID:x"] * 20_001), "more than 20000 events"),
    ],
)
def test_what_is_no_whole_calendar_is_refused_altogether(data: bytes, why: str) -> None:
    with pytest.raises(FeedUnreadable, match=why):
        read_calendar(data, now=NOW, zone=BERLIN, words=(), is_busy=True)


def test_lines_are_joined_and_alarms_and_strange_letters_let_pass() -> None:
    data = (
        b"\xef\xbb\xbfBEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Leg\n  day at the\n\t G\n ym \xff\n"
        b'DTSTART;X-A="b;c:d";'
        b"TZID=\n Europe/Berlin:20261124T100000\nDURATION:PT1H\nBEGIN:VALARM\nDTSTART:20000101T000000Z\nEND:VALARM\n"
        b"END:VEVENT\nEND:VCALENDAR"
    )
    found = read_calendar(data, now=NOW, zone=BERLIN, words=("gym",), is_busy=True).events
    assert [(event.starts_at.astimezone(BERLIN).hour, event.training) for event in found] == [(10, "gym")]
