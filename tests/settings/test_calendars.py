"""Holds: calendars are read by name in their short and long form, a person's own go first, addresses stay secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from reminders.domain.calendar import CalendarSpec
from reminders.domain.household import Household
from reminders.settings.compiled import household_from_json, household_to_json
from reminders.settings.problems import problems_text
from reminders.settings.reading import Reading

Read = Callable[..., Reading]
Means = Callable[..., Household]
SECRET = "https://calendar.example.org/private-4711/basic.ics"


def test_an_address_a_file_and_a_block_are_calendars(household: Means, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alex")
    text = (
        "calendars:\n  work: https://example.org/work.ics\n  gym: ~/gym.ics\n"
        "  home: {url_file: /run/secrets/home, busy: false, training: [yoga, leg day], refresh: 30min,\n"
        "         allow_private: true}\n"
    )
    work, gym, home = household(text).people[0].calendars
    assert work == CalendarSpec(name="work", url="https://example.org/work.ics")
    assert gym == CalendarSpec(name="gym", file="/home/alex/gym.ics")
    assert home == CalendarSpec(
        name="home",
        url_file="/run/secrets/home",
        busy=False,
        training=("yoga", "leg day"),
        refresh=timedelta(minutes=30),
        allow_private=True,
    )
    assert (work.busy, work.refresh, work.allow_private) == (True, timedelta(hours=1), False)


@pytest.mark.parametrize("text", ["calendars: {work: '${CAL}'}", "calendars: {work: {url: '${CAL}'}}"])
def test_what_the_environment_holds_is_never_stored(household: Means, text: str) -> None:
    read = household(text, {"CAL": SECRET})
    (spec,) = read.people[0].calendars
    assert spec.url == "${CAL}"
    stored = json.dumps(household_to_json(read))
    assert "private-4711" not in stored
    assert household_from_json(json.loads(stored)) == read


def test_an_address_is_not_in_what_is_shown_of_a_calendar(household: Means) -> None:
    read = household(f"calendars: {{work: '{SECRET}'}}")
    assert read.people[0].calendars[0].url == SECRET
    assert "private-4711" not in repr(read)


def test_a_variable_may_hold_the_address(household: Means) -> None:
    read = household("habits: {eyes: }\n", {"REMINDERS_CALENDARS__WORK__URL": SECRET})
    assert read.people[0].calendars[0].url == "${REMINDERS_CALENDARS__WORK__URL}"


@pytest.mark.parametrize("place", ["'{}'", "{{url: '{}'}}"])
@pytest.mark.parametrize("person", ["{}", "people: {{kim: {}}}"])
def test_an_address_that_is_none_is_not_told(read: Read, place: str, person: str) -> None:
    wrong = place.format("gopher://private-4711")
    text = (
        f"calendars: {{work: {wrong}}}\n" if person == "{}" else f"people: {{kim: {{calendars: {{work: {wrong}}}}}}}\n"
    )
    found = problems_text(read(text).problems)
    assert "web address" in found
    assert "private-4711" not in found


def test_a_persons_own_calendars_go_before_the_shared_ones_of_their_name(household: Means) -> None:
    text = (
        "calendars: {office: /srv/office.ics, work: /srv/shared.ics}\n"
        "people:\n  kim: {calendars: {work: /home/kim/work.ics}}\n  sam:\n"
    )
    kim, sam = household(text).people
    assert {one.name: one.file for one in kim.calendars} == {
        "office": "/srv/office.ics",
        "work": "/home/kim/work.ics",
    }
    assert {one.name: one.file for one in sam.calendars} == {"office": "/srv/office.ics", "work": "/srv/shared.ics"}


def test_a_calendar_that_tells_of_training_is_where_training_is_listed(read: Read) -> None:
    habits = "habits: {warm_up: {before: training}}\n"
    assert "waits for training" in problems_text(read(habits).problems)
    assert read(habits + "calendars: {gym: {file: ~/gym.ics, training: [gym]}}\n").problems == ()


def test_a_path_in_the_home_directory_is_where_the_reader_lives(household: Means, tmp_path: Path) -> None:
    read = household(f"calendars: {{gym: '{tmp_path}/gym.ics'}}")
    assert read.people[0].calendars[0].file == f"{tmp_path}/gym.ics"
