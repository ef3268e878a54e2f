"""Holds: what a link in a message shows and counts, once, for as long as it lives, and nothing for anybody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from reminders.domain.answer import Verb
from tests.web.place import ELSEWHERE, PUBLIC, TOKEN, Place, visitor

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def client(place: Place) -> TestClient:
    """Return a stranger to the house: who has the link comes from anywhere, without a login."""
    return visitor(place, peer=ELSEWHERE, token=TOKEN, at=PUBLIC, public_url=PUBLIC)


def buttons(text: str) -> list[tuple[str, str]]:
    """Return (number of the ask, verb) for every button; "" = it answers all."""
    found = []
    for form in re.findall(r"<form.*?</form>", text, re.DOTALL):
        ask = re.search(r'name="ask" value="(\d)"', form)
        found += [(ask[1] if ask else "", verb) for verb in re.findall(r'name="verb" value="(\w+)"', form)]
    return found


def test_looking_shows_the_nudge_and_changes_nothing(place: Place, client: TestClient) -> None:
    nudge = place.ask("movement")
    token = place.link(nudge)
    before = place.events()
    for _ in range(3):
        response = client.get(f"/a/{token}")
        assert client.head(f"/a/{token}").status_code == 200
    assert response.status_code == 200
    assert "<h2" in response.text
    assert buttons(response.text) == [("1", "done"), ("1", "snooze"), ("1", "skip")]
    assert "<script" not in response.text
    assert (place.events(), place.states(nudge)) == (before, ["sent"])


@pytest.mark.parametrize(
    ("verb", "state", "words"),
    [("done", "done", "done"), ("skip", "skipped", "skipped"), ("snooze", "planned", "snoozed until 11:35")],
)
def test_sending_the_form_counts(place: Place, client: TestClient, verb: str, state: str, words: str) -> None:
    nudge = place.ask("movement")
    token = place.link(nudge)
    response = client.post(f"/a/{token}", data={"verb": verb, "ask": "1"})
    assert response.status_code == 200
    assert f"Short break: {words}" in response.text
    assert (place.states(nudge), place.woken) == ([state], 1)


def test_said_again_it_counts_once(place: Place, client: TestClient) -> None:
    nudge = place.ask("movement")
    token = place.link(nudge)
    client.post(f"/a/{token}", data={"verb": "done"})
    before = place.events()
    again = client.post(f"/a/{token}", data={"verb": "done"})
    assert (again.status_code, place.events()) == (200, before)
    assert "already done, which stands" in again.text


def test_the_first_verdict_wins_and_a_second_device_sees_it(place: Place, client: TestClient) -> None:
    nudge = place.ask("movement")
    phone, laptop = place.link(nudge), place.link(nudge)
    client.post(f"/a/{phone}", data={"verb": "done"})
    assert "already done, which stands" in client.post(f"/a/{laptop}", data={"verb": "skip"}).text
    shown = client.get(f"/a/{laptop}").text
    assert "Done" in shown
    assert buttons(shown) == [("", "undo")]
    assert place.states(nudge) == ["done"]


def test_of_two_asks_each_can_be_answered_alone_or_both_at_once(place: Place, client: TestClient) -> None:
    nudge = place.ask("hydration", "movement")
    token = place.link(nudge)
    shown = buttons(client.get(f"/a/{token}").text)
    assert shown == [(ask, verb) for ask in ("1", "2", "") for verb in ("done", "snooze", "skip")]
    client.post(f"/a/{token}", data={"verb": "skip", "ask": "2"})
    assert place.states(nudge) == ["sent", "skipped"]
    client.post(f"/a/{token}", data={"verb": "done"})
    assert place.states(nudge) == ["done", "skipped"]


@pytest.mark.parametrize(("amount", "logged"), [("300ml", 300), ("0.3l", 300), ("250", 250), ("", 200)])
def test_an_amount_goes_along(place: Place, client: TestClient, amount: str, logged: int) -> None:
    token = place.link(place.ask("hydration"))
    assert 'name="amount"' in client.get(f"/a/{token}").text
    assert client.post(f"/a/{token}", data={"verb": "done", "ask": "1", "amount": amount}).status_code == 200
    with place.writing() as journal:
        assert journal.water_ml("me", place.moment - timedelta(1), place.moment + timedelta(1)) == logged


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"verb": "drop"},
        {"verb": "DONE"},
        {"verb": "done", "ask": "3"},
        {"verb": "done", "ask": "0"},
        {"verb": "done", "ask": "x"},
        {"verb": "done", "ask": "\u0663"},
        {"verb": "done", "amount": "lots"},
        {"verb": "done", "amount": "99999"},
        {"verb": "done", "person": "sam"},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    place: Place, client: TestClient, said: dict[str, str]
) -> None:
    nudge = place.ask("hydration", "movement")
    token, before = place.link(nudge), place.events()
    assert client.post(f"/a/{token}", data=said).status_code == 422
    assert client.post(f"/a/{token}", json=said).status_code == 422
    assert place.events() == before


@pytest.mark.parametrize("body", [b"{", b'["done"]', b"{" * 3000, b"verb=%ff", "verb=d\u00f6ne".encode(), b"\x00"])
def test_what_cannot_be_read_is_refused(place: Place, client: TestClient, body: bytes) -> None:
    token = place.link(place.ask("movement"))
    assert client.post(f"/a/{token}", content=body, headers=FORM).status_code in (400, 422)


def test_a_button_sends_json_of_no_named_type_and_hears_json(place: Place, client: TestClient) -> None:
    nudge = place.ask("hydration", "movement")
    token = place.link(nudge)
    first = client.post(f"/a/{token}", content=b'{"verb": "done", "ask": 2}')
    assert [(one["habit"], one["outcome"]) for one in first.json()] == [("movement", "counted")]
    second = client.post(f"/a/{token}", json={"verb": "skip"}).json()
    assert [(one["habit"], one["outcome"], one["standing"]) for one in second] == [
        ("hydration", "counted", "skip"),
        ("movement", "already", "done"),
    ]


def test_an_answer_can_be_taken_back_for_ten_minutes(place: Place, client: TestClient) -> None:
    nudge = place.ask("movement")
    token = place.link(nudge)
    client.post(f"/a/{token}", data={"verb": "skip"})
    response = client.post(f"/a/{token}", data={"verb": "undo"})
    assert "Short break: skip taken back" in response.text
    assert place.states(nudge) == ["sent"]
    client.post(f"/a/{token}", data={"verb": "done"})
    place.go_on(minutes=11)
    assert ("", "undo") not in buttons(client.get(f"/a/{token}").text)
    assert client.post(f"/a/{token}", data={"verb": "undo"}).status_code == 409
    assert place.states(nudge) == ["done"]


def test_a_link_takes_back_only_what_its_own_nudge_asked(place: Place, client: TestClient) -> None:
    first = place.ask("movement")
    token = place.link(first)
    place.say(first, Verb.DONE)
    place.go_on(minutes=1)
    other = place.ask("hydration")
    place.say(other, Verb.SKIP)
    client.post(f"/a/{token}", data={"verb": "undo"})
    assert (place.states(first), place.states(other)) == (["sent"], ["skipped"])


def test_done_after_the_end_is_late_and_said_so(place: Place, client: TestClient) -> None:
    nudge = place.ask("movement", lasts=timedelta(minutes=30))
    token = place.link(nudge)
    place.go_on(hours=2)
    shown = client.get(f"/a/{token}").text
    assert "Over; Done is recorded as late" in shown
    assert buttons(shown) == [("1", "done")]
    assert "recorded as late: it had lapsed" in client.post(f"/a/{token}", data={"verb": "done"}).text
    (occurrence,) = place.asked(nudge)
    assert (occurrence.state.value, occurrence.answered_late) == ("lapsed", True)


def test_skip_after_the_end_changes_nothing(place: Place, client: TestClient) -> None:
    nudge = place.ask("movement", lasts=timedelta(minutes=30))
    token = place.link(nudge)
    place.go_on(hours=2)
    assert client.post(f"/a/{token}", data={"verb": "skip"}).status_code == 409
    assert client.post(f"/a/{token}", json={"verb": "skip"}).json()["error"] == "conflict"


def test_a_habit_that_left_the_file_can_be_answered_all_the_same(place: Place, client: TestClient) -> None:
    nudge = place.ask("movement")
    token = place.link(nudge)
    (person,) = place.lived_in.people
    place.lived_in = type(place.lived_in)(
        people=(type(person)(**{**_fields(person), "habits": person.habits[:1]}),), channels=place.lived_in.channels
    )
    assert client.get(f"/a/{token}").status_code == 200
    assert client.post(f"/a/{token}", data={"verb": "snooze"}).status_code == 200
    assert client.post(f"/a/{token}", data={"verb": "done"}).status_code == 200
    assert place.states(nudge) == ["done"]


def _fields(person: object) -> dict[str, object]:
    return {name: getattr(person, name) for name in person.__dataclass_fields__}  # type: ignore[attr-defined]


UNKNOWN = ["x", "A" * 22, "%00", "A" * 64, "A" * 65, "A" * 10_000, "\u00e4", "me/movement"]


@pytest.mark.parametrize("token", UNKNOWN)
def test_a_link_that_is_not_ours_opens_nothing_in_constant_words(place: Place, client: TestClient, token: str) -> None:
    real = place.link(place.ask("movement"))
    before = place.events()
    answers = [client.get(f"/a/{token}"), client.post(f"/a/{token}", data={"verb": "done"})]
    tampered = f"{real[:-1]}{'A' if real[-1] != 'A' else 'B'}"
    answers += [client.get(f"/a/{tampered}"), client.post(f"/a/{tampered}", data={"verb": "done"})]
    told = {(answer.status_code, answer.text) for answer in answers if answer.status_code != 404}
    assert [status for status, _ in told] == [403]
    assert place.events() == before


def test_a_link_is_dead_twelve_hours_after_its_nudge(place: Place, client: TestClient) -> None:
    nudge = place.ask("movement", lasts=timedelta(hours=1))
    token, before = place.link(nudge), place.events()
    place.go_on(hours=12, minutes=59)
    assert client.get(f"/a/{token}").status_code == 200
    place.go_on(minutes=1)
    assert client.get(f"/a/{token}").status_code == 410
    assert client.post(f"/a/{token}", data={"verb": "done"}).status_code == 410
    assert place.events() == before


def test_a_link_of_one_nudge_answers_no_other(place: Place, client: TestClient) -> None:
    first = place.ask("movement")
    place.go_on(minutes=1)
    second = place.ask("hydration")
    client.post(f"/a/{place.link(first)}", data={"verb": "done"})
    assert (place.states(first), place.states(second)) == (["done"], ["sent"])


def test_what_the_link_shows_is_escaped(place: Place, client: TestClient) -> None:
    (person,) = place.lived_in.people
    habit = type(person.habits[0])(
        **{
            **_fields(person.habits[0]),
            "id": "own",
            "say": "<script>alert(1)</script>",
            "goal_ml": None,
            "built_in": False,
        }
    )
    place.lived_in = type(place.lived_in)(
        people=(type(person)(**{**_fields(person), "habits": (habit,)}),), channels=place.lived_in.channels
    )
    shown = client.get(f"/a/{place.link(place.ask('own'))}").text
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_a_journal_that_is_away_is_told_and_nothing_more(place: Place, client: TestClient) -> None:
    token = place.link(place.ask("movement"))
    place.path.unlink()
    response = client.post(f"/a/{token}", data={"verb": "done"})
    assert response.status_code in (403, 503)
    response = client.get(f"/a/{token}")
    assert str(place.path) not in response.text
