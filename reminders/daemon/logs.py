"""What the log looks like: an event name ``noun.past_participle`` and fields, on stderr, secrets masked.

Every package logs through ``logging.getLogger("reminders.<package>")`` and passes its fields as
``extra={"fields": {...}}``, with the unit in the name of a number. On a terminal a line is for people, else it is JSON.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

MASK = "***"
URL = re.compile(r"\b([a-z][a-z0-9+.-]*)://([^\s\"<>]*)", re.IGNORECASE)
HARMLESS_SCHEMES = frozenset({"file", "desktop", "console"})
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)")
SECRET_NAMES = re.compile(r"token|password|passwd|secret|url_value|credential|authorization", re.IGNORECASE)
_BELOW = " " * 18  # under the event
COLOURS = {logging.DEBUG: "2", logging.WARNING: "33", logging.ERROR: "31", logging.CRITICAL: "1;31"}


def mask_secrets(text: str) -> str:
    """Return the text with everything masked that may be an Apprise URL or carries a login.

    Of a web address the host stays; one on this machine stays whole but for its login and query.
    """
    return URL.sub(_mask_url, text)


def _mask_url(match: re.Match[str]) -> str:
    scheme, rest = match.group(1), match.group(2)
    if scheme.lower() in HARMLESS_SCHEMES or not rest:
        return match.group(0)
    if scheme.lower() not in ("http", "https"):
        return f"{scheme}://{MASK}"
    address, _, query = rest.partition("?")
    if "@" not in address and LOOPBACK.match(address):
        return f"{scheme}://{address}?{MASK}" if query else f"{scheme}://{address}"
    return f"{scheme}://{address.rpartition('@')[2].partition('/')[0]}/{MASK}"


class MaskSecrets(logging.Filter):
    """Masks what a record would print, wherever it stands: message, fields, traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; none is dropped."""
        record.msg, record.args = mask_secrets(record.getMessage()), None
        record.fields = {key: _masked(key, value) for key, value in fields_of(record).items()}
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask_secrets(record.exc_text)
        if record.stack_info:
            record.stack_info = mask_secrets(record.stack_info)
        return True


def _masked(key: str, value: Any) -> Any:
    if value is not None and SECRET_NAMES.search(key):
        return MASK
    if isinstance(value, Mapping):
        return {str(name): _masked(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(key, item) for item in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return mask_secrets(value.isoformat() if isinstance(value, datetime) else str(value))


class FoldRepeats(logging.Filter):
    """Lets the first of identical errors in a row pass and adds one line with their number when the row ends.

    Errors are identical when they differ in numbers only. ``close`` ends the row.
    """

    def __init__(self, handler: logging.Handler) -> None:
        """Take the handler that the line with the number goes to."""
        super().__init__()
        self._handler = handler
        self._last: tuple[object, ...] | None = None
        self._record: logging.LogRecord | None = None
        self._repeats = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop a repeat, and end the row before anything else."""
        key = _identity(record) if record.levelno >= logging.WARNING else None
        if key is not None and key == self._last:
            self._record, self._repeats = record, self._repeats + 1
            return False
        self.close()
        self._last = key
        return True

    def close(self) -> None:
        """Write the line with the number, if there were repeats."""
        record, repeats = self._record, self._repeats
        self._last, self._record, self._repeats = None, None, 0
        if record is None:
            return
        summary = logging.makeLogRecord(record.__dict__)
        summary.exc_info = summary.exc_text = summary.stack_info = None
        summary.fields = {**fields_of(record), "repeated_times": repeats}
        self._handler.acquire()
        try:
            self._handler.emit(summary)
        finally:
            self._handler.release()


