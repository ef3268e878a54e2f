"""Holds: the API does what the commands do, in their shapes, and refuses in constant ones."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from freezegun import freeze_time
from starlette.testclient import TestClient

from reminders.cli import main
from reminders.domain.answer import Verb
from reminders.domain.decision import Decision, Suppress
from reminders.domain.household import Household
from reminders.domain.occurrence import Reason
from reminders.domain.turn_record import TurnRecord
from reminders.web.api.history import harmless
from tests.web.place import FILE, NOW, Place, a_place, visitor

V1 = "/api/v1"


@pytest.fixture
def client(place: Place) -> TestClient:
    return visitor(place)


def hold_back(place: Place, reason: Reason, detail: str) -> None:
    decision = Decision(
        "me", "potassium_meal", "2026-03-24T12:15", NOW, NOW + timedelta(hours=1), Suppress(reason, detail)
    )
    with place.writing() as journal:
        journal.record(TurnRecord(person="me", decided_at=NOW, planned_until=NOW, decisions=(decision,)))


# -- answers ---------------------------------------------------------------------------------------------------------


def test_an_answer_for_a_habit_counts_for_what_is_open(place: Place, client: TestClient) -> None:
    nudge = place.ask("hydration")
    response = client.post(f"{V1}/answers", json={"habit": "hydration", "verb": "done", "amount_ml": 300})
    assert response.status_code == 200
    assert response.json() == {
        "outcome": "counted",
        "person": "me",
        "habit": "hydration",
        "standing": "done",
        "until": None,
        "amount_ml": 300,
        "detail": "",
    }
    assert (place.states(nudge), place.woken) == (["done"], 1)


def test_done_with_nothing_open_is_credited(client: TestClient) -> None:
    response = client.post(f"{V1}/answers", json={"habit": "movement", "verb": "done"})
    assert (response.status_code, response.json()["outcome"]) == (200, "credited")


def test_an_answer_for_one_occurrence_leaves_the_other_of_its_nudge(place: Place, client: TestClient) -> None:
    nudge = place.ask("hydration", "movement")
    occurrence = place.asked(nudge)[1].id
    for outcome in ("counted", "already"):
        response = client.post(f"{V1}/answers", json={"occurrence": occurrence, "verb": "skip"})
        assert (response.status_code, response.json()["outcome"]) == (200, outcome)
    assert place.states(nudge) == ["sent", "skipped"]


def test_a_snooze_lasts_as_long_as_was_said_or_as_the_habit_has_it(place: Place, client: TestClient) -> None:
    nudge = place.ask("movement")
    answer = {"occurrence": place.asked(nudge)[0].id, "verb": "snooze"}
    response = client.post(f"{V1}/answers", json={**answer, "snooze_minutes": 20})
    assert response.json()["until"] == "2026-03-24T11:40:00+01:00"


def test_an_occurrence_that_was_not_sent_cannot_be_answered_yet(place: Place, client: TestClient) -> None:
    from reminders.domain.decision import Defer  # noqa: PLC0415

    verdict = Defer(NOW + timedelta(minutes=5), Reason.BUSY)
    decision = Decision("me", "movement", "x", NOW, NOW + timedelta(hours=1), verdict)
    with place.writing() as journal:
        journal.record(TurnRecord(person="me", decided_at=NOW, planned_until=NOW, decisions=(decision,)))
    before = place.events()
    response = client.post(f"{V1}/answers", json={"occurrence": "me/movement/x", "verb": "done"})
    assert (response.status_code, response.json()["error"]) == (409, "conflict")
    assert place.events() == before


def test_a_late_done_is_recorded_as_late(place: Place, client: TestClient) -> None:
    occurrence = place.asked(place.ask("movement", lasts=timedelta(minutes=30)))[0].id
    place.go_on(hours=1)
    assert client.post(f"{V1}/answers", json={"occurrence": occurrence, "verb": "skip"}).status_code == 409
    response = client.post(f"{V1}/answers", json={"occurrence": occurrence, "verb": "done"})
    assert (response.status_code, response.json()["outcome"]) == (200, "late")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"habit": "swimming", "verb": "done"}, 404),
        ({"occurrence": "me/movement/never", "verb": "done"}, 404),
        ({"habit": "movement", "verb": "done", "person": "nobody"}, 404),
        ({"habit": "movement", "verb": "skip"}, 409),
        ({"verb": "done"}, 422),
        ({"habit": "movement"}, 422),
        ({"habit": "movement", "occurrence": "x", "verb": "done"}, 422),
        ({"habit": "movement", "verb": "drop"}, 422),
        ({"habit": "movement", "verb": ["done"]}, 422),
        ({"habit": 7, "verb": "done"}, 422),
        ({"habit": None, "verb": "done"}, 422),
        ({"habit": "movement", "verb": "done", "amount_ml": 250}, 422),
        ({"habit": "hydration", "verb": "done", "amount_ml": "250"}, 422),
        ({"habit": "hydration", "verb": "done", "amount_ml": True}, 422),
        ({"habit": "hydration", "verb": "done", "amount_ml": 250.5}, 422),
        ({"habit": "hydration", "verb": "done", "amount_ml": 5}, 422),
        ({"habit": "hydration", "verb": "skip", "amount_ml": 250}, 422),
        ({"habit": "movement", "verb": "snooze", "snooze_minutes": 0}, 422),
        ({"occurrence": "x", "verb": "done", "person": "me"}, 422),
        ({"habit": "movement", "verb": "done", "who": "me"}, 422),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_changes_nothing(
    place: Place, client: TestClient, said: dict[str, Any], status: int
) -> None:
    before = place.events()
    response = client.post(f"{V1}/answers", json=said)
    assert response.status_code == status
    assert set(response.json()) == {"error", "detail"}
    assert place.events() == before


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[" * 3000, "application/json", 400),
        (b'{"verb": "done", "verb": "skip", "habit": "movement"}', "application/json", 400),
        (b'{"verb": NaN}', "application/json", 400),
        (b'{"verb": "\\ud800"}', "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"habit=movement&verb=done", "application/x-www-form-urlencoded", 415),
        (b"{}", "multipart/form-data", 415),
    ],
)
def test_what_is_no_json_object_is_refused(client: TestClient, body: bytes, kind: str, status: int) -> None:
    response = client.post(f"{V1}/answers", content=body, headers={"content-type": kind})
    assert (response.status_code, set(response.json())) == (status, {"error", "detail"})


def test_the_newest_answer_is_taken_back(place: Place, client: TestClient) -> None:
    nudge = place.ask("movement")
    place.say(nudge, Verb.DONE)
    response = client.post(f"{V1}/undo", json={"habit": "movement"})
    assert (response.status_code, response.json()["detail"]) == (200, "done taken back")
    assert place.states(nudge) == ["sent"]
    assert client.post(f"{V1}/undo", json={}).status_code == 409


# -- pauses and water ------------------------------------------------------------------------------------------------


def test_a_pause_begins_shows_and_ends(place: Place, client: TestClient) -> None:
    made = client.post(f"{V1}/pauses", json={"habit": "movement", "minutes": 90, "reason": "guests"})
    assert made.status_code == 201
    assert made.json() == [
        {
            "habit": "movement",
            "starts_at": "2026-03-24T11:20:00+01:00",
            "ends_at": "2026-03-24T12:50:00+01:00",
            "author": "me",
            "reason": "guests",
            "flare": False,
        }
    ]
    assert client.get(f"{V1}/pauses").json() == made.json()
    assert len(client.delete(f"{V1}/pauses?habit=movement").json()) == 1
    assert client.get(f"{V1}/pauses").json() == []


def test_a_pause_of_no_length_is_an_hour_and_of_everything(client: TestClient) -> None:
    (pause,) = client.post(f"{V1}/pauses", json={}).json()
    assert (pause["habit"], pause["ends_at"]) == (None, "2026-03-24T12:20:00+01:00")


def test_on_a_bad_day_only_what_does_not_suit_one_rests(client: TestClient) -> None:
    response = client.post(f"{V1}/pauses", json={"flare": True})
    assert response.status_code == 409  # Alex has neither warm-up nor walks
    (pause,) = client.post(f"{V1}/pauses", json={"flare": True, "habit": "movement"}).json()
    assert (pause["reason"], pause["flare"], pause["ends_at"]) == ("a bad day", True, "2026-03-26T11:20:00+01:00")


def test_water_adds_up(client: TestClient) -> None:
    assert client.get(f"{V1}/water").json()["drunk_ml"] == 0
    client.post(f"{V1}/water", json={"ml": 250})
    told = client.post(f"{V1}/water", json={"ml": 300}).json()
    assert (told["person"], told["drunk_ml"]) == ("me", 550)
    assert client.get(f"{V1}/water").json() == told
    assert client.post(f"{V1}/water", json={}).status_code == 422


# -- the record ------------------------------------------------------------------------------------------------------


def test_occurrences_are_those_asked_for(place: Place, client: TestClient) -> None:
    first = place.ask("movement")
    place.say(first, Verb.DONE)
    place.go_on(minutes=5)
    place.ask("hydration")
    both = client.get(f"{V1}/occurrences").json()
    assert [(row["habit"], row["state"]) for row in both] == [("movement", "done"), ("hydration", "sent")]
    assert both[0]["id"] == place.asked(first)[0].id
    assert [row["habit"] for row in client.get(f"{V1}/occurrences?state=sent").json()] == ["hydration"]
    assert [row["habit"] for row in client.get(f"{V1}/occurrences?limit=1").json()] == ["movement"]
    assert client.get(f"{V1}/occurrences?until=2026-03-24").json() == []
    assert len(client.get(f"{V1}/occurrences?since=2000-01-01").json()) == 2
    assert len(client.get(f"{V1}/occurrences?since=2026-03-24T11:21").json()) == 1
    assert len(client.get(f"{V1}/occurrences", params={"since": "2026-03-24T10:21:00Z"}).json()) == 1


@pytest.mark.parametrize(
    "query",
    ["state=planed", "since=yesterday", "since=2026-02-30", "since=24-03-2026", "limit=0", "limit=x", "limit=1&limit=2",
     "what=1", "person=nobody", "since=", "until=2026-03-24T25:00"],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(client: TestClient, query: str) -> None:
    response = client.get(f"{V1}/occurrences?{query}")
    assert response.status_code == (404 if "person" in query else 422)
    assert set(response.json()) == {"error", "detail"}


def test_the_export_holds_every_occurrence_as_a_line(place: Place, client: TestClient) -> None:
    place.say(place.ask("movement"), Verb.DONE)
    hold_back(place, Reason.BUSY, '=HYPERLINK("http://evil.example")')
    response = client.get(f"{V1}/history.csv?days=3660")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [(row["habit"], row["state"], row["answer"], row["late"]) for row in rows] == [
        ("movement", "done", "done", "false"),
        ("potassium_meal", "suppressed", "", "false"),
    ]
    assert rows[1]["detail"] == '\'=HYPERLINK("http://evil.example")'


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(beginning: str) -> None:
    assert harmless(f"{beginning}1+1") == f"'{beginning}1+1"
    assert harmless("12:15") == "12:15"


def test_a_long_record_is_exported_whole_and_in_order(place: Place, client: TestClient) -> None:
    for _ in range(40):
        place.moment -= timedelta(days=1)
    asked = []
    for _ in range(40):
        place.go_on(days=1)
        asked.append(place.asked(place.ask("movement"))[0].slot_key)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{V1}/history.csv?days=60").text)))
    assert [row["slot_key"] for row in rows] == asked
    (record,) = client.get(f"{V1}/history.json?days=60").json()
    assert [row["slot_key"] for row in record["occurrences"]] == asked


# -- the same shapes as the commands ---------------------------------------------------------------------------------


def printed(place: Place, *words: str) -> Any:
    """Return what a command prints about the same record, at the same moment."""
    config = place.folder / "reminders.yaml"
    config.write_text(FILE, encoding="utf-8")
    with freeze_time(place.moment, real_asyncio=True):
        result = CliRunner().invoke(main, [*words, "--json", "--config", str(config), "--data-dir", str(place.folder)])
    return json.loads(result.stdout)


@pytest.fixture
def lived(place: Place) -> Place:
    """Let a morning pass."""
    place.say(place.ask("movement"), Verb.DONE)
    hold_back(place, Reason.UNSAFE, "a hint")
    place.go_on(minutes=5)
    place.say(place.ask("hydration"), Verb.SNOOZE)
    with place.writing() as journal:
        journal.answer_habit("me", "potassium_meal", Verb.DONE, place.moment, "command")
        journal.pause("me", "movement", place.moment, place.moment + timedelta(hours=1), "me", "guests")
    place.go_on(minutes=1)
    return place


def test_history_is_what_the_command_prints(lived: Place) -> None:
    (told,) = visitor(lived).get(f"{V1}/history.json?days=3").json()
    (command,) = printed(lived, "history", "--days", "3")
    assert told == command


def test_plan_is_what_the_command_prints(lived: Place) -> None:
    with freeze_time(lived.moment, real_asyncio=True):
        told = visitor(lived).get(f"{V1}/plan?days=2").json()
    assert told == printed(lived, "plan", "--days", "2")
    assert told


def test_people_in_status_are_what_the_command_prints(lived: Place) -> None:
    with freeze_time(lived.moment, real_asyncio=True):
        told = visitor(lived).get(f"{V1}/status").json()
    command = printed(lived, "status")
    assert told["people"] == command["people"]
    assert set(told) == set(command)
    assert told["channels"][0].items() >= command["channels"][0].items()


# -- several people --------------------------------------------------------------------------------------------------


def test_of_several_people_the_one_meant_is_named(tmp_path: Any, several: Household) -> None:
    client = visitor(a_place(tmp_path, several))
    for response in (
        client.post(f"{V1}/answers", json={"habit": "hydration", "verb": "done"}),
        client.get(f"{V1}/water"),
        client.delete(f"{V1}/pauses"),
        client.get("/calendar.ics"),
    ):
        assert response.status_code == 422
        assert "alex, sam" in response.text
    answer = {"habit": "hydration", "verb": "done", "person": "sam"}
    assert client.post(f"{V1}/answers", json=answer).json()["person"] == "sam"


def test_health_is_told_to_nobody_but_the_person(tmp_path: Any, several: Household) -> None:
    place = a_place(tmp_path, several)
    decision = Decision(
        "sam", "potassium_meal", "x", NOW, NOW + timedelta(hours=1), Suppress(Reason.UNSAFE, "because of the kidneys")
    )
    with place.writing() as journal:
        journal.record(TurnRecord(person="sam", decided_at=NOW, planned_until=NOW, decisions=(decision,)))
        journal.pause("sam", None, NOW, NOW + timedelta(hours=1), "sam", "a bad back", flare=True)
    client = visitor(place)
    paths = ("/status", "/occurrences", "/history.json", "/history.csv")
    for path in paths:
        assert "kidneys" not in client.get(f"{V1}{path}").text
        assert "a bad back" not in client.get(f"{V1}{path}").text
    assert "kidneys" in client.get(f"{V1}/occurrences?person=sam").text
    assert "a bad back" in client.get(f"{V1}/status?person=sam").text


# -- what is not there -----------------------------------------------------------------------------------------------


def test_what_is_not_there_is_told_as_json(client: TestClient) -> None:
    assert client.get(f"{V1}/nowhere").json() == {"error": "not_found", "detail": "Not Found"}
    response = client.put(f"{V1}/pauses", json={})
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "POST", "DELETE"}
    assert response.json()["error"] == "method_not_allowed"


def test_a_journal_that_is_away_is_503_without_its_path(place: Place, client: TestClient) -> None:
    place.path.unlink()
    for path in ("/status", "/occurrences", "/water", "/pauses", "/history.json", "/history.csv"):
        response = client.get(f"{V1}{path}")
        assert (response.status_code, response.json()["error"]) == (503, "unavailable")
        assert str(place.folder) not in response.text
        assert int(response.headers["retry-after"]) > 0
