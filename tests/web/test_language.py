"""Holds: whose language a request is answered in: the person's, else the visitor's; programs hear English."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from starlette.testclient import TestClient

from reminders.catalogue.phrases import language_spoken
from reminders.domain.answer import Verb
from reminders.domain.household import Household
from reminders.web.language import CHOICES_AT_MOST, language_accepted
from tests.web.place import ELSEWHERE, PUBLIC, TOKEN, Place, a_place, visitor

GERMAN = {"accept": "text/html", "accept-language": "de-AT,de;q=0.9,en;q=0.5"}
ENGLISH = {"accept": "text/html", "accept-language": "en-GB,en;q=0.9"}
FRENCH = {"accept": "text/html", "accept-language": "fr"}
PAGES = ("/", "/bad-day", "/history", "/channels", "/configuration")


@pytest.fixture
def german(place: Place) -> Place:
    """Alex's house, where Alex speaks German."""
    (alex,) = place.lived_in.people
    place.lived_in = replace(place.lived_in, people=(replace(alex, language="de"),))
    return place


@pytest.fixture
def both(tmp_path: Path, several: Household) -> Place:
    """A house of two: Alex speaks German, Sam English."""
    alex, sam = several.people
    return a_place(tmp_path, replace(several, people=(replace(alex, language="de"), sam)))


def language_of(response: Any) -> str:
    found = re.search(r'<html lang="(\w+)">', response.text)
    assert found is not None, response.text
    return found[1]


def form_of(page: str, **fields: str) -> dict[str, str]:
    mark = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert mark is not None
    return {"csrf_token": mark[1], **fields}


@pytest.mark.parametrize("page", PAGES)
def test_a_persons_page_speaks_their_language_whatever_the_browser_asks_for(german: Place, page: str) -> None:
    assert language_of(visitor(german).get(page, headers=ENGLISH)) == "de"


@pytest.mark.parametrize("page", PAGES)
def test_with_several_people_each_page_speaks_the_language_of_the_one_it_is_about(both: Place, page: str) -> None:
    client = visitor(both)
    assert language_of(client.get(page, params={"person": "alex"}, headers=ENGLISH)) == "de"
    assert language_of(client.get(page, params={"person": "sam"}, headers=GERMAN)) == "en"


@pytest.mark.parametrize(("headers", "language"), [(GERMAN, "de"), (ENGLISH, "en"), (FRENCH, "de"), ({}, "de")])
def test_a_page_about_nobody_speaks_the_visitors_language_and_else_the_first_persons(
    both: Place, headers: dict[str, str], language: str
) -> None:
    page = visitor(both).get("/", headers=headers)
    assert language_of(page) == language
    assert ("Wer ist da?" if language == "de" else "Who is it?") in page.text


@pytest.mark.parametrize(("headers", "words"), [(GERMAN, "Anmelde-Token"), (ENGLISH, "Login token")])
def test_the_login_speaks_the_visitors_language(both: Place, headers: dict[str, str], words: str) -> None:
    client = visitor(both, peer=ELSEWHERE, token=TOKEN, at=PUBLIC, public_url=PUBLIC)
    assert words in client.get("/login", headers=headers).text


def test_what_is_done_on_the_page_is_told_in_the_language_of_who_did_it(both: Place) -> None:
    client = visitor(both, headers={"sec-fetch-site": "same-origin"})
    for person, words in (("alex", "250 ml eingetragen."), ("sam", "250 ml logged.")):
        page = client.get("/", params={"person": person}).text
        told = client.post("/today/water", data=form_of(page, person=person, amount_ml="250"))
        assert words in client.get(told.headers["location"]).text
        refused = client.post("/today/water", data=form_of(page, person=person, amount_ml="-1"))
        slip = "eine Menge ist eine ganze Zahl" if person == "alex" else "an amount is a whole number"
        assert slip in client.get(refused.headers["location"]).text


def test_a_link_speaks_the_language_of_whom_it_was_sent_to(german: Place) -> None:
    nudge = german.ask("hydration", "movement")
    token, client = german.link(nudge), visitor(german)
    shown = client.get(f"/a/{token}", headers=ENGLISH)
    assert language_of(shown) == "de"
    assert "Alles erledigt" in shown.text
    answered = client.post(f"/a/{token}", data={"verb": "skip"}, headers=ENGLISH)
    assert "Wasser: übersprungen" in answered.text
    assert "Bewegungspause: übersprungen" in answered.text


def test_a_link_that_is_dead_or_none_of_ours_is_told_of_in_german_too(german: Place) -> None:
    token, client = german.link(german.ask("movement")), visitor(german)
    german.go_on(hours=14)
    assert "Dieser Link ist zu alt, um damit zu antworten." in client.get(f"/a/{token}", headers=ENGLISH).text
    assert "Dieser Link ist keiner von uns" in client.get(f"/a/{'A' * 22}", headers=GERMAN).text
    assert "This link is not one of ours" in client.get(f"/a/{'A' * 22}", headers=ENGLISH).text


@pytest.mark.parametrize(
    ("headers", "title", "words"),
    [
        (GERMAN, "Nicht gefunden", "Unter dieser Adresse gibt es keine Seite."),
        (ENGLISH, "Not Found", "There is no page at this address."),
    ],
)
def test_an_unknown_address_says_what_it_is_and_leads_back(
    both: Place, headers: dict[str, str], title: str, words: str
) -> None:
    told = visitor(both).get("/nowhere", headers=headers)
    assert told.status_code == 404
    assert f"<h1>{title}</h1>" in told.text
    assert f"<p>{words}</p>" in told.text
    assert '<a href="/">' in told.text


