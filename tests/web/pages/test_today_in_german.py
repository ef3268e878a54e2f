"""Holds: Today, the bad day, links, the login and refusals speak the person's language, nothing said past it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from starlette.testclient import TestClient

from reminders.answers.links import hash_of
from reminders.catalogue.content import load_content
from reminders.delivery.breaker import BreakerState
from reminders.domain.answer import Verb
from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.delivery import SendOutcome, SendResult
from reminders.domain.household import Household
from reminders.domain.occurrence import Reason
from reminders.domain.person import Profile
from reminders.domain.turn_record import TurnRecord
from reminders.domain.web import WebSpec
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.pause_words import FLARE_REASON
from reminders.planning.safety import unsafe_reason
from reminders.web.app import build_app
from tests.bracketed import bare_words
from tests.web.filled_journal import put, send
from tests.web.pages.conftest import BERLIN, NOON, Visitor
from tests.web.real_house import RealHouse, healthy
from tests.web.seen_page import Seen, german_in_brackets, text_of

MINUTE = timedelta(minutes=1)
TOKEN = "A" * 22
REFUSED = SendResult(outcome=SendOutcome.REJECTED, detail="⟦no such topic⟧")
BROKEN_OFF = SendResult(outcome=SendOutcome.UNKNOWN, detail="the channel did not come back in time")
HELD = (
    ("movement", Reason.GAP, ""),
    ("hydration", Reason.PAUSED, FLARE_REASON),
    ("eyes", Reason.PAUSED, "1 2 3"),
    ("hydration", Reason.EXPIRED_DOWN, ""),
    ("movement", Reason.DAILY_LIMIT, ""),
)


@pytest.fixture
def german(house: RealHouse, shipped: Household) -> RealHouse:
    """A house of somebody who speaks German."""
    house.lived_in = replace(shipped, people=(replace(shipped.people[0], language="de"),))
    return house


@pytest.fixture
def busy(german: RealHouse, journal: SqliteJournal) -> RealHouse:
    """The same, with everything on record today that can be."""
    person = german.lived_in.people[0]
    early = NOON - timedelta(hours=2)
    held = [
        Decision("me", habit, f"held{number}", early + number * MINUTE, early + (number + 1) * MINUTE, Suppress(*why))
        for number, (habit, *why) in enumerate(HELD)
    ]
    journal.record(TurnRecord(person="me", decided_at=early, planned_until=early, decisions=tuple(held)))
    lapsed = put(journal, person, BERLIN, ("movement",), NOON - 90 * MINUTE, lasts=20 * MINUTE)
    put(journal, person, BERLIN, ("cool_down",), NOON - 88 * MINUTE, lasts=20 * MINUTE)
    journal.close_expired(NOON - 60 * MINUTE)
    journal.answer_nudge(lapsed, Verb.DONE, NOON - 50 * MINUTE, "link")
    for minutes, via in ((47, "page"), (46, "desktop"), (45, "api")):
        done = put(journal, person, BERLIN, ("movement",), NOON - minutes * MINUTE)
        journal.answer_nudge(done, Verb.DONE, NOON - (minutes - 1) * MINUTE, via)
    journal.answer_habit("me", "hydration", Verb.DONE, NOON - 30 * MINUTE, "command", amount_ml=900)
    journal.answer_habit("me", "hydration", Verb.DONE, NOON - 29 * MINUTE, "desktop", amount_ml=900)
    skipped = put(journal, person, BERLIN, ("calcium_meal",), NOON - 9 * MINUTE)
    journal.answer_nudge(skipped, Verb.SKIP, NOON - 8 * MINUTE, "page")
    again(journal, german, "warm_up")
    snoozed = put(journal, person, BERLIN, ("potassium_meal",), NOON - 7 * MINUTE, results={"desktop": REFUSED})
    journal.answer_nudge(snoozed, Verb.SNOOZE, NOON - 6 * MINUTE, "desktop")
    put(journal, person, BERLIN, ("hydration", "movement"), NOON - 4 * MINUTE, results={"desktop": BROKEN_OFF})
    journal.pause("me", "warm_up", NOON - MINUTE, NOON + timedelta(hours=30), "me", FLARE_REASON, flare=True)
    journal.pause("me", None, NOON - MINUTE, NOON + timedelta(minutes=30), "me", "")
    return german


def again(journal: SqliteJournal, house: RealHouse, habit: str) -> None:
    """Put a habit to the person, let them snooze it, and put it once more."""
    person = house.lived_in.people[0]
    put(journal, person, BERLIN, (habit,), NOON - 20 * MINUTE)
    one = next(found for found in journal.open_occurrences("me") if found.habit == habit)
    journal.answer_occurrence(one.id, Verb.SNOOZE, NOON - 19 * MINUTE, "page", snooze_for=MINUTE)
    due = Decision("me", habit, one.slot_key, one.first_due_at, one.expires_at, Send(NOON - 5 * MINUTE, f"{one.id}#1"))
    send(journal, person, BERLIN, (due,), NOON - 5 * MINUTE)


@pytest.fixture
def troubled(busy: RealHouse) -> RealHouse:
    """The same, where nothing works."""
    busy.state = replace(
        busy.state, degraded="the disk is full", refused="⟦2 problems⟧", unbuildable=(("phone", "⟦no such file⟧"),)
    )
    busy.health["desktop"] = replace(
        healthy("desktop"), state=BreakerState.OPEN, failures_in_a_row=5, probe_at=NOON, detail="⟦no route⟧"
    )
    person = busy.lived_in.people[0]
    habits = tuple(replace(one, unsafe="⟦ask⟧") if one.id == "eyes" else one for one in person.habits)
    busy.lived_in = replace(busy.lived_in, people=(replace(person, habits=habits),))
    return busy


@pytest.fixture
def brackets(tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "texts"
    folder.mkdir()
    with german_in_brackets(folder):
        yield


def content_words(house: RealHouse, journal: SqliteJournal | None = None) -> set[str]:
    """Return the lines that are no phrases: of messages sent and planned, of the bad day, and names."""
    content = load_content("de")
    flare = content.flare
    found = [flare.introduction, flare.closing, content.texts.disclaimer, *flare.advice]
    found += [line for tier in flare.tiers for line in (tier.title, tier.message, *tier.signs)]
    nudges = () if journal is None else journal.nudges_between("me", NOON - timedelta(days=1), NOON + MINUTE)
    messages = [(nudge.title, nudge.text) for nudge in nudges]
    messages += [(row.title or "", row.text or "") for row in house.plan("me", NOON, 2)]
    return {" ".join(line.split()) for line in (*found, *(part for one in messages for part in lines_of(*one)))}


def lines_of(title: str, text: str) -> list[str]:
    return [title, *text.splitlines()]


def names(house: RealHouse) -> set[str]:
    titles = [texts.title for texts in load_content("de").texts.habits.values()]
    return {
        word for name in (*titles, "Reminders", "desktop", "phone", "ml", "Europe/Berlin") for word in bare_words(name)
    }


def said_past(page: str, known: Iterable[str], allowed: Iterable[str]) -> set[str]:
    """Return the words of a page that are in no phrase, no message and no name."""
    lines = Seen(page).lines
    for line in sorted(known, key=len, reverse=True):
        lines = [one.replace(line, " ") for one in lines] if line else lines
    return set(bare_words("\n".join(lines))) - set(allowed)


@pytest.mark.parametrize("address", ["/", "/?day=2026-11-23", "/?day=2026-11-25", "/bad-day"])
@pytest.mark.usefixtures("brackets")
def test_nothing_on_a_page_is_said_past_the_language(
    troubled: RealHouse, journal: SqliteJournal, visitor: Visitor, address: str
) -> None:
    known = content_words(troubled, journal)
    page = visitor.look(address)
    assert len(Seen(page).lines) > 30
    assert said_past(page, known, names(troubled)) == set()


@pytest.mark.parametrize("address", ["/", "/?day=2020-01-01", "/bad-day"])
@pytest.mark.usefixtures("brackets")
def test_nothing_on_an_empty_page_is_said_past_the_language(
    german: RealHouse, visit: Callable[[RealHouse], Visitor], clock: time_machine.Coordinates, address: str
) -> None:
    clock.move_to(NOON + timedelta(hours=9))
    german.lived_in = replace(german.lived_in, people=(replace(german.lived_in.people[0], habits=()),))
    assert said_past(visit(german).look(address), content_words(german), names(german)) == set()


@pytest.mark.usefixtures("brackets")
def test_nothing_that_a_person_is_told_of_what_they_did_is_said_past_the_language(
    busy: RealHouse, journal: SqliteJournal, visit: Callable[[RealHouse], Visitor]
) -> None:
    nudge = next(one for one in journal.open_occurrences("me") if one.habit == "hydration").nudge_id or ""
    acts: tuple[tuple[str, dict[str, str]], ...] = (
        ("/today/answer", {"nudge": nudge, "verb": "done"}),
        ("/today/answer", {"nudge": nudge, "verb": "skip"}),
        ("/today/answer", {"nudge": "x", "verb": "skip"}),
        ("/today/answer", {"occurrence": "me/x", "verb": "skip"}),
        ("/today/answer", {"verb": "x"}),
        ("/today/undo", {"habit": "hydration"}),
        ("/today/undo", {"habit": "eyes"}),
        ("/today/water", {"amount_ml": "800"}),
        ("/today/water", {"amount_ml": "x"}),
        ("/today/pause", {"length": "1h", "habit": "hydration"}),
        ("/today/pause", {"length": "1h", "habit": "1"}),
        ("/today/pause", {"length": "x"}),
        ("/today/pause", {"length": "until", "until": "x"}),
        ("/today/pause", {"length": "48h", "flare": "1"}),
        ("/today/resume", {"habit": "hydration"}),
        ("/today/resume", {"habit": ""}),
        ("/today/resume", {"habit": ""}),
    )
    told = [re.findall(r'<p class="notice.*?</p>', visit(busy).send(action, **fields))[0] for action, fields in acts]
    assert said_past("\n".join(told), (), names(busy)) == set()
    assert all("⟦" in one for one in told)


@pytest.mark.usefixtures("brackets")
def test_nothing_behind_a_link_is_said_past_the_language(
    busy: RealHouse, journal: SqliteJournal, visitor: Visitor, clock: time_machine.Coordinates
) -> None:
    nudge = next(one for one in journal.open_occurrences("me") if one.habit == "hydration").nudge_id or ""
    journal.add_link(hash_of(TOKEN) or "", nudge, NOON + timedelta(hours=12))
    address, known = f"/a/{TOKEN}", content_words(busy, journal)
    pages = [visitor.look(address)]
    for fields in (
        {"verb": "snooze"},
        {"verb": "undo"},
        {"verb": "done", "ask": "1"},
        {"verb": "skip"},
        {"verb": "skip"},
    ):
        pages += [visitor.client.post(address, data=fields).text, visitor.look(address)]
    for fields in ({"verb": "x"}, {"verb": "done", "ask": "9"}, {"verb": "done", "ask": "x"}, {"x": "y"}):
        pages.append(visitor.client.post(address, data=fields, headers={"accept": "text/html"}).text)
    clock.move_to(NOON + timedelta(hours=2))
    journal.close_expired(NOON + timedelta(hours=2))
    pages += [
        visitor.look(address),
        visitor.client.post(address, data={"verb": "undo"}, headers={"accept": "text/html"}).text,
    ]
    clock.move_to(NOON + timedelta(hours=13))
    pages.append(visitor.look(address, 410))
    allowed = {"ask", "verb", "amount", "done", "skip", "snooze", "undo", "habit", *names(busy)}
    assert said_past("\n".join(pages), known, allowed) == set()


@pytest.mark.usefixtures("brackets")
def test_nothing_around_the_pages_is_said_past_the_language(
    german: RealHouse, shipped: Household, visit: Callable[[RealHouse], Visitor]
) -> None:
    me = german.lived_in.people[0]
    german.lived_in = replace(shipped, people=(replace(me, id="alex", name="Alex"), replace(me, id="sam", name="Sam")))
    app = build_app(german, WebSpec(port=8377, login_token="${TOKEN}"), "a-secret-of-some-length")
    client = TestClient(app, base_url="http://127.0.0.1:8377", client=("127.0.0.1", 5), follow_redirects=False)
    page, plain = {"accept": "text/html"}, {"sec-fetch-site": "same-origin"}
    told = [visit(german).look(address, status) for address, status in (("/", 200), ("/x", 404), ("/?person=x", 404))]
    told += [visit(german).look("/?person=alex&day=x", 400), visit(german).look("/today/water", 405)]
    told += [client.get("/login").text, client.get("/healthz/x").text]
    told += [client.post("/login", data={"token": "x"}, headers=plain | page).text for _ in range(6)]
    told += [visit(german).client.get("/x").text, *(client.get("/login").text for _ in range(40))]
    told += [client.post("/login", data={"token": "x"}, headers={"sec-fetch-site": "cross-site"}).text]
    told += [client.post("/login", content=b"x" * 5000, headers=plain).text]
    told += [client.post("/login", content=b"x", headers=plain | page | {"content-type": "text/plain"}).text]
    alex = visit(german)
    mark = re.findall(r'name="csrf_token" value="([^"]*)"', alex.look("/?person=alex"))[0]
    told += [alex.post("/today/water", mark=one, person=whose).text for one, whose in (("x", "alex"), (mark, ""))]
    assert said_past("\n".join(told), (), {"Alex", "Sam", "alex", "sam", "day", *names(german)}) == set()


def test_a_day_is_told_in_german(busy: RealHouse, visitor: Visitor) -> None:
    page = visitor.look()
    said = text_of(page)
    assert '<html lang="de">' in page
    for line in (
        "Heute Verlauf Kanäle Konfiguration",
        "Dienstag, 24.11.2026",
        "Wartet auf dich",
        "gesendet vor 4 min, offen bis 12:56 (in 56 min)",
        "Erledigt, 200 ml",
        "Beides auf einmal: Alles erledigt Später Überspringen",
        "Kalium-Idee ist auf 12:09 (in 9 min) verschoben",
        "Calcium-Idee: übersprungen, vor 8 min Zurücknehmen",
        "heute 1,8 von 1,6 L",
        "Alles pausiert bis 12:30 (in 30 min)",
        "Aufwärmen pausiert bis morgen 18:00 (in 30 h): ein schlechter Tag",
        "Bewegungspause zurückgehalten: zu nah an einer anderen",
        "verstrichen: es kam keine Antwort; erledigt um 11:10 per Link, verspätet",
        "erledigt um 11:14 über die Seite",
        "erledigt um 11:15 am Desktop",
        "Wasser erledigt per Befehl, 900 ml ohne Erinnerung",
        'noch einmal, nach "Später"',
        "Alle Uhrzeiten sind Ortszeit (Europe/Berlin).",
    ):
        assert line in said, line


def test_what_was_done_is_told_in_german(busy: RealHouse, journal: SqliteJournal, visitor: Visitor) -> None:
    said = text_of(visitor.send("/today/water", amount_ml="250"))
    assert "250 ml eingetragen. Heute 2,05 von 1,6 L." in said
    assert 'Wasser: "Erledigt" zurückgenommen.' in text_of(visitor.send("/today/undo", habit="hydration"))
    assert "Nichts wurde geändert: sag, bis wann, mit einer Uhrzeit wie 14:30." in text_of(
        visitor.send("/today/pause", length="until", until="x")
    )
    said = text_of(visitor.send("/today/pause", length="48h", flare="1"))
    assert re.search(r"Bis \w+ 26\. Nov\. 12:00 \(in 2 Tagen\) ruht: Aufwärmen, Ausklang\.", said)
    assert {one.reason for one in journal.pauses("me", NOON) if one.flare} == {"a bad day"}  # as programs know it


def test_troubles_are_told_in_german(troubled: RealHouse, visitor: Visitor) -> None:
    said = text_of(visitor.look())
    assert "Die Konfigurationsdatei wurde nicht angenommen, deshalb gilt die vorige weiter: ⟦2 problems⟧." in said
    assert "Über den Kanal desktop kam zuletzt nichts an (gescheiterte Versuche: 5): ⟦no route⟧." in said
    assert "Mehr zeigt: reminders doctor" in said


@pytest.mark.parametrize("address", ["/", "/configuration"])
@pytest.mark.usefixtures("journal")
def test_why_a_habit_is_off_is_told_in_german_and_programs_read_it_in_english(
    german: RealHouse, visit: Callable[[RealHouse], Visitor], address: str
) -> None:
    me, unsafe = german.lived_in.people[0], unsafe_reason(Profile(), "potassium_meal", load_content())
    habits = tuple(replace(one, unsafe=unsafe if one.id == "potassium_meal" else None) for one in me.habits)
    german.lived_in = replace(german.lived_in, people=(replace(me, habits=habits),))
    said = text_of(visit(german).look(address))
    assert "Kalium-Ideen bleiben aus, bis beide Gesundheitsfragen beantwortet sind: Setz me.profile.conditions" in said
    assert "stay off" not in said
    (person,) = visit(german).client.get("/api/v1/status").json()["people"]
    assert person["unsafe"] == [{"habit": "potassium_meal", "hint": unsafe}]
