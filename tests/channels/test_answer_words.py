"""Holds: where a message has no buttons, its last line says where it is answered, and that line is never cut."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.channels.console_channel import ConsoleChannel
from reminders.channels.message_text import text_at_the_desk, with_last_line
from reminders.channels.sender_request import words, written
from reminders.domain.answer import Verb
from reminders.domain.answer_link import AnswerLink
from reminders.domain.delivery import Message, SendOutcome

TOKEN = "tOkEn_of-22-letters-xy"
LOCAL = f"http://127.0.0.1:8377/a/{TOKEN}"
PUBLIC = f"https://home.example/a/{TOKEN}"
BOTH = AnswerLink(token=TOKEN, url=PUBLIC, local_url=LOCAL)
AT_HOME = AnswerLink(token=TOKEN, local_url=LOCAL)


def test_a_service_without_buttons_gets_the_public_page_at_the_end(
    sink: Any, phone: Any, send: Any, a_message: Any
) -> None:
    channel = phone(sink.url(schema="json"))
    assert send(channel, a_message(link=BOTH)).outcome is SendOutcome.ACCEPTED
    assert send(channel, a_message(link=AT_HOME)).outcome is SendOutcome.ACCEPTED
    assert send(channel, a_message(link=BOTH, buttons=())).outcome is SendOutcome.ACCEPTED
    assert [request.json["message"] for request in sink.requests] == [
        f"Walk to the kitchen.\n\nAnswer: {PUBLIC}",
        "Walk to the kitchen.",
        "Walk to the kitchen.",
    ]


def test_a_mail_gets_the_public_page_at_the_end(mail_server: Any, phone: Any, send: Any, a_message: Any) -> None:
    url = f"mailto://127.0.0.1:{mail_server.port}/?from=me@a.example&to=you@b.example&mode=insecure"
    assert send(phone(url), a_message(link=BOTH)).outcome is SendOutcome.ACCEPTED
    (mail,) = mail_server.mails
    assert f"Answer: {PUBLIC}" in mail.content.decode().replace("=\r\n", "").replace("=3D", "=")


@pytest.mark.parametrize("letters_at_most", [160, 400, 10_000])
def test_a_service_for_short_texts_cuts_the_words_and_not_the_page(letters_at_most: int) -> None:
    message = written(Message(nudge_id="n7", title="Drink", text="walk " * 900, buttons=tuple(Verb), link=BOTH), "s1")
    title, text = words(message, "sms", letters_at_most)
    assert text.endswith(f"…\n\nAnswer: {PUBLIC}")
    assert len((title + text).encode()) <= letters_at_most


@given(st.text(), st.integers(0, 5000))
def test_the_last_line_is_never_cut(text: str, limit: int) -> None:
    made = with_last_line(text, "Answer: x", limit)
    assert made == "Answer: x" or made.endswith("\n\nAnswer: x")
    assert len(made.encode()) <= max(limit, len("Answer: x"))


def ask(**changes: Any) -> Message:
    told: dict[str, Any] = {"nudge_id": "n7", "title": "Drink", "text": "Drink.", "buttons": tuple(Verb)}
    return Message(**(told | changes))


@pytest.mark.parametrize(
    ("message", "has_buttons", "shown"),
    [
        (ask(link=BOTH), True, "Drink."),
        (ask(link=BOTH), False, f"Drink.\n\nAnswer: {LOCAL}"),
        (ask(link=AnswerLink(token=TOKEN, url=PUBLIC)), False, f"Drink.\n\nAnswer: {PUBLIC}"),
        (ask(link=AnswerLink(token=TOKEN)), False, "Drink."),
        (ask(), False, "Drink."),
        (ask(link=BOTH, buttons=()), False, "Drink."),
        (ask(link=AT_HOME, asks=2), True, f"Drink.\n\nOne by one: {LOCAL}"),
        (ask(link=AnswerLink(token=TOKEN), asks=2), True, "Drink."),
    ],
)
def test_at_the_desk_the_page_of_this_machine_is_named_where_buttons_do_not_say_it_all(
    message: Message,
    has_buttons: bool,  # noqa: FBT001 - a parameter of the test
    shown: str,
) -> None:
    assert text_at_the_desk(message, has_buttons=has_buttons) == shown


def test_buttons_of_a_merged_message_say_that_they_answer_all_of_it() -> None:
    assert [ask().label(verb) for verb in Verb] == ["Done", "Snooze", "Skip"]
    assert [ask(asks=2).label(verb) for verb in Verb] == ["Done all", "Snooze all", "Skip all"]


def test_the_console_names_the_person_a_command_answers_for() -> None:
    out = io.StringIO()
    asyncio.run(ConsoleChannel("log", out).send(ask(habits=("hydration",), person="alex", link=BOTH), 5))
    assert out.getvalue().endswith("\nanswer with: reminders done hydration --person alex (or snooze, skip)\n")
    assert TOKEN not in out.getvalue()