def test_what_the_gate_turns_away_is_told_in_the_visitors_language(both: Place) -> None:
    client = visitor(both, at="http://elsewhere.example:8377")
    assert client.get("/", headers=GERMAN).text == "Nicht erlaubt: dieser Name führt nicht hierher\n"
    assert client.get("/", headers=ENGLISH).text == "Forbidden: this name does not lead here\n"


def test_programs_hear_english(german: Place) -> None:
    client = visitor(german)
    assert client.get("/api/v1/nowhere", headers=GERMAN).json() == {"error": "not_found", "detail": "Not Found"}
    unread = client.post("/api/v1/water", content=b"{", headers=GERMAN | {"content-type": "application/json"}).json()
    assert unread["detail"] == "the JSON cannot be read"
    elsewhere = visitor(german, at="http://elsewhere.example:8377").get("/api/v1/status", headers=GERMAN).json()
    assert elsewhere["detail"] == "this name does not lead here"
    assert client.get("/healthz", headers=GERMAN).json() == {"status": "ok"}
    assert client.get("/metrics", headers=GERMAN).text == client.get("/metrics", headers=ENGLISH).text


def test_a_program_that_answers_by_a_link_hears_english(german: Place) -> None:
    nudge = german.ask("movement", lasts=timedelta(minutes=5))
    token, client = german.link(nudge), visitor(german)
    german.say(nudge, Verb.DONE)
    (told,) = client.post(f"/a/{token}", json={"verb": "skip"}, headers=GERMAN).json()
    assert told["detail"] == "already answered: done"
    refused = client.post(f"/a/{token}", json={"verb": "drop"}, headers={"accept-language": "de"}).text
    assert refused.startswith('Unprocessable Entity: "verb" must be one of: ')


def test_visitors_at_the_same_time_are_each_spoken_to_in_their_own_language(both: Place) -> None:
    client = visitor(both)

    def looked(number: int) -> tuple[str, str]:
        person = ("alex", "sam")[number % 2]
        return person, language_of(client.get("/", params={"person": person}))

    with start_blocking_portal() as portal, ThreadPoolExecutor(4) as visitors:
        client.portal = portal  # one event loop for all of them, as the page has
        found = set(visitors.map(looked, range(16)))
    assert found == {("alex", "de"), ("sam", "en")}
    assert language_spoken() == "en"


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("de", "de"),
        ("DE-at", "de"),
        ("en;q=0.4, de;q=0.8", "de"),
        ("de;q=0.5,en", "en"),
        ("de, en", "de"),
        ("fr, de;q=0.1", "de"),
        ("fr;q=0.9, *;q=0.5", None),
        ("de;q=0", None),
        ("de;q=0, en;q=0.1", "en"),
        ("de;q=x, en;q=0.1", "en"),
        ("de;q=nan, en;q=0.1", "en"),
        ("de;q=9, en;q=0.1", "en"),
        ("de ; q = 0.3 ; x=y, en;q=0.2", "de"),
        ("", None),
        (";;,,=;q", None),
        ("fr," * CHOICES_AT_MOST + "de", None),
        ("../../etc/passwd", None),
    ],
)
def test_the_language_a_browser_likes_best_is_taken_where_there_are_texts_in_it(
    written: str, language: str | None
) -> None:
    assert language_accepted(written) == language


@pytest.fixture
def client(place: Place) -> TestClient:
    return visitor(place)


def test_a_merged_nudge_that_is_half_answered_still_says_what_is_left(place: Place, client: TestClient) -> None:
    nudge = place.ask("hydration", "movement")
    assert client.get("/").text.count("<h4>") == 2
    with place.writing() as journal:
        journal.answer_occurrence(place.asked(nudge)[0].id, Verb.DONE, place.moment, "page")
    left = client.get("/").text
    assert re.findall(r"<h4>([^<]*)</h4>", left) == ["Short break"]
    assert "Both at once:" not in left


def test_what_one_press_answered_is_all_named_when_it_is_taken_back(place: Place, client: TestClient) -> None:
    nudge = place.ask("hydration", "movement")
    token = place.link(nudge)
    client.post(f"/a/{token}", data={"verb": "done"})
    told = client.post(f"/a/{token}", data={"verb": "undo"}).text
    assert re.findall(r"<p>([^<]*taken back)</p>", told) == ["Water: done taken back", "Short break: done taken back"]
    assert place.states(nudge) == ["sent", "sent"]
    client.post(f"/a/{token}", data={"verb": "skip"})
    receipts = client.post(f"/a/{token}", json={"verb": "undo"}).json()
    assert sorted(one["habit"] for one in receipts) == ["hydration", "movement"]


def test_only_what_was_answered_by_that_press_is_named_when_it_is_taken_back(place: Place, client: TestClient) -> None:
    token = place.link(place.ask("hydration", "movement"))
    client.post(f"/a/{token}", data={"verb": "done", "ask": "1"})
    client.post(f"/a/{token}", data={"verb": "skip", "ask": "2"})
    told = client.post(f"/a/{token}", data={"verb": "undo"}).text
    assert re.findall(r"<p>([^<]*taken back)</p>", told) == ["Short break: skip taken back"]
