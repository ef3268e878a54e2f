"""Holds: services without HTTP are judged by what their connection saw, against a real mail server and broker."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from typing import Any

import pytest

from reminders.domain.delivery import SendOutcome


def mail_url(server: Any, password: str = "pw") -> Any:
    return f"mailto://me:{password}@127.0.0.1:{server.port}/you@example.org?from=me@example.org"


def read(envelope: Any) -> Any:
    return message_from_bytes(envelope.content, policy=policy.default)


def test_a_nudge_arrives_as_a_mail(mail_server: Any, phone: Any, send: Any) -> None:
    result = send(phone(mail_url(mail_server)))
    assert result.outcome is SendOutcome.ACCEPTED, result.detail
    (envelope,) = mail_server.mails
    assert envelope.rcpt_tos == ["you@example.org"]
    mail = read(envelope)
    assert mail["Subject"] == "A glass of water"
    assert "Walk to the kitchen." in mail.get_content()


def test_a_repeated_mail_carries_the_same_message_id_and_another_nudge_another(
    mail_server: Any, phone: Any, send: Any, a_message: Any
) -> None:
    for nudge_id in ("n7", "n7", "n8"):
        send(phone(mail_url(mail_server)), a_message(nudge_id=nudge_id))
    first, again, other = (read(envelope)["Message-ID"] for envelope in mail_server.mails)
    assert first == again
    assert first != other


def test_a_mail_keeps_markup_characters_and_line_breaks_readable(
    mail_server: Any, phone: Any, send: Any, a_message: Any
) -> None:
    send(phone(mail_url(mail_server)), a_message(text="3 < 5 & so on\nsecond line"))
    (envelope,) = mail_server.mails
    assert read(envelope).get_content() == "3 < 5 & so on\r\nsecond line\r\n"


def test_a_wrong_password_is_rejected(mail_server: Any, phone: Any, send: Any) -> None:
    mail_server.accepts_login = False
    result = send(phone(mail_url(mail_server)))
    assert result.outcome is SendOutcome.REJECTED
    assert "535" in result.detail


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("550 no such person", SendOutcome.REJECTED),
        ("452 mailbox full", SendOutcome.FAILED),
        ("drop", SendOutcome.UNKNOWN),
    ],
)
def test_what_the_mail_server_says_to_the_text_decides(
    mail_server: Any, phone: Any, send: Any, reply: Any, outcome: SendOutcome
) -> None:
    mail_server.reply = reply
    assert send(phone(mail_url(mail_server))).outcome is outcome
    assert mail_server.mails == []


def test_a_mail_server_that_hangs_before_the_text_has_not_taken_it(sink: Any, phone: Any, send: Any) -> None:
    sink.hangs()
    result = send(
        phone(f"mailto://me:pw@127.0.0.1:{sink.port}/you@example.org?from=me@example.org"), deadline_seconds=12
    )
    assert result.outcome is SendOutcome.FAILED


def test_no_mail_server_is_failed(phone: Any, send: Any, nobody_port: Any) -> None:
    result = send(phone(f"mailto://me:pw@127.0.0.1:{nobody_port}/you@example.org?from=me@example.org"))
    assert result.outcome is SendOutcome.FAILED
    assert result.detail == "its server refuses connections"


@pytest.mark.mqtt
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_a_nudge_is_published_on_its_mqtt_topic(broker: Any, phone: Any, send: Any, soon: Any, qos: int) -> None:
    result = send(phone(f"mqtt://me:pw@127.0.0.1:{broker.port}/my/topic?qos={qos}"))
    assert result.outcome is SendOutcome.ACCEPTED, result.detail
    asyncio.run(soon(lambda: broker.heard, "the subscriber hears it"))
    ((topic, payload),) = broker.heard
    assert topic == "my/topic"
    assert "A glass of water" in payload
    assert "Walk to the kitchen." in payload


@pytest.mark.mqtt
@pytest.mark.parametrize("qos", [0, 1])
def test_a_wrong_mqtt_password_is_rejected(broker: Any, phone: Any, send: Any, qos: int) -> None:
    result = send(phone(f"mqtt://me:wrong@127.0.0.1:{broker.port}/my/topic?qos={qos}"), deadline_seconds=4)
    assert result.outcome is SendOutcome.REJECTED
    assert broker.heard == []


@pytest.mark.mqtt
def test_no_broker_is_failed(phone: Any, send: Any, nobody_port: Any) -> None:
    result = send(phone(f"mqtt://127.0.0.1:{nobody_port}/my/topic"))
    assert result.outcome is SendOutcome.FAILED
    assert result.detail == "its server refuses connections"


@pytest.mark.mqtt
@pytest.mark.parametrize("qos", [0, 1])
def test_a_broker_that_never_answers_is_not_accepted(sink: Any, phone: Any, send: Any, qos: int) -> None:
    sink.hangs()
    result = send(phone(f"mqtt://127.0.0.1:{sink.port}/my/topic?qos={qos}"), deadline_seconds=3)
    assert result.outcome is SendOutcome.UNKNOWN