def _identity(record: logging.LogRecord) -> tuple[object, ...]:
    words = {name: value for name, value in fields_of(record).items() if not isinstance(value, int | float)}
    return record.name, record.levelno, record.getMessage(), json.dumps(words, sort_keys=True, default=str)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return the fields of a record; empty for one from a library."""
    fields = getattr(record, "fields", None)
    return dict(fields) if isinstance(fields, Mapping) else {}


class JsonLines(logging.Formatter):
    """One JSON object a line; ``time`` in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, logger and event, then the fields; a field never hides one of the four."""
        head = {
            "time": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line = {**head, **{name: value for name, value in fields_of(record).items() if name not in head}}
        if trace := _trace(self, record):
            line["exception"] = trace
        return json.dumps(line, ensure_ascii=False, default=str)


class PrettyLines(logging.Formatter):
    """A line for people: local time, level, event, fields; coloured when asked.

    A hint stands on its own line. A record with ``in_block`` true has each field on a line of its own.
    """

    def __init__(self, *, colour: bool) -> None:
        super().__init__()
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        """Write one line, and below it what has its own: the fields of a block, a hint, a traceback."""
        fields = fields_of(record)
        hint = fields.pop("hint", None)
        in_block = bool(getattr(record, "in_block", False))
        level = self._paint(f"{record.levelname.lower():8}", record.levelno)
        beside = "" if in_block else "".join(f" {name}={_plain(value)}" for name, value in fields.items())
        lines = [f"{_moment(record).astimezone():%H:%M:%S} {level} {record.getMessage()}{beside}"]
        lines += _block(fields) if in_block else []
        lines += [] if hint is None else [f"{_BELOW}hint: {_on_one_line(hint)}"]
        trace = _trace(self, record)
        return "\n".join([*lines, trace] if trace else lines)

    def _paint(self, text: str, level: int) -> str:
        code = COLOURS.get(level)
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code else text


def _block(fields: Mapping[str, Any]) -> list[str]:
    names = [name.replace("_", " ") for name in fields]
    widest = max((len(name) for name in names), default=0)
    told = (", ".join(map(str, value)) if isinstance(value, list) else value for value in fields.values())
    return [
        f"{_BELOW}{name:{widest}}  {'none' if value in (None, '') else _on_one_line(value)}"
        for name, value in zip(names, told, strict=True)
    ]


def _on_one_line(value: Any) -> str:
    text = str(value)
    return text if text.isprintable() else json.dumps(text, ensure_ascii=False)


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return record.exc_text or (formatter.formatException(record.exc_info) if record.exc_info else "")


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, tz=UTC)


def _plain(value: Any) -> str:
    """Write a value so that it stays on its line and is told apart from the next field."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        value = ",".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if text and text.isprintable() and " " not in text else json.dumps(text, ensure_ascii=False)


class LogHandler(logging.StreamHandler[TextIO]):
    """Writes masked and folded lines to one stream."""

    def __init__(self, stream: TextIO, formatter: logging.Formatter) -> None:
        super().__init__(stream)
        self.setFormatter(formatter)
        self._repeats = FoldRepeats(self)
        self.addFilter(MaskSecrets())  # before folding, so that no secret is kept for comparing
        self.addFilter(self._repeats)

    def close(self) -> None:
        """Write what is still folded, then let go of the stream."""
        self._repeats.close()
        super().close()


def configure_logging(*, level: int = logging.INFO, stream: TextIO | None = None, pretty: bool | None = None) -> None:
    """Send our records from ``level`` on, and warnings of libraries, to ``stream``; called once by a process.

    ``stream`` None = stderr. ``pretty`` None = by whether the stream is a terminal. ``NO_COLOR`` is respected.
    """
    target = sys.stderr if stream is None else stream
    terminal = target.isatty()
    for_people = terminal if pretty is None else pretty
    colour = terminal and not os.environ.get("NO_COLOR")
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, LogHandler)]:
        root.removeHandler(handler)
        handler.close()
    root.addHandler(LogHandler(target, PrettyLines(colour=colour) if for_people else JsonLines()))
    root.setLevel(logging.WARNING)
    logging.getLogger("reminders").setLevel(level)
    logging.captureWarnings(capture=True)
