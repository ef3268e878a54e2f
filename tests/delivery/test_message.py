"""Rules of what a channel is asked to show, to replace and to take back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reminders.delivery.message import compose
from reminders.domain.answer import Verb
from reminders.domain.delivery import SendResult
from reminders.domain.nudge import NudgeKind
from tests.delivery.desk import Desk, at_the_desk, nudge
from tests.delivery.scripted_channel import ACCEPTED
from tests.delivery.virtual_time import START


def test_verbs_go_to_every_channel_when_an_answer_is_expected() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", ACCEPTED)
        desktop = desk.channel("desktop", ACCEPTED, has_buttons=True)
        async with desk.working():
            desk.put(
                nudge(1, send_to=("phone", "desktop")),
                nudge(2, send_to=("desktop",), kind=NudgeKind.SERVICE),
            )
            await desk.passes(seconds=1)
        assert [message.buttons for message in phone.messages] == [(Verb.DONE, Verb.SNOOZE, Verb.SKIP)]
        assert [message.buttons for message in desktop.messages] == [(Verb.DONE, Verb.SNOOZE, Verb.SKIP), ()]

    at_the_desk(scenario)


def test_discreet_channel_gets_neutral_words_only() -> None:
    async def scenario(desk: Desk) -> None:
        desk.discreet = frozenset({"phone"})
        phone = desk.channel("phone", ACCEPTED)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(seconds=1)
        assert [(message.title, message.text, message.habits) for message in phone.messages] == [
            ("Reminders", "Time for a short break", ())
        ]

    at_the_desk(scenario)


@pytest.mark.parametrize(
    ("discreet", "again", "title"),
    [
        (False, False, "Short break (still open)"),
        (True, False, "Reminders (still open)"),
        (False, True, "Short break (still open, again)"),
    ],
)
def test_follow_up_says_that_the_ask_is_still_open(discreet: bool, again: bool, title: str) -> None:  # noqa: FBT001
    follow_up = replace(nudge(kind=NudgeKind.FOLLOW_UP), title="Short break")
    assert compose(follow_up, discreet=discreet, again=again, replaces=None).title == title


def test_message_about_the_same_occurrence_takes_the_place_of_the_older_one() -> None:
    async def scenario(desk: Desk) -> None:
        shown = SendResult(outcome=ACCEPTED.outcome, external_id="41")
        phone = desk.channel("phone", shown, ACCEPTED)
        async with desk.working():
            desk.put(nudge(1))
            await desk.passes(seconds=1)
            desk.put(nudge(2, occurrence="o1", kind=NudgeKind.RESEND, created_at=START + timedelta(seconds=1)))
            await desk.passes(seconds=1)
        assert [message.replaces for message in phone.messages] == [None, "41"]

    at_the_desk(scenario)


def test_answered_message_is_taken_back_where_it_was_shown() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", SendResult(outcome=ACCEPTED.outcome, external_id="41"))
        async with desk.working() as dispatcher:
            desk.put(nudge())
            await desk.passes(seconds=1)
            desk.log.answer("o1")
            dispatcher.withdraw("n1")
            await desk.passes(seconds=1)
        assert phone.withdrawn == ["41"]

    at_the_desk(scenario)
