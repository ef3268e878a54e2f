"""Holds: the calendar is well formed whatever a text holds, and says nothing where it is to be discreet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from reminders.planning.plan_row import PlanRow
from reminders.web.calendar import LINE_BYTES_AT_MOST, calendar_lines, escaped, folded
from tests.web.place import NOW, Place, visitor


def row(title: str, text: str, nudge: str = "n1", *, is_sent: bool = True) -> PlanRow:
    return PlanRow(
        due_at=NOW,
        send_at=NOW if is_sent else None,
        person="me",
        habit="movement",
        slot_key="x",
        decision="send" if is_sent else "suppress",
        reason=None,
        detail=None,
        nudge=nudge if is_sent else None,
        title=title,
        text=text,
        send_to=(),
    )


def parsed(*rows: PlanRow, is_discreet: bool = False) -> Calendar:
    lines = calendar_lines("Reminders for me", rows, NOW, is_discreet=is_discreet)
    found = Calendar.from_ical("".join(f"{line}\r\n" for line in lines))
    assert isinstance(found, Calendar)
    return found


@given(st.text(), st.text())
def test_any_text_comes_out_as_it_went_in_but_for_what_no_calendar_holds(title: str, text: str) -> None:
    def held(written: str) -> str:
        one_kind_of_break = written.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(letter for letter in one_kind_of_break if letter in "\n\t" or letter.isprintable())

    (event,) = parsed(row(title, text)).walk("VEVENT")
    assert str(event["SUMMARY"]) == held(title or "Reminder")
    assert str(event.get("DESCRIPTION", "")) == held(text)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=400))
def test_no_line_is_longer_than_75_bytes_and_none_ends_within_a_character(text: str) -> None:
    lines = list(folded(text))
    assert max(len(line.encode()) for line in lines) <= LINE_BYTES_AT_MOST
    assert lines[0] + "".join(line[1:] for line in lines[1:]) == text


def test_a_text_cannot_add_lines_of_its_own() -> None:
    assert escaped("a\r\nBEGIN:VEVENT\n;,\\\x00") == "a\\nBEGIN:VEVENT\\n\\;\\,\\\\"


def test_merged_rows_are_one_event_and_what_is_not_sent_is_none() -> None:
    rows = (row("Two", "things"), row("Two", "things"), row("", "", is_sent=False), row("One", "thing", "n2"))
    events = parsed(*rows).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["Two", "One"]
    assert events[0].start == NOW
    assert events[0].end - events[0].start == timedelta(minutes=5)
    assert events[0]["UID"] != events[1]["UID"]


def test_a_discreet_calendar_names_no_habit_and_no_person() -> None:
    rows = (row("Potassium", "a banana", "me/potassium_meal/x"),)
    text = parsed(*rows, is_discreet=True).to_ical().decode().lower()
    for word in ("potassium", "banana", "me/"):
        assert word not in text


@pytest.mark.parametrize("query", ["", "?discreet=1", "?person=me"])
def test_the_page_serves_two_weeks(place: Place, query: str) -> None:
    with freeze_time(NOW, real_asyncio=True):
        response = visitor(place).get(f"/calendar.ics{query}")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    events = Calendar.from_ical(response.text).walk("VEVENT")
    assert len(events) > 20
    assert {str(event["SUMMARY"]) for event in events} == {"Reminder"} or "discreet" not in query
    assert max(event.start for event in events) - NOW > timedelta(days=12)


@pytest.mark.parametrize("query", ["?discreet=perhaps", "?who=me"])
def test_a_question_that_makes_no_sense_is_refused(place: Place, query: str) -> None:
    assert visitor(place).get(f"/calendar.ics{query}").status_code == 422
