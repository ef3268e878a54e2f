"""Holds: buttons, the last line and what takes a message's place are in the message's own language on every channel."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest

from reminders.channels.console_channel import ConsoleChannel
from reminders.channels.message_text import text_at_the_desk
from reminders.composition import load
from reminders.composition.premises import Supplier
from reminders.domain.answer_link import AnswerLink
from reminders.domain.service_words import ServiceWords
from tests.channels.ntfy_stand_in import NtfyServer

TOKEN = "tOkEn_of-22-letters-xy"
URL = f"https://home.example/a/{TOKEN}"
HOUSEHOLD = """\
people:
  alex: {habits: {movement: {send_to: [here]}}}
  kim: {language: de, habits: {movement: {send_to: [phone]}}}
"""
ON_THE_PAGE = AnswerLink(token=TOKEN, url=URL)
GERMAN = ServiceWords(
    name="Erinnerung",
    done="Erledigt",
    snooze="Später",
    skip="Überspringen",
    done_all="Alles erledigt",
    snooze_all="Alles später",
    skip_all="Alles überspringen",
    one_by_one="Einzeln",
    one_by_one_at="Einzeln beantworten: {url}",
    answer_at="Antworten: {url}",
    answer_with="antworten mit: {commands}",
    answer_with_others=" (oder {verbs})",
    over="Beantwortet, längst vorbei.",
)


@pytest.mark.parametrize(
    ("asks", "labels"),
    [(1, ["Erledigt", "Später", "Überspringen"]), (2, ["Alles erledigt", "Alles später", "Einzeln"])],
)
def test_ntfy_buttons(ntfy: NtfyServer, phone: Any, send: Any, a_message: Any, asks: int, labels: list[str]) -> None:
    send(phone(ntfy.url()), a_message(link=ON_THE_PAGE, asks=asks, words=GERMAN))
    (message,) = ntfy.shown()
    assert [one["label"] for one in message["actions"]] == labels
    assert [one.get("body") for one in message["actions"]][:2] == ["verb=done", "verb=snooze"]


def test_a_message_that_cannot_be_deleted_is_replaced_in_the_language_it_came_in(
    ntfy: NtfyServer, phone: Any, send: Any, a_message: Any
) -> None:
    channel = phone(ntfy.url())
    sent = send(channel, a_message(words=GERMAN))
    ntfy.refuses_methods, ntfy.refusal = frozenset({"DELETE"}), 405
    asyncio.run(channel.withdraw(sent.external_id))
    (shown,) = ntfy.shown()
    assert shown["message"] == "Beantwortet, längst vorbei."


def test_what_was_sent_before_a_restart_is_replaced_in_the_language_usual_on_the_channel(
    ntfy: NtfyServer, phone: Any, send: Any, a_message: Any
) -> None:
    sent = send(phone(ntfy.url()), a_message(words=GERMAN))
    ntfy.refuses_methods, ntfy.refusal = frozenset({"DELETE"}), 405
    asyncio.run(phone(ntfy.url(), usual_words=GERMAN).withdraw(sent.external_id))
    (shown,) = ntfy.shown()
    assert (shown["title"], shown["message"]) == ("Erinnerung", "Beantwortet, längst vorbei.")


def test_the_language_usual_on_a_channel_is_that_of_who_is_written_to(ntfy: NtfyServer, tmp_path: Path) -> None:
    ntfy.refuses_methods, ntfy.refusal = frozenset({"DELETE"}), 405
    file = tmp_path / "reminders.yaml"
    file.write_text(f"{HOUSEHOLD}channels: {{phone: '{ntfy.url()}', here: 'console://'}}\n", encoding="utf-8")
    household = load(str(file), tmp_path, keep=False).household

    async def take_back() -> None:
        supply = await Supplier(str(file), tmp_path).build(household, None)
        await supply.channels["phone"].withdraw("s1")

    asyncio.run(take_back())
    (shown,) = ntfy.shown()
    assert (shown["title"], shown["message"]) == ("Erinnerung", "Beantwortet oder vorbei.")


def test_the_last_line_of_a_message_without_buttons(sink: Any, phone: Any, send: Any, a_message: Any) -> None:
    send(phone(sink.url(schema="json")), a_message(link=ON_THE_PAGE, words=GERMAN))
    (request,) = sink.requests
    assert request.json["message"] == f"Walk to the kitchen.\n\nAntworten: {URL}"


def test_at_the_desk(a_message: Any) -> None:
    message = a_message(link=ON_THE_PAGE, asks=2, words=GERMAN)
    assert text_at_the_desk(message, has_buttons=True).endswith(f"\n\nEinzeln beantworten: {URL}")
    assert text_at_the_desk(message, has_buttons=False).endswith(f"\n\nAntworten: {URL}")


def test_on_the_console_the_command_stays_what_it_is(a_message: Any) -> None:
    out = io.StringIO()
    asyncio.run(ConsoleChannel("log", out).send(a_message(habits=("hydration",), words=GERMAN), 5))
    assert out.getvalue().endswith("\nantworten mit: reminders done hydration (oder snooze, skip)\n")
