"""Holds: over HTTP, only a yes is accepted, only a definite no is failed or rejected, and the rest is unknown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reminders.domain.delivery import SendOutcome


def test_a_nudge_reaches_its_topic_with_title_and_text(sink: Any, phone: Any, send: Any) -> None:
    assert send(phone(sink.url())).outcome is SendOutcome.ACCEPTED
    (request,) = sink.requests
    assert request.json == {"topic": "health-topic", "title": "A glass of water", "message": "Walk to the kitchen."}


def test_every_attempt_of_a_nudge_carries_the_same_marks(sink: Any, phone: Any, send: Any) -> None:
    send(phone(sink.url()))
    send(phone(sink.url()))
    first, second = (request.headers for request in sink.requests)
    assert first["idempotency-key"] == "n7"
    assert first["idempotency-key"] == second["idempotency-key"]
    assert first["x-sequence-id"] == second["x-sequence-id"]


def test_two_nudges_carry_different_marks_and_any_id_makes_a_header(
    sink: Any, phone: Any, send: Any, a_message: Any
) -> None:
    send(phone(sink.url()))
    send(phone(sink.url()), a_message(nudge_id="Jürgen/9 ☂\r\nX-Evil: 1"))
    first, second = (request.headers for request in sink.requests)
    assert first["x-sequence-id"] != second["x-sequence-id"]
    assert second["idempotency-key"] == "J%C3%BCrgen%2F9%20%E2%98%82%0D%0AX-Evil%3A%201"
    assert "x-evil" not in second


def test_the_sequence_mark_is_for_ntfy_alone(sink: Any, phone: Any, send: Any) -> None:
    send(phone(sink.url(schema="json")))
    (request,) = sink.requests
    assert "x-sequence-id" not in request.headers
    assert request.headers["idempotency-key"] == "n7"


def test_nothing_is_fetched_from_third_parties_for_a_picture(sink: Any, phone: Any, send: Any) -> None:
    send(phone(sink.url()))
    (request,) = sink.requests
    assert "x-icon" not in request.headers


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 418])
def test_a_final_refusal_is_rejected(sink: Any, phone: Any, send: Any, status: int) -> None:
    sink.answers(status)
    result = send(phone(sink.url()))
    assert result.outcome is SendOutcome.REJECTED
    assert str(status) in result.detail
    assert result.retry_after is None


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_a_passing_refusal_is_failed(sink: Any, phone: Any, send: Any, status: int) -> None:
    sink.answers(status)
    result = send(phone(sink.url()))
    assert result.outcome is SendOutcome.FAILED
    assert str(status) in result.detail


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "30"}, timedelta(seconds=30)),
        ({"Retry_After": "999999999999"}, timedelta(days=1)),
        (
            {"Date": "Sun, 01 Mar 2026 10:00:00 GMT", "Retry_After": "Sun, 01 Mar 2026 10:02:00 GMT"},
            timedelta(minutes=2),
        ),
        ({"Date": "Sun, 01 Mar 2026 10:00:00 GMT", "Retry_After": "Sat, 28 Feb 2026 10:00:00 GMT"}, timedelta(0)),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "-5"}, None),
        ({}, None),
    ],
)
def test_the_wait_a_busy_service_asks_for_is_handed_on(
    sink: Any, phone: Any, send: Any, headers: dict[str, str], wait: timedelta | None
) -> None:
    sink.answers(429, **headers)
    assert send(phone(sink.url())).retry_after == wait


@pytest.mark.parametrize("query", ["", "?rto=60&cto=60"])
def test_a_hanging_service_is_unknown_within_the_deadline_and_asked_once(
    sink: Any, phone: Any, send: Any, query: str
) -> None:
    sink.hangs()
    result = send(phone(sink.url(query=query)), deadline_seconds=3)
    assert result.outcome is SendOutcome.UNKNOWN
    assert "may have been accepted" in result.detail
    assert len(sink.requests) == 1


def test_a_connection_dropped_after_the_request_is_unknown(sink: Any, phone: Any, send: Any) -> None:
    sink.drops()
    assert send(phone(sink.url())).outcome is SendOutcome.UNKNOWN
    assert len(sink.requests) == 1


def test_an_answer_whose_head_never_ends_is_unknown(sink: Any, phone: Any, send: Any) -> None:
    sink.drips_its_head()
    assert send(phone(sink.url()), deadline_seconds=3).outcome is SendOutcome.UNKNOWN


def test_a_yes_counts_though_its_body_drips_for_ever(sink: Any, phone: Any, send: Any) -> None:
    sink.drips_its_body()
    assert send(phone(sink.url()), deadline_seconds=3).outcome is SendOutcome.ACCEPTED


def test_a_yes_counts_though_its_body_breaks_off(sink: Any, phone: Any, send: Any) -> None:
    sink.breaks_off()
    assert send(phone(sink.url())).outcome is SendOutcome.ACCEPTED


def test_a_huge_answer_does_no_harm(sink: Any, phone: Any, send: Any) -> None:
    sink.answers(200, b"x" * 100_000)
    assert send(phone(sink.url())).outcome is SendOutcome.ACCEPTED
    sink.answers(503, b"x" * 100_000)
    assert send(phone(sink.url())).outcome is SendOutcome.FAILED


def test_a_refused_connection_is_failed(phone: Any, send: Any, nobody_port: Any) -> None:
    result = send(phone(f"ntfy://127.0.0.1:{nobody_port}/topic"))
    assert result.outcome is SendOutcome.FAILED
    assert result.detail == "its server refuses connections"


def test_a_name_that_does_not_resolve_is_failed(phone: Any, send: Any) -> None:
    result = send(phone("ntfy://nowhere.invalid/topic"))
    assert result.outcome is SendOutcome.FAILED
    assert result.detail == "the name of its server cannot be resolved"


def test_a_broken_handshake_is_failed(sink: Any, phone: Any, send: Any) -> None:
    result = send(phone(sink.url(schema="ntfys")))
    assert result.outcome is SendOutcome.FAILED
    assert "secure connection" in result.detail


def test_a_redirect_loop_ends_after_three_and_is_failed(sink: Any, phone: Any, send: Any) -> None:
    sink.answers(307, Location="/again")
    assert send(phone(sink.url())).outcome is SendOutcome.FAILED
    assert len(sink.requests) == 4


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_would_lose_the_message_is_not_taken_for_a_yes(
    sink: Any, phone: Any, send: Any, status: int
) -> None:
    sink.answers(status, Location="/login-page")
    result = send(phone(sink.url()))
    assert result.outcome is SendOutcome.FAILED
    assert "another address" in result.detail
    assert len(sink.requests) == 1


def test_a_redirect_that_keeps_the_message_is_followed(sink: Any, phone: Any, send: Any) -> None:
    sink.answers_in_turn(308, 200)
    sink.behaviours[0] = lambda sock, _: sock.sendall(
        b"HTTP/1.1 308 Moved\r\nLocation: /new\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    assert send(phone(sink.url())).outcome is SendOutcome.ACCEPTED
    assert [request.path for request in sink.requests] == ["/", "/new"]
    assert sink.requests[1].json["message"] == "Walk to the kitchen."
    assert sink.requests[0].headers["idempotency-key"] == sink.requests[1].headers["idempotency-key"]


def test_two_topics_of_which_one_took_it_are_unknown(sink: Any, phone: Any, send: Any) -> None:
    sink.answers_in_turn(200, 500)
    result = send(phone(sink.url("one/two")), deadline_seconds=15)
    assert result.outcome is SendOutcome.UNKNOWN
    assert len(sink.requests) == 2
    assert sink.requests[0].headers["idempotency-key"] != sink.requests[1].headers["idempotency-key"]


def test_a_url_without_a_usable_address_is_rejected_and_sends_nothing(sink: Any, phone: Any, send: Any) -> None:
    result = send(phone(f"ntfy://127.0.0.1:{sink.port}/%21%21"))
    assert sink.requests == []
    assert result.outcome is SendOutcome.REJECTED
