"""Rules of the pages about the service: channels, health, configuration; what they tell, and what they never tell."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from reminders.delivery.breaker import BreakerState
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.errors import Problem, Severity
from reminders.domain.habit import FollowUp
from reminders.domain.household import Household
from reminders.journal.sqlite_journal import SqliteJournal
from tests.web.filled_journal import put
from tests.web.pages.conftest import BERLIN, NOON, Visitor
from tests.web.real_house import RealHouse, healthy

SECRET = "tk_verysecret"
PHONE = ChannelSpec(name="phone", kind=ChannelKind.APPRISE, url=f"ntfys://{SECRET}@ntfy.example/back-pain-{SECRET}")
MAIL = ChannelSpec(name="mail", kind=ChannelKind.APPRISE, url_file=f"/run/{SECRET}", discreet=True)
VAGUE = ChannelSpec(name="vague", kind=ChannelKind.APPRISE, url="${" + SECRET + "}")
PAGES = ("/", "/history", "/channels", "/configuration", "/bad-day")


def said(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def channels(house: RealHouse) -> RealHouse:
    """A house with a desktop, a phone, a mail and a channel whose URL is nowhere to be seen."""
    house.lived_in = replace(house.lived_in, channels=(*house.lived_in.channels, PHONE, MAIL, VAGUE))
    return house


def test_each_channel_tells_what_it_is_and_what_it_can_do(channels: RealHouse, visitor: Visitor) -> None:
    page = said(visitor.look("/channels"))
    assert "desktop well Healthy. Desktop notification; has the buttons Done, Snooze and Skip." in page
    assert "Ntfys, through Apprise; has buttons, and hears the answers." in page
    assert "has no buttons: answer here, or by command; discreet: neutral words, nothing about health" in page


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_an_address_of_a_channel(
    channels: RealHouse, lived_in: RealHouse, visitor: Visitor, page: str
) -> None:
    assert SECRET not in visitor.look(page)


def test_an_open_breaker_is_told_on_every_page_with_what_to_do(channels: RealHouse, visitor: Visitor) -> None:
    channels.health["phone"] = replace(
        healthy("phone"),
        state=BreakerState.OPEN,
        failures_in_a_row=5,
        probe_at=NOON + timedelta(minutes=7),
        detail="refused the connection",
    )
    for page in ("/", "/channels"):
        assert "The channel phone failed 5 times in a row: refused the connection." in said(visitor.look(page))
    page = said(visitor.look("/channels"))
    assert "5 failures in a row; left alone until 12:07 (in 7 min); last: refused the connection" in page
    assert "reminders send-test phone" in page


def test_a_service_that_cannot_work_says_so_on_every_page(house: RealHouse, visitor: Visitor) -> None:
    house.state = replace(
        house.state, degraded="the disk is full", refused="line 3", unbuildable=(("desktop", "no session bus"),)
    )
    for page in PAGES:
        words = said(visitor.look(page))
        assert "Nothing can be sent now: the disk is full." in words
        assert "The configuration file was refused, so the one before it stays in force: line 3." in words
        assert (
            "The channel desktop cannot be used: no session bus. Start the daemon inside the desktop session" in words
        )
        assert "Mend it in" not in words
        assert "reminders doctor" in words


def test_a_channel_is_mended_where_the_fault_is(house: RealHouse, visitor: Visitor) -> None:
    house.state = replace(house.state, unbuildable=(("desktop", "no session bus"), ("phone", "no such file")))
    page = said(visitor.look("/channels"))
    assert f"Mend it in {house.lived_in.source}, then try it: reminders send-test phone" in page
    assert "send-test desktop" not in page
    assert page.lower().count("start the daemon inside the desktop session") == 2


def test_what_the_clock_did_is_told_in_words(house: RealHouse, journal: SqliteJournal, visitor: Visitor) -> None:
    journal.note("clock.suspended", NOON - timedelta(days=8), {"seconds": 1.0})
    journal.note("clock.suspended", NOON - timedelta(hours=5), {"seconds": 7200.0})
    journal.note("clock.stepped", NOON - timedelta(hours=4), {"seconds": -90.0})
    journal.note("clock.stalled", NOON - timedelta(hours=3), {"late_seconds": 60.0})
    journal.note("zone.changed", NOON - timedelta(hours=2), {"before": "Europe/Berlin", "after": "Asia/Tokyo"})
    page = said(visitor.look("/channels"))
    assert "10:00 (2 h ago) the time zone changed from Europe/Berlin to Asia/Tokyo" in page
    assert "the service was not let run for 1 min" in page
    assert "the clock was set back by 2 min" in page
    assert "the machine was asleep for 2 h" in page
    assert page.count("the machine was asleep") == 1


def test_the_service_tells_how_old_and_how_large_it_is(
    house: RealHouse, journal: SqliteJournal, visitor: Visitor
) -> None:
    put(journal, house.lived_in.people[0], BERLIN, ("movement",), NOON - timedelta(hours=3))
    page = said(visitor.look("/channels"))
    assert "Version 0.1.0" in page
    assert "Up since Sun 22 Nov 12:00 (2 days ago)" in page
    assert re.search(r"Journal \d+ KiB", page)
    assert "Record since 09:00 (3 h ago)" in page


def test_what_is_known_of_the_desk_is_told_and_unknown_stays_unknown(house: RealHouse, visitor: Visitor) -> None:
    assert "Presence at the desk unknown: nobody looks" in said(visitor.look("/channels"))
    house.state = replace(house.state, presence="idle time from X11, do-not-disturb unknown")
    assert "Presence at the desk idle time from X11, do-not-disturb unknown" in said(visitor.look("/channels"))


def test_the_configuration_is_shown_as_it_was_understood(house: RealHouse, visitor: Visitor) -> None:
    page = said(visitor.look("/configuration"))
    assert "Awake 07:00 to 22:30" in page
    assert "Work 09:00 to 17:30, Mon to Fri" in page
    assert "Gym: Tue and Thu at 18:30 for 1 h" in page
    assert "Water : every 2 h while awake" in page
    assert "Short break : every 1 h during work, counted from the last answer" in page
    assert "Warm-up : 10 min before training" in page
    assert "Calcium idea : at 07:45" in page
    assert str(house.lived_in.source) in page
    assert "It is fine." in page


def test_a_follow_up_is_told(house: RealHouse, visitor: Visitor) -> None:
    person = house.lived_in.people[0]
    habit = replace(person.habits[0], follow_up=FollowUp(after=timedelta(minutes=10), times=2), fallback=("phone",))
    house.lived_in = replace(house.lived_in, people=(replace(person, habits=(habit,)),))
    page = said(visitor.look("/configuration"))
    assert "asked again after 10 min, 2 at most; else phone" in page


def test_when_an_ask_lapses_and_what_it_says_are_told_to_the_person_it_is_for(
    house: RealHouse, shipped: Household, visit: Callable[[RealHouse], Visitor]
) -> None:
    person = shipped.people[0]
    own = replace(person.habits[0], id="tablets", built_in=False, say="take two", expire_after=timedelta(minutes=40))
    house.lived_in = replace(shipped, people=(replace(person, habits=(own,)),))
    page = said(visit(house).look("/configuration"))
    assert "snooze 15 min; lapses after 40 min says: take two" in page
    house.lived_in = replace(shipped, people=(replace(person, id="alex", habits=(own,)), replace(person, id="sam")))
    assert "take two" in visit(house).look("/configuration?person=alex")
    assert "take two" not in visit(house).look("/configuration?person=sam")


def test_every_problem_of_the_file_is_shown_with_its_line_and_its_mend(house: RealHouse, visitor: Visitor) -> None:
    house.found = (
        Problem(
            severity=Severity.ERROR,
            file="reminders.yaml",
            line=14,
            column=5,
            key="habits.hydration.evry",
            message='unknown key "evry"',
            allowed="every, within",
            hint='did you mean "every"?',
        ),
        Problem(
            severity=Severity.WARNING,
            file="reminders.yaml",
            line=None,
            column=None,
            key="limits",
            message="movement: 8 due a day, 4 would be sent",
        ),
    )
    page = said(visitor.look("/configuration"))
    assert 'line 14, column 5 habits.hydration.evry unknown key "evry"' in page
    assert 'allowed here: every, within did you mean "every"?' in page
    assert "movement: 8 due a day, 4 would be sent" in page
    assert "so what is shown below stays in force" in page


def test_health_answers_are_never_shown_and_safety_notes_to_the_one_concerned(
    house: RealHouse, shipped: Household, visit: Callable[[RealHouse], Visitor]
) -> None:
    person = shipped.people[0]
    profile = replace(person.profile, conditions=frozenset({"kidney_disease_any"}), medicines=frozenset({"warfarin"}))
    unsafe = tuple(replace(habit, unsafe="ask first about potassium") for habit in person.habits)
    alex = replace(person, id="alex", name="Alex", profile=profile, habits=unsafe)
    sam = replace(person, id="sam", name="Sam")
    house.lived_in = replace(shipped, people=(alex, sam))
    visitor = visit(house)
    own, others = visitor.look("/configuration?person=alex"), visitor.look("/configuration?person=sam")
    assert "ask first about potassium" in own
    assert "off, to be safe" in own
    for page in (others, visitor.look("/configuration")):
        assert "ask first" not in page
        assert "off, to be safe" not in page
        assert "Alex" in page
    for page in (own, others):
        assert "kidney" not in page
        assert "warfarin" not in page


@pytest.mark.parametrize("path", [*PAGES, "/?person=", "/history?weeks=4"])
def test_a_page_holds_nothing_that_its_own_rules_forbid(lived_in: RealHouse, visitor: Visitor, path: str) -> None:
    page = visitor.look(path)
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", page)
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page)
    assert '<html lang="en">' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "not medical advice" in page


def test_what_a_person_wrote_is_shown_as_words(house: RealHouse, journal: SqliteJournal, visitor: Visitor) -> None:
    journal.pause("me", None, NOON, NOON + timedelta(hours=1), "me", "<script>alert(1)</script>")
    page = visitor.look()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_parts_of_the_page_are_served_from_here(visitor: Visitor) -> None:
    for name, kind in (("page.css", "text/css"), ("page.js", "javascript"), ("favicon.svg", "image/svg+xml")):
        response = visitor.client.get(f"/static/{name}")
        assert response.status_code == 200
        assert kind in response.headers["content-type"]


def test_with_several_people_the_pages_of_the_service_lead_to_nobodys_own_page(
    house: RealHouse, shipped: Household, visit: Callable[[RealHouse], Visitor]
) -> None:
    person = shipped.people[0]
    house.lived_in = replace(shipped, people=(replace(person, id="alex"), replace(person, id="sam")))
    for path in ("/channels", "/configuration"):
        links = re.findall(r'<nav aria-label="Pages">.*?</nav>', visit(house).look(path), re.DOTALL)[0]
        assert "person=" not in links


def test_a_problem_in_health_answers_is_not_spelled_out_where_others_read(
    house: RealHouse, shipped: Household, visit: Callable[[RealHouse], Visitor]
) -> None:
    key = "people.alex.profile.conditions"
    message = 'unknown condition "kidny"'
    house.found = (Problem(severity=Severity.ERROR, file="f", line=3, column=1, key=key, message=message),)
    assert "kidny" in visit(house).look("/configuration")
    person = shipped.people[0]
    house.lived_in = replace(shipped, people=(replace(person, id="alex"), replace(person, id="sam")))
    page = visit(house).look("/configuration")
    assert "kidny" not in page
    assert "line 3, column 1" in page
