"""Holds: supervisors and monitors learn how the service does, and nothing about anybody."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reminders.delivery.breaker import BreakerState
from reminders.domain.answer import Verb
from tests.web.place import ELSEWHERE, NOW, TOKEN, Place, bearer, visitor
from tests.web.real_house import healthy

LINE = re.compile(r"(?P<name>[a-z_]+)(?P<labels>\{[^}]*\})? (?P<value>[0-9.e+-]+)")


def numbers(place: Place) -> dict[str, float]:
    text = visitor(place).get("/metrics").text
    found = [LINE.fullmatch(line) for line in text.splitlines() if not line.startswith("#")]
    assert None not in found, text
    return {f"{one['name']}{one['labels'] or ''}": float(one["value"]) for one in found if one is not None}


def test_all_is_well(place: Place) -> None:
    response = visitor(place, peer=ELSEWHERE).get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_a_daemon_that_cannot_work_is_503_with_a_word_and_no_names(place: Place) -> None:
    place.state = replace(place.state, degraded="the journal /home/alex/journal.db is not available")
    response = visitor(place).get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "failing", "reason": "degraded"})


def test_a_daemon_without_a_sign_of_life_is_503(place: Place) -> None:
    place.go_on(seconds=60)
    assert visitor(place).get("/healthz").status_code == 200
    place.go_on(seconds=1)
    response = visitor(place).get("/healthz")
    assert (response.status_code, response.json()["reason"]) == (503, "stalled")


def test_the_numbers_are_those_of_the_record(place: Place) -> None:
    place.say(place.ask("hydration", "movement"), Verb.DONE)
    with place.writing() as journal:
        journal.note("clock.stalled", NOW, {"late_seconds": 9})
    place.health["here"] = replace(healthy("here"), state=BreakerState.OPEN, waiting=3)
    place.state = replace(place.state, refused="line 3", unbuildable=(("x", "y"),))
    place.go_on(seconds=7)
    found = numbers(place)
    assert found['reminders_occurrences{state="done",reason=""}'] == 2
    assert found['reminders_deliveries{state="accepted"}'] == 1
    assert found["reminders_stalls"] == 1
    assert found["reminders_breakers_open"] == 1
    assert found["reminders_deliveries_waiting"] == 3
    assert found["reminders_channels_unbuildable"] == 1
    assert found["reminders_config_ok"] == 0
    assert found["reminders_healthy"] == 1
    assert found["reminders_last_beat_age_seconds"] == 7
    assert found["reminders_journal_bytes"] >= place.path.stat().st_size


def test_every_number_says_what_it_is(place: Place) -> None:
    lines = visitor(place).get("/metrics").text.splitlines()
    for line in lines:
        if not line.startswith("#"):
            name = re.split(r"[{ ]", line)[0]
            assert f"# TYPE {name} gauge" in lines
            assert any(one.startswith(f"# HELP {name} ") for one in lines)


def test_the_numbers_name_nobody_and_nothing_of_theirs(place: Place) -> None:
    place.ask("hydration")
    text = visitor(place).get("/metrics").text.lower()
    assert not [word for word in ("alex", "hydration", '"here"', '"me"', str(place.folder).lower()) if word in text]


@pytest.mark.parametrize(("headers", "status"), [({}, 401), (bearer(), 200)])
def test_with_a_login_a_monitor_sends_the_token(place: Place, headers: dict[str, str], status: int) -> None:
    assert visitor(place, token=TOKEN).get("/metrics", headers=headers).status_code == status
