"""Rules of the waits between attempts: full jitter, growing ceilings, asked waits, the last call before expiry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.planning.backoff import LAST_CALL, SHORTEST_WAIT, next_attempt_at, next_wait

NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
seconds = st.integers(min_value=0, max_value=7200).map(lambda number: timedelta(seconds=number))
jitters = st.floats(min_value=0, max_value=1)
attempts = st.integers(min_value=1, max_value=1000)


@pytest.mark.parametrize(
    ("attempt", "ceiling_seconds"), [(1, 15), (2, 30), (3, 60), (4, 120), (5, 240), (6, 300), (7, 300), (99, 300)]
)
def test_ceiling_grows_to_five_minutes(attempt: int, ceiling_seconds: int) -> None:
    assert next_wait(attempt, None, 1.0) == timedelta(seconds=ceiling_seconds)
    assert next_wait(attempt, None, 0.5) == timedelta(seconds=ceiling_seconds / 2)


def test_unlucky_jitter_still_waits_a_moment() -> None:
    assert next_wait(1, None, 0.0) == SHORTEST_WAIT


@given(attempts, seconds, jitters)
def test_wait_is_never_shorter_than_asked(attempt: int, asked: timedelta, jitter: float) -> None:
    assert next_wait(attempt, asked, jitter) >= asked


@pytest.mark.parametrize(("attempt", "jitter"), [(0, 0.5), (1, 1.1), (1, -0.1)])
def test_nonsense_is_refused(attempt: int, jitter: float) -> None:
    with pytest.raises(ValueError, match="has no wait"):
        next_wait(attempt, None, jitter)


def test_wait_that_would_pass_the_end_is_cut_to_the_last_call() -> None:
    expires_at = NOW + timedelta(minutes=4)
    assert next_attempt_at(NOW, expires_at, 6, None, 1.0) == expires_at - LAST_CALL


def test_asked_wait_past_the_end_leaves_no_attempt() -> None:
    expires_at = NOW + timedelta(minutes=4)
    assert next_attempt_at(NOW, expires_at, 1, timedelta(minutes=10), 1.0) == expires_at


def test_failed_last_call_leaves_no_attempt() -> None:
    expires_at = NOW + LAST_CALL
    assert next_attempt_at(NOW, expires_at, 3, None, 0.0) == expires_at


@given(attempts, seconds, jitters, st.integers(min_value=1, max_value=36000))
def test_next_attempt_is_later_than_now_and_never_past_the_end(
    attempt: int, asked: timedelta, jitter: float, lives_seconds: int
) -> None:
    expires_at = NOW + timedelta(seconds=lives_seconds)
    instant = next_attempt_at(NOW, expires_at, attempt, asked, jitter)
    assert NOW < instant <= expires_at
    assert instant == expires_at or instant >= NOW + asked
