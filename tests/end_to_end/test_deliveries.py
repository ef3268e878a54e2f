"""Holds: a daemon started on a configuration delivers what falls due, by the machine's own clock, to each channel."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.channels.desktop.session import Desktop, running_bus, running_desktop
from tests.channels.servers import (
    Broker,
    MailServer,
    Sink,
    eventually,
    running_broker,
    running_mail_server,
    running_sink,
)
from tests.end_to_end.home import Daemon, Home, somebodys_home

pytestmark = [pytest.mark.desktop, pytest.mark.mqtt]

CHANNELS = ("desktop", "mail", "broker", "phone", "here")
SAY = "Look out of the window until you have counted three birds."
CONFIG = """\
timezone: UTC
me: {{name: Alex, awake: "00:00-24:00"}}
channels:
  desktop: desktop://
  mail: mailto://me:${{MAIL_PASSWORD}}@127.0.0.1:{mail}/alex@example.org?from=reminders@example.org
  broker: mqtt://me:${{BROKER_PASSWORD}}@127.0.0.1:{broker}/home/back
  phone: ntfy://127.0.0.1:{phone}/${{NTFY_TOPIC}}
  here: console://
habits:
  calcium_meal: {{at: ["{due}"]}}
  look_out: {{at: ["{due}"], say: "{say}"}}
"""
SECRETS = {"MAIL_PASSWORD": "pw", "BROKER_PASSWORD": "pw", "NTFY_TOPIC": "alex-topic"}


@dataclass
class Street:
    """A home and everything that it can send to, once the nudge has left."""

    home: Home
    daemon: Daemon
    due: datetime
    desktop: Desktop
    mail: MailServer
    broker: Broker
    phone: Sink


def _next_minute(now: datetime) -> datetime:
    """Return the next full minute that leaves ten seconds to start in."""
    return (now + timedelta(seconds=70)).replace(second=0, microsecond=0)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    with (
        running_bus(folder) as bus,
        running_desktop(folder, bus) as desktop,
        running_mail_server() as mail,
        running_broker(folder) as broker,
        running_sink() as phone,
        somebodys_home(folder / "home", SECRETS | {"DBUS_SESSION_BUS_ADDRESS": bus.address}) as home,
    ):
        due = _next_minute(datetime.now(UTC))
        text = CONFIG.format(mail=mail.port, broker=broker.port, phone=phone.port, due=f"{due:%H:%M}", say=SAY)
        home.config.write_text(text)
        daemon = home.start().armed()
        assert datetime.now(UTC) < due
        eventually(
            lambda: {line["channel"] for line in daemon.log("nudge.sent")} == set(CHANNELS),
            "every channel has taken the nudge",
            90,
        )
        yield Street(home, daemon, due, desktop, mail, broker, phone)


def test_the_desktop_shows_it(street: Street, tmp_path: Path) -> None:
    picture = tmp_path / "end_to_end_desktop.png"
    assert street.desktop.shown() == 1
    street.desktop.screenshot(picture)
    assert picture.stat().st_size > 0
    if folder := os.environ.get("REMINDERS_TEST_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, folder)


def test_a_mail_server_gets_it(street: Street) -> None:
    (envelope,) = street.mail.mails
    assert envelope.rcpt_tos == ["alex@example.org"]
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert "Calcium idea" in mail["Subject"]
    assert SAY in mail.get_content()


def test_a_subscriber_of_the_broker_hears_it(street: Street) -> None:
    ((topic, payload),) = street.broker.heard
    assert topic == "home/back"
    assert "Calcium idea" in payload
    assert SAY in payload


def test_the_phone_gets_title_text_topic_and_a_key_against_doubles(street: Street) -> None:
    (request,) = [seen for seen in street.phone.requests if seen.method == "POST"]
    told = request.json
    assert told["topic"] == "alex-topic"
    assert "Calcium idea" in told["title"]
    assert SAY in told["message"]
    assert request.headers["idempotency-key"]
    assert request.headers["x-sequence-id"]


def test_the_console_prints_it_with_the_time(street: Street) -> None:
    assert f"{street.due.hour:02}:{street.due.minute:02}  " in street.daemon.printed
    assert SAY in street.daemon.printed


def test_all_of_them_get_the_same_words(street: Street) -> None:
    told = next(seen for seen in street.phone.requests if seen.method == "POST").json
    mail = message_from_bytes(street.mail.mails[0].content, policy=policy.default)
    assert mail["Subject"] == told["title"]
    assert mail.get_content().split() == told["message"].split()
    assert all(line in street.daemon.printed for line in told["message"].split("\n"))


def test_it_leaves_within_seconds_of_its_minute(street: Street) -> None:
    rows = street.home.record()
    assert {row["habit"] for row in rows} == {"calcium_meal", "look_out"}
    for row in rows:
        assert datetime.fromisoformat(row["due_at"]) == street.due
        assert timedelta(0) <= datetime.fromisoformat(row["sent_at"]) - street.due <= timedelta(seconds=5)


def test_two_asks_of_one_minute_share_one_nudge_and_each_is_on_record_as_sent(street: Street) -> None:
    assert len(street.daemon.log("nudge.decided")) == 2
    assert len({line["nudge"] for line in street.daemon.log("nudge.decided")}) == 1
    for row in street.home.record():
        assert row["state"] == "sent"
        assert {one["channel"]: (one["state"], one["attempt"]) for one in row["channels"]} == dict.fromkeys(
            CHANNELS, ("accepted", 1)
        )
