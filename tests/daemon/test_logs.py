"""Rules of the log: one shape, secrets masked, repeats folded, pretty on a terminal and JSON elsewhere."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from reminders.daemon.logs import LogHandler, configure_logging, mask_secrets

logger = logging.getLogger("reminders.delivery")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("reminders")
    levels = root.level, ours.level
    yield
    for handler in [handler for handler in root.handlers if isinstance(handler, LogHandler)]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(levels[0])
    ours.setLevel(levels[1])
    logging.captureWarnings(capture=False)


def lines_of(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def say(level: int, event: str, **fields: object) -> None:
    logger.log(level, event, extra={"fields": fields})


def test_line_that_is_not_for_a_terminal_is_one_json_object() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    say(
        logging.INFO,
        "nudge.sent",
        person="alice",
        habits=["hydration"],
        late_seconds=2.1,
        at=datetime(2025, 3, 4, tzinfo=UTC),
    )
    (line,) = lines_of(stream)
    written_at = datetime.fromisoformat(str(line.pop("time")))
    assert written_at.tzinfo is not None
    assert line == {
        "level": "info",
        "logger": "reminders.delivery",
        "event": "nudge.sent",
        "person": "alice",
        "habits": ["hydration"],
        "late_seconds": 2.1,
        "at": "2025-03-04T00:00:00+00:00",
    }


def test_line_for_a_terminal_is_for_people_and_stays_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    configure_logging(stream=stream)
    say(
        logging.WARNING,
        "delivery.failed",
        channel="phone",
        detail="no route\nto host",
        attempt=2,
        habits=["eyes", "walk"],
    )
    assert (
        stream.getvalue()[8:]
        == ' warning  delivery.failed channel=phone detail="no route\\nto host" attempt=2 habits=eyes,walk\n'
    )


def test_a_hint_stands_on_its_own_line_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    terminal, file = Terminal(), io.StringIO()
    configure_logging(stream=terminal)
    say(logging.WARNING, "zone.assumed", zone="UTC", hint='set "timezone" in the file')
    assert terminal.getvalue()[8:] == (
        ' warning  zone.assumed zone=UTC\n                  hint: set "timezone" in the file\n'
    )
    configure_logging(stream=file)
    say(logging.WARNING, "zone.assumed", zone="UTC", hint='set "timezone" in the file')
    assert lines_of(file)[0]["hint"] == 'set "timezone" in the file'


def test_a_record_that_says_much_is_a_block_for_people_and_one_line_elsewhere() -> None:
    terminal, file = Terminal(), io.StringIO()
    fields = {"version": "1.0", "channels": ["desktop", "phone"], "next_due": None, "detail": "no route\nto host"}
    for stream in (terminal, file):
        configure_logging(stream=stream)
        logger.info("service.started", extra={"fields": fields, "in_block": True})
    head, *block = terminal.getvalue().splitlines()
    assert head.endswith("info     service.started")
    assert [line.split(maxsplit=1) for line in block[:2]] == [["version", "1.0"], ["channels", "desktop, phone"]]
    assert block[2].split() == ["next", "due", "none"]
    assert block[3].endswith('"no route\\nto host"')
    (line,) = lines_of(file)
    assert {name: line[name] for name in fields} == fields
    assert "in_block" not in line


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal, file = Terminal(), io.StringIO()
    configure_logging(stream=terminal)
    say(logging.ERROR, "job.failed")
    configure_logging(stream=file, pretty=True)
    say(logging.ERROR, "job.failed")
    assert "\x1b[31m" in terminal.getvalue()
    assert "\x1b" not in file.getvalue()


def test_configuring_again_replaces_the_earlier_stream() -> None:
    first, second = io.StringIO(), io.StringIO()
    configure_logging(stream=first)
    configure_logging(stream=second)
    say(logging.INFO, "nudge.sent")
    assert (first.getvalue(), len(lines_of(second))) == ("", 1)


def test_details_are_left_out_until_asked_for() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    say(logging.DEBUG, "heartbeat.restarted")
    logging.getLogger("some.library").info("chatter")
    configure_logging(stream=stream, level=logging.DEBUG)
    say(logging.DEBUG, "heartbeat.restarted")
    assert [line["event"] for line in lines_of(stream)] == ["heartbeat.restarted"]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ntfys://my-topic refused", "ntfys://*** refused"),
        ("mailto://me:pa/ss@example.org?to=x", "mailto://***"),
        ("tgram://123:abc/456, then", "tgram://*** then"),
        ("NTFYS://My-Topic", "NTFYS://***"),
        ("https://me:secret@example.org/path", "https://example.org/***"),
        ("https://me:se@cret@example.org/path", "https://example.org/***"),
        ("https://hooks.example.org/services/T0/B0", "https://hooks.example.org/***"),
        ("https://example.org?token=abc", "https://example.org/***"),
        ("http://127.0.0.1:8377/", "http://127.0.0.1:8377/"),
        ("http://localhost:8377/a?token=abc", "http://localhost:8377/a?***"),
        ("http://me:secret@127.0.0.1/", "http://127.0.0.1/***"),
        ("http://localhost.example.org/secret", "http://localhost.example.org/***"),
        ("desktop://", "desktop://"),
        ("12:30 and a/b", "12:30 and a/b"),
    ],
)
def test_urls_that_may_hold_secrets_are_masked(text: str, masked: str) -> None:
    assert mask_secrets(text) == masked


def test_secrets_are_masked_wherever_they_stand() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    fields = {
        "detail": "xml://swordfish",
        "nested": {"urls": ["pover://swordfish"], "token": "swordfish"},
        "api_token": "swordfish",
        "password": None,
    }
    try:
        int("json://me:swordfish@example.org")
    except ValueError:
        logger.exception("job.failed to %s", "ntfys://swordfish", extra={"fields": fields})
    assert "swordfish" not in stream.getvalue()
    (line,) = lines_of(stream)
    assert "ValueError" in str(line["exception"])
    assert (line["api_token"], line["password"]) == ("***", None)


def test_secrets_in_warnings_and_libraries_are_masked_too() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    logging.getLogger("some.library").warning("sent to %s", "ntfys://swordfish")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("ntfys://swordfish is old", UserWarning, stacklevel=1)
    assert len(lines_of(stream)) == 2
    assert "swordfish" not in stream.getvalue()


def test_same_error_in_a_row_is_one_line_and_one_count() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    for attempt in range(1, 6):
        say(logging.WARNING, "delivery.failed", channel="phone", detail="refused", attempt=attempt)
    say(logging.INFO, "nudge.sent")
    say(logging.WARNING, "delivery.failed", channel="phone", detail="refused", attempt=6)
    shown = [(line["event"], line.get("attempt"), line.get("repeated_times")) for line in lines_of(stream)]
    assert shown == [
        ("delivery.failed", 1, None),
        ("delivery.failed", 5, 4),
        ("nudge.sent", None, None),
        ("delivery.failed", 6, None),
    ]


def test_errors_that_differ_in_words_are_all_shown() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    for channel in ("phone", "mail", "phone"):
        say(logging.WARNING, "delivery.failed", channel=channel)
    assert [line["channel"] for line in lines_of(stream)] == ["phone", "mail", "phone"]


def test_nudges_are_never_folded() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    for _ in range(3):
        say(logging.INFO, "nudge.sent")
    assert len(lines_of(stream)) == 3


def test_count_is_not_lost_at_the_end() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    for _ in range(3):
        say(logging.ERROR, "delivery.postponed")
    configure_logging(stream=io.StringIO())
    assert [line.get("repeated_times") for line in lines_of(stream)] == [None, 2]


def test_field_never_hides_the_event() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    logger.info("nudge.sent", extra={"fields": {"event": "other", "level": "none"}})
    (line,) = lines_of(stream)
    assert (line["event"], line["level"]) == ("nudge.sent", "info")
