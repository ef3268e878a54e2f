"""Holds: an ntfy message has three buttons that give the answer away from here, by the page or through a topic."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from reminders.channels.ntfy_message import confirmed_sequence, sequence_id
from reminders.domain.answer_link import AnswerLink
from reminders.domain.delivery import SendOutcome
from tests.channels.ntfy_stand_in import NtfyServer, running_ntfy

TOKEN = "tOkEn_of-22-letters-xy"
URL = f"https://home.example/a/{TOKEN}"
ON_THE_PAGE = AnswerLink(token=TOKEN, url=URL, local_url=f"http://127.0.0.1:8377/a/{TOKEN}")
ON_THE_TOPIC = AnswerLink(token=TOKEN)


@pytest.fixture
def shown(ntfy: NtfyServer, phone: Any, send: Any, a_message: Any) -> Any:
    """Send a message with a link and return what the phone shows of it."""

    def make(link: AnswerLink | None, *, url: str | None = None, entry: Any = None, **changes: Any) -> Any:
        channel = phone(url or ntfy.url(), **(entry or {}))
        result = send(channel, a_message(link=link, **changes))
        assert result.outcome is SendOutcome.ACCEPTED, result.detail
        (message,) = ntfy.messages()
        return message

    return make


def test_with_a_page_the_buttons_post_the_verb_there_and_put_the_message_away(shown: Any) -> None:
    actions = shown(ON_THE_PAGE)["actions"]
    assert [(one["action"], one["label"], one["method"], one["url"], one["clear"]) for one in actions] == [
        ("http", label, "POST", URL, True) for label in ("Done", "Snooze", "Skip")
    ]
    assert [parse_qs(one["body"]) for one in actions] == [{"verb": [verb]} for verb in ("done", "snooze", "skip")]
    assert {one["headers"]["Content-Type"] for one in actions} == {"application/x-www-form-urlencoded"}


def test_with_a_page_a_tap_on_the_message_opens_it(shown: Any) -> None:
    assert shown(ON_THE_PAGE)["click"] == URL


def test_a_tap_leads_where_the_channels_url_says_if_it_says_so(shown: Any, ntfy: NtfyServer) -> None:
    assert shown(ON_THE_PAGE, url=ntfy.url(query="?click=https://x.example/y"))["click"] == "https://x.example/y"


def test_without_a_page_the_buttons_post_token_and_verb_to_the_answer_topic(shown: Any, ntfy: NtfyServer) -> None:
    message = shown(ON_THE_TOPIC)
    assert [(one["label"], one["method"], one["url"], one["body"], one["clear"]) for one in message["actions"]] == [
        (label, "POST", f"{ntfy.base_url}/health-topic-answers", f"{TOKEN} {verb}", True)
        for label, verb in (("Done", "done"), ("Snooze", "snooze"), ("Skip", "skip"))
    ]
    assert [one["headers"] for one in message["actions"]] == [{}] * 3
    assert "click" not in message


def test_the_answer_topic_can_be_named_in_the_file(
    shown: Any, ntfy: NtfyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERS", "my-own")
    message = shown(ON_THE_TOPIC, entry={"answer_topic": "${ANSWERS}"})
    assert {one["url"] for one in message["actions"]} == {f"{ntfy.base_url}/my-own"}


@pytest.mark.parametrize(
    ("user", "header"),
    [("me:pAss%2Cw;rd@", f"Basic {base64.b64encode(b'me:pAss,w;rd').decode()}"), ("tk_abc123@", "Bearer tk_abc123")],
)
def test_buttons_log_in_to_the_answer_topic_where_the_channel_logs_in(
    shown: Any, ntfy: NtfyServer, user: str, header: str
) -> None:
    ntfy.login = header
    message = shown(ON_THE_TOPIC, url=ntfy.url(user=user))
    assert [one["headers"] for one in message["actions"]] == [{"Authorization": header}] * 3


def test_no_login_travels_with_buttons_that_go_to_the_page(shown: Any, ntfy: NtfyServer) -> None:
    message = shown(ON_THE_PAGE, url=ntfy.url(user="me:secret@"))
    assert "uthorization" not in json.dumps(message["actions"])


def test_a_merged_message_says_that_its_buttons_answer_all_of_it(shown: Any) -> None:
    actions = shown(ON_THE_PAGE, asks=2)["actions"]
    assert [(one["action"], one["label"], one["url"]) for one in actions] == [
        ("http", "Done all", URL),
        ("http", "Snooze all", URL),
        ("view", "One by one", URL),
    ]


def test_a_merged_message_without_a_page_can_only_be_answered_whole(shown: Any) -> None:
    labels = [one["label"] for one in shown(ON_THE_TOPIC, asks=2)["actions"]]
    assert labels == ["Done all", "Snooze all", "Skip all"]


@pytest.mark.parametrize(
    ("link", "changes", "entry"),
    [
        (None, {}, {}),
        (ON_THE_TOPIC, {}, {"hears_answers": False}),
        (ON_THE_TOPIC, {}, {"answer_topic": "not a topic"}),
        (ON_THE_TOPIC, {}, {"answer_topic": "${NOT_SET_ANYWHERE}"}),
        (ON_THE_PAGE, {"buttons": ()}, {}),
    ],
)
def test_a_message_whose_answer_has_no_way_back_arrives_without_buttons(
    shown: Any, link: AnswerLink | None, changes: Any, entry: Any
) -> None:
    message = shown(link, entry=entry, **changes)
    assert "actions" not in message
    assert "click" not in message
    assert message["message"] == "Walk to the kitchen."


def test_a_channel_that_hears_nothing_has_buttons_to_the_page_all_the_same(shown: Any) -> None:
    message = shown(ON_THE_PAGE, entry={"hears_answers": False})
    assert {one["url"] for one in message["actions"]} == {URL}


def test_actions_of_the_channels_url_give_way_to_the_answers(shown: Any, ntfy: NtfyServer) -> None:
    url = ntfy.url(query="?actions=view%2C%20Portal%2C%20https%3A%2F%2Fx.example")
    assert [one["label"] for one in shown(ON_THE_PAGE, url=url)["actions"]] == ["Done", "Snooze", "Skip"]


def test_of_several_topics_all_get_buttons_to_the_answers_of_the_first(
    ntfy: NtfyServer, phone: Any, send: Any, a_message: Any
) -> None:
    assert send(phone(ntfy.url("one/two")), a_message(link=ON_THE_TOPIC)).outcome is SendOutcome.ACCEPTED
    for topic in ("one", "two"):
        (message,) = ntfy.messages(topic)
        assert {one["url"] for one in message["actions"]} == {f"{ntfy.base_url}/one-answers"}


def test_the_channel_says_whether_it_has_buttons(phone: Any) -> None:
    assert phone("ntfys://health").has_buttons
    assert not phone("ntfys://health", hears_answers=False).has_buttons
    assert phone("ntfys://health", hears_answers=False, has_public_page=True).has_buttons
    assert not phone("json://host", has_public_page=True).has_buttons
    assert not phone("ntfys://${NOT_SET_ANYWHERE}").has_buttons
    assert not phone("ntfys://health").hears_presses


# Sequences


def test_an_accepted_message_is_known_by_the_sequence_the_server_put_it_in(
    ntfy: NtfyServer, phone: Any, send: Any
) -> None:
    result = send(phone(ntfy.url()))
    (message,) = ntfy.messages()
    assert result.external_id == message["sequence_id"] == sequence_id("n7")


def test_a_server_without_sequences_leaves_nothing_to_take_back(phone: Any, send: Any) -> None:
    with running_ntfy(is_old=True) as old:
        result = send(phone(old.url()))
    assert (result.outcome, result.external_id) == (SendOutcome.ACCEPTED, None)


def test_a_message_that_replaces_an_older_one_stands_in_its_place(
    ntfy: NtfyServer, phone: Any, send: Any, a_message: Any
) -> None:
    channel = phone(ntfy.url())
    first = send(channel)
    second = send(channel, a_message(nudge_id="n8", replaces=first.external_id, title="Again"))
    assert second.external_id == first.external_id
    assert [one["title"] for one in ntfy.shown()] == ["Again"]
    third = send(channel, a_message(nudge_id="n9"))
    assert third.external_id != first.external_id
    assert len(ntfy.shown()) == 2


@pytest.mark.parametrize("older", ["17@5f3c01aa:1.23", "", "x" * 65, "a/b"])
def test_what_no_ntfy_server_gave_is_not_replaced(older: str) -> None:
    assert sequence_id("n7", older) == sequence_id("n7")


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"{}", b'{"sequence_id":"other"}', b"[" * 100_000, b"\xff"])
def test_only_the_very_sequence_confirms_it(body: bytes) -> None:
    assert confirmed_sequence(body, "s1") is None
    assert confirmed_sequence(b'{"id":"m","sequence_id":"s1"}', "s1") == "s1"


# Secrets


def test_token_topic_and_login_are_in_no_log_error_file_or_process_list(
    ntfy: NtfyServer, phone: Any, send: Any, a_message: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = (TOKEN, "sEcReTtOpIc", "pAsSwOrD99", "home.example")
    processes: list[str] = []
    look = ntfy.add

    def note(*arguments: Any, **fields: Any) -> Any:
        processes.append(command_lines())
        return look(*arguments, **fields)

    ntfy.add = note  # type: ignore[method-assign]
    channel = phone(ntfy.url("sEcReTtOpIc", user="me:pAsSwOrD99@"))
    results = [send(channel, a_message(link=ON_THE_PAGE)), send(channel, a_message(link=ON_THE_TOPIC))]
    ntfy.refuses = 401
    results.append(send(channel, a_message(link=ON_THE_PAGE)))
    ntfy.refuses = None
    assert [result.outcome for result in results] == [SendOutcome.ACCEPTED, SendOutcome.ACCEPTED, SendOutcome.REJECTED]
    assert "reminders.channels.apprise_channel" in processes[0]
    told = "\n".join([caplog.text, *processes, *map(repr, results), repr(a_message(link=ON_THE_PAGE))])
    assert [secret for secret in secrets if secret in told] == []


def command_lines() -> str:
    """Return the command lines and environments that others on this machine can list, by their process."""
    found = io.StringIO()
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                found.write(Path(entry.path, "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
            except OSError:
                continue
            found.write("\n")
    return found.getvalue()
