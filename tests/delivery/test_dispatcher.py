"""Rules of delivery, one nudge on one channel: begin, call, finish; retries; unknown; wanted and in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.domain.delivery import DeliveryState, SendResult
from reminders.domain.errors import JournalUnavailable
from tests.delivery.desk import Desk, at_the_desk, nudge
from tests.delivery.scripted_channel import ACCEPTED, FAILED, REJECTED, UNKNOWN, Hang, wait_asked
from tests.delivery.virtual_time import START


def seconds_of(desk: Desk, channel: str = "phone") -> list[float]:
    return [(at - START).total_seconds() for at in desk.channels[channel].times]


def test_queued_nudge_is_sent_at_once_and_recorded_as_accepted() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", ACCEPTED)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(seconds=1)
        assert desk.delivery().state is DeliveryState.ACCEPTED
        assert (desk.delivery().attempt, len(phone.calls), desk.log.occurrences) == (1, 1, {"o1": "sent"})
        assert phone.times == [START]
        assert desk.wakes >= 1

    at_the_desk(scenario)


def test_begin_is_committed_before_the_channel_is_called() -> None:
    async def scenario(desk: Desk) -> None:
        seen: list[DeliveryState] = []

        def look() -> SendResult:
            seen.append(desk.delivery().state)
            return ACCEPTED

        desk.channel("phone", look)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(seconds=1)
        assert seen == [DeliveryState.SENDING]

    at_the_desk(scenario)


def test_definite_failures_are_retried_under_growing_ceilings() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", *[FAILED] * 4, ACCEPTED)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(minutes=10)
        assert seconds_of(desk) == pytest.approx([0, 15, 45, 105, 225], abs=0.1)
        assert (desk.delivery().state, desk.delivery().attempt) == (DeliveryState.ACCEPTED, 5)

    at_the_desk(scenario)


def test_wait_the_other_side_asked_for_is_kept() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", wait_asked(200), ACCEPTED)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(minutes=10)
        assert seconds_of(desk) == pytest.approx([0, 200], abs=0.1)

    at_the_desk(scenario)


def test_rejection_is_final_and_the_nudge_is_missed_at_once() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", REJECTED)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(seconds=1)
            assert desk.log.occurrences == {"o1": "missed(no_channel)"}
            await desk.passes(minutes=90)
        assert (desk.delivery().state, len(phone.calls)) == (DeliveryState.REJECTED, 1)

    at_the_desk(scenario)


def test_nudge_that_keeps_failing_is_missed_at_expiry_and_never_tried_after() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", FAILED)
        async with desk.working():
            desk.put(nudge(lives=timedelta(minutes=2)))
            await desk.passes(seconds=119)
            assert desk.log.occurrences == {"o1": "planned"}
            await desk.passes(seconds=2)
            assert desk.log.occurrences == {"o1": "missed(expired_offline)"}
            await desk.passes(hours=2)
        assert max(seconds_of(desk)) <= 105
        assert desk.delivery().state is DeliveryState.ABANDONED

    at_the_desk(scenario)


def test_network_back_a_minute_before_expiry_still_carries_the_nudge() -> None:
    async def scenario(desk: Desk) -> None:
        def only_in_the_last_minute() -> SendResult:
            return ACCEPTED if desk.clock.now() >= START + timedelta(minutes=29) else FAILED

        desk.channel("phone", only_in_the_last_minute)
        async with desk.working():
            desk.put(nudge(lives=timedelta(minutes=30)))
            await desk.passes(minutes=40)
        assert desk.log.occurrences == {"o1": "sent"}
        assert max(seconds_of(desk)) < 1800

    at_the_desk(scenario)


def test_meal_with_an_ambiguous_outcome_stays_unknown() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", UNKNOWN)
        async with desk.working():
            desk.put(nudge(habit="calcium_meal"))
            await desk.passes(hours=2)
        assert (desk.delivery().state, len(phone.calls)) == (DeliveryState.UNKNOWN, 1)
        assert desk.log.occurrences == {"o1": "sent"}

    at_the_desk(scenario)


def test_hanging_endpoint_is_cut_off_and_recorded_as_unknown_without_a_second_request() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", Hang())
        async with desk.working():
            desk.put(nudge(habit="calcium_meal"))
            await desk.passes(seconds=17)
            assert desk.delivery().state is DeliveryState.UNKNOWN
            await desk.passes(hours=2)
        assert len(phone.calls) == 1

    at_the_desk(scenario)


def test_ambiguous_hydration_is_put_once_more_and_marked_again() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", UNKNOWN)
        async with desk.working():
            desk.put(nudge(resend_unknown=True))
            await desk.passes(hours=2)
        assert [(message.title, message.again) for message in phone.messages] == [
            ("Drink", False),
            ("Drink (again)", True),
        ]
        assert desk.delivery().state is DeliveryState.UNKNOWN

    at_the_desk(scenario)


def test_ambiguous_hydration_is_not_repeated_in_the_second_half_of_its_life() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", FAILED, FAILED, UNKNOWN)
        async with desk.working():
            desk.put(nudge(resend_unknown=True, lives=timedelta(seconds=80)))
            await desk.passes(hours=2)
        assert len(phone.calls) == 3
        assert desk.delivery().state is DeliveryState.UNKNOWN

    at_the_desk(scenario)


def test_channel_that_raises_counts_as_ambiguous_and_its_text_is_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", ValueError("ntfys://secret-topic refused"), ACCEPTED)
        async with desk.working():
            desk.put(nudge(1, habit="calcium_meal"), nudge(2))
            await desk.passes(minutes=1)
        assert desk.delivery("n1").detail == "the channel broke off with ValueError"
        assert desk.states("n2") == {"phone": DeliveryState.ACCEPTED}

    at_the_desk(scenario)
    assert "secret-topic" not in caplog.text
    assert "channel.broken" in caplog.text


def test_answer_while_a_retry_waits_ends_the_delivery() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", FAILED)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(seconds=20)
            desk.log.answer("o1")
            await desk.passes(minutes=5)
        assert (desk.delivery().state, len(phone.calls)) == (DeliveryState.ABANDONED, 2)
        assert desk.log.occurrences == {"o1": "done"}

    at_the_desk(scenario)


def test_answer_while_the_nudge_waits_its_turn_keeps_it_from_being_sent() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", Hang(), ACCEPTED)
        async with desk.working():
            desk.put(nudge(1, habit="calcium_meal"), nudge(2))
            await desk.passes(seconds=5)
            desk.log.answer("o2")
            await desk.passes(minutes=1)
        assert [message.nudge_id for message in phone.messages] == ["n1"]
        assert desk.states("n2") == {"phone": DeliveryState.ABANDONED}

    at_the_desk(scenario)


def test_nudge_found_expired_at_start_is_missed_because_the_service_was_down() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", ACCEPTED)
        desk.log.record(nudge(created_at=START - timedelta(hours=2)))
        async with desk.working():
            await desk.passes(minutes=1)
        assert (desk.log.occurrences, phone.calls) == ({"o1": "missed(expired_down)"}, [])

    at_the_desk(scenario)


def test_attempt_cut_off_by_a_crash_is_unknown_and_hydration_is_sent_again() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", ACCEPTED)
        desk.log.record(nudge(1, resend_unknown=True))
        desk.log.record(nudge(2, habit="calcium_meal"))
        desk.log.begin(1, START)
        desk.log.begin(2, START)
        async with desk.working():
            await desk.passes(minutes=1)
        assert [message.title for message in phone.messages] == ["Drink (again)"]
        assert desk.states("n1") == {"phone": DeliveryState.ACCEPTED}
        assert desk.states("n2") == {"phone": DeliveryState.UNKNOWN}

    at_the_desk(scenario)


def test_crash_right_after_a_rejection_leaves_the_fallback_to_the_next_start() -> None:
    async def scenario(desk: Desk) -> None:
        mail = desk.channel("mail", ACCEPTED)
        desk.log.record(nudge(1, fallback=("mail",)))
        desk.log.record(nudge(2))
        for number in (1, 2):
            desk.log.begin(number, START)
            desk.log.finish(number, REJECTED, DeliveryState.REJECTED, START, None)
        async with desk.working():
            await desk.passes(seconds=1)
        assert [message.nudge_id for message in mail.messages] == ["n1"]
        assert desk.log.occurrences == {"o1": "sent", "o2": "missed(no_channel)"}

    at_the_desk(scenario)


def test_restart_during_a_retry_wait_keeps_count_and_instant() -> None:
    async def scenario(desk: Desk) -> None:
        desk.channel("phone", FAILED, FAILED, ACCEPTED)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(seconds=16)
        assert desk.delivery().state is DeliveryState.RETRY_WAIT
        async with desk.working():
            await desk.passes(minutes=1)
        assert seconds_of(desk) == pytest.approx([0, 15, 45], abs=0.1)
        assert desk.delivery().attempt == 3

    at_the_desk(scenario)


def test_nothing_is_sent_without_a_begin_commit_and_all_is_made_good_later() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", ACCEPTED)
        async with desk.working():
            desk.put(nudge())
            desk.log.broken = True
            await desk.passes(minutes=5)
            assert phone.calls == []
            desk.log.broken = False
            await desk.passes(seconds=16)
        assert (desk.delivery().state, len(phone.calls)) == (DeliveryState.ACCEPTED, 1)

    at_the_desk(scenario)


def test_result_the_journal_cannot_take_is_kept_and_recorded_later() -> None:
    async def scenario(desk: Desk) -> None:
        def accept_and_fill_the_disk() -> SendResult:
            desk.log.broken = True
            return ACCEPTED

        phone = desk.channel("phone", accept_and_fill_the_disk)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(minutes=5)
            with pytest.raises(JournalUnavailable):
                desk.log.open_deliveries()
            desk.log.broken = False
            await desk.passes(seconds=16)
        assert (desk.delivery().state, len(phone.calls)) == (DeliveryState.ACCEPTED, 1)

    at_the_desk(scenario)


def test_rejection_recorded_late_still_falls_back() -> None:
    async def scenario(desk: Desk) -> None:
        def reject_and_fill_the_disk() -> SendResult:
            desk.log.broken = True
            return REJECTED

        desk.channel("phone", reject_and_fill_the_disk)
        desk.channel("mail", ACCEPTED)
        async with desk.working():
            desk.put(nudge(fallback=("mail",)))
            await desk.passes(minutes=1)
            desk.log.broken = False
            await desk.passes(minutes=1)
        assert desk.states() == {"phone": DeliveryState.REJECTED, "mail": DeliveryState.ACCEPTED}

    at_the_desk(scenario)


def test_clock_set_back_neither_repeats_a_nudge_nor_delays_a_retry() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", ACCEPTED, FAILED, ACCEPTED)
        async with desk.working():
            desk.put(nudge(1), nudge(2))
            await desk.passes(seconds=5)
            desk.clock.step(timedelta(hours=-1))
            await desk.passes(seconds=20)
        assert [message.nudge_id for message in phone.messages] == ["n1", "n2", "n2"]
        assert desk.states("n2") == {"phone": DeliveryState.ACCEPTED}

    at_the_desk(scenario)


def test_retry_due_during_a_suspend_is_made_one_beat_after_it() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", FAILED, FAILED, FAILED, FAILED, ACCEPTED)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(seconds=106)
            desk.clock.sleep(600)
            await desk.passes(seconds=15)
        assert len(phone.calls) == 5

    at_the_desk(scenario)


def test_nothing_is_sent_or_missed_while_the_clock_cannot_be_right() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", ACCEPTED)
        async with desk.working() as dispatcher:
            dispatcher.hold()
            desk.put(nudge())
            desk.clock.step(timedelta(days=365 * 70))
            await desk.passes(minutes=5)
            assert (phone.calls, desk.log.occurrences) == ([], {"o1": "planned"})
            desk.clock.step(timedelta(days=-365 * 70))
            dispatcher.release()
            await desk.passes(seconds=1)
        assert desk.log.occurrences == {"o1": "sent"}

    at_the_desk(scenario)


def test_nudge_that_waits_its_turn_is_held_too() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", Hang(), ACCEPTED)
        async with desk.working() as dispatcher:
            desk.put(nudge(1, habit="calcium_meal"), nudge(2))
            await desk.passes(seconds=5)
            dispatcher.hold()
            await desk.passes(minutes=1)
            assert len(phone.calls) == 1
            dispatcher.release()
            await desk.passes(seconds=1)
        assert [message.nudge_id for message in phone.messages] == ["n1", "n2"]

    at_the_desk(scenario)


def test_rejection_that_ends_on_hold_is_settled_after_it() -> None:
    async def scenario(desk: Desk) -> None:
        def reject_on_hold() -> SendResult:
            desk.dispatcher.hold()
            return REJECTED

        desk.channel("phone", reject_on_hold)
        async with desk.working() as dispatcher:
            desk.put(nudge())
            await desk.passes(minutes=1)
            assert desk.log.occurrences == {"o1": "planned"}
            dispatcher.release()
            await desk.passes(seconds=1)
        assert desk.log.occurrences == {"o1": "missed(no_channel)"}

    at_the_desk(scenario)
