"""What every DeliveryLog promises about a follow-up: the memory one of these tests and the journal alike."""

from __future__ import annotations

from dataclasses import replace

from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.occurrence import Reason
from tests.delivery.desk import nudge
from tests.delivery.subject import LATER, REJECTED, Subject, asking, begun


def shown(subject: Subject, one: Nudge, external_id: str) -> None:
    number = begun(subject, one)
    result = SendResult(outcome=SendOutcome.ACCEPTED, external_id=external_id)
    subject.log.finish(number, result, DeliveryState.ACCEPTED, LATER, None)


def pair(number: int = 1, **rest: object) -> Nudge:
    asks = tuple(asking(number, habit=habit).asks[0] for habit in ("hydration", "movement"))
    return replace(nudge(number, **rest), asks=asks)  # type: ignore[arg-type]


def again(number: int = 2, habit: str = "hydration", **rest: object) -> Nudge:
    return asking(number, habit=habit, kind=NudgeKind.FOLLOW_UP, created_at=LATER, **rest)


def test_follow_up_is_wanted_in_place_of_the_message_before_it(subject: Subject) -> None:
    shown(subject, asking(1), "41")
    follow_up = again()
    subject.put(follow_up)
    assert subject.state("hydration") == "sent"
    assert subject.log.is_wanted("n2")
    assert not subject.log.is_wanted("n1")
    subject.answer(follow_up)
    assert not subject.log.is_wanted("n2")


def test_follow_up_that_no_channel_takes_leaves_its_occurrence_sent(subject: Subject) -> None:
    shown(subject, asking(1), "41")
    number = begun(subject, again(fallback=("mail",)))
    subject.log.finish(number, REJECTED, DeliveryState.REJECTED, LATER, None)
    assert subject.log.stranded_nudges() == ("n2",)
    subject.log.add_fallback("n2", "mail", 1, LATER)
    assert subject.log.stranded_nudges() == ()
    (fallback,) = subject.log.open_deliveries()
    assert subject.log.begin(fallback.id, LATER)
    subject.log.finish(fallback.id, REJECTED, DeliveryState.REJECTED, LATER, None)
    subject.log.miss("n2", Reason.NO_CHANNEL, LATER)
    assert subject.state("hydration") == "sent"


def test_follow_up_that_was_taken_is_not_stranded(subject: Subject) -> None:
    shown(subject, asking(1), "41")
    shown(subject, again(), "42")
    assert subject.log.stranded_nudges() == ()


def test_follow_up_takes_the_place_of_the_message_before_it_on_its_channel(subject: Subject) -> None:
    shown(subject, asking(1), "41")
    subject.put(again(send_to=("phone", "desktop")))
    assert subject.log.replaced_external_id("n2", "phone") == "41"
    assert subject.log.replaced_external_id("n2", "desktop") is None


def test_message_that_still_asks_for_something_else_is_not_replaced(subject: Subject) -> None:
    shown(subject, pair(1), "41")
    shown(subject, again(), "42")
    assert subject.log.replaced_external_id("n2", "phone") is None
    subject.put(again(3, "movement"))
    assert subject.log.replaced_external_id("n3", "phone") is None


def test_an_answer_takes_back_the_messages_of_the_ask_and_of_its_follow_up(subject: Subject) -> None:
    shown(subject, asking(1), "41")
    follow_up = again(send_to=("desktop",))
    shown(subject, follow_up, "7")
    subject.answer(follow_up)
    for nudge_id in ("n1", "n2"):
        assert subject.log.external_ids_to_withdraw(nudge_id) == (("desktop", "7"), ("phone", "41"))


def test_a_message_that_still_asks_for_something_else_is_not_taken_back(subject: Subject) -> None:
    shown(subject, pair(1), "41")
    follow_up = again()
    shown(subject, follow_up, "42")
    subject.answer(follow_up)
    assert subject.log.external_ids_to_withdraw("n2") == (("phone", "42"),)
