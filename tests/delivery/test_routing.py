"""Rules of where a nudge goes next, from its deliveries alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from reminders.delivery import routing
from reminders.domain.delivery import Delivery, DeliveryState
from reminders.domain.occurrence import Reason
from tests.delivery.desk import nudge
from tests.delivery.virtual_time import START

S = DeliveryState
NUDGE = nudge(send_to=("phone", "desktop"), fallback=("mail", "phone", "pager"))


def delivery(channel: str, state: DeliveryState, position: int = 0, failing_since: datetime | None = None) -> Delivery:
    return Delivery(
        id=len(channel),
        nudge_id="n1",
        channel=channel,
        state=state,
        position=position,
        attempt=0 if state is S.QUEUED else 1,
        first_failed_at=failing_since,
    )


def working(_: str) -> bool:
    return False


def phone_is_broken(channel: str) -> bool:
    return channel == "phone"


PHONE_REJECTED = delivery("phone", S.REJECTED)
DESKTOP_REJECTED = delivery("desktop", S.REJECTED)


def test_fallback_needs_every_first_channel_given_up() -> None:
    for state in (S.QUEUED, S.SENDING, S.RETRY_WAIT, S.ACCEPTED, S.UNKNOWN, S.ABANDONED):
        assert routing.next_fallback(NUDGE, [PHONE_REJECTED, delivery("desktop", state)], START, working) is None
    assert routing.next_fallback(NUDGE, [PHONE_REJECTED, DESKTOP_REJECTED], START, working) == ("mail", 1)


def test_fallback_that_had_its_turn_is_passed_over() -> None:
    deliveries = [PHONE_REJECTED, DESKTOP_REJECTED, delivery("mail", S.REJECTED, 1)]
    assert routing.next_fallback(NUDGE, deliveries, START, working) == ("pager", 3)
    deliveries.append(delivery("pager", S.REJECTED, 3))
    assert routing.next_fallback(NUDGE, deliveries, START, working) is None


def test_open_breaker_gives_a_channel_up_but_not_one_that_is_being_called_or_took_it() -> None:
    for state, expected in [(S.QUEUED, ("mail", 1)), (S.RETRY_WAIT, ("mail", 1)), (S.SENDING, None), (S.UNKNOWN, None)]:
        deliveries = [delivery("phone", state), DESKTOP_REJECTED]
        assert routing.next_fallback(NUDGE, deliveries, START, phone_is_broken) == expected


@pytest.mark.parametrize(
    ("failing_for_seconds", "expected"),
    [(0, None), (59, None), (60, ("mail", 1)), (3600, ("mail", 1)), (-1, None), (-3600, ("mail", 1))],
)
def test_minute_of_failures_gives_a_channel_up_also_when_the_clock_was_set_back(
    failing_for_seconds: int, expected: tuple[str, int] | None
) -> None:
    since = START - timedelta(seconds=failing_for_seconds)
    deliveries = [delivery("phone", S.RETRY_WAIT, failing_since=since), DESKTOP_REJECTED]
    assert routing.next_fallback(NUDGE, deliveries, START, working) == expected


def test_nudge_that_was_taken_or_is_on_its_way_is_not_missed() -> None:
    for state in (S.ACCEPTED, S.UNKNOWN, S.SENDING):
        assert routing.missed_reason([PHONE_REJECTED, delivery("desktop", state)]) is None


def test_nudge_no_channel_was_called_for_fell_due_while_we_were_down() -> None:
    queued = delivery("phone", S.QUEUED)
    assert routing.missed_reason([queued, delivery("desktop", S.QUEUED)]) is Reason.EXPIRED_DOWN
    assert routing.missed_reason([queued, DESKTOP_REJECTED]) is Reason.NO_CHANNEL


def test_nudge_whose_failures_were_all_passing_ones_was_missed_offline() -> None:
    failing = replace(delivery("phone", S.RETRY_WAIT, failing_since=START), attempt=3)
    assert routing.missed_reason([failing]) is Reason.EXPIRED_OFFLINE
    assert routing.missed_reason([failing, delivery("desktop", S.QUEUED)]) is Reason.EXPIRED_OFFLINE
    assert routing.missed_reason([failing, DESKTOP_REJECTED]) is Reason.NO_CHANNEL


def test_nudge_without_any_channel_is_missed_for_want_of_one() -> None:
    assert routing.missed_reason([]) is Reason.NO_CHANNEL
