"""The text of a calendar: its lines, and of each event those lines that say when it is and whether it matters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reminders.catalogue.phrases import phrase
from reminders.sensors.unreadable import FeedUnreadable

EVENTS_AT_MOST = 20_000
_TOO_MANY_EVENTS = phrase("it holds more than {count} events")
_NAMES = frozenset(
    {
        "UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE",
        "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS",
    }
)  # fmt: skip
_DEPTH = {"BEGIN": 1, "END": -1}
_FOLD = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_END_OF_LINE = re.compile(r"\r\n|\n|\r")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_PART = re.compile(r'(?:"[^"]*"|[^";:])*')
_ESCAPED = re.compile(r"\\([\\;,nN])")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its parameters with names in capitals, and its value as it stands."""

    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class RawEvent:
    """The lines of one event that matter, by name."""

    lines: dict[str, list[Line]] = field(default_factory=dict)

    def first(self, name: str) -> Line | None:
        """Return the first line of that name."""
        found = self.lines.get(name)
        return found[0] if found else None

    def word(self, name: str) -> str:
        """Return a value in capitals; empty without one."""
        line = self.first(name)
        return "" if line is None else line.value.strip().upper()

    def text(self, name: str) -> str:
        """Return a value as people read it; empty without one."""
        line = self.first(name)
        return "" if line is None else _ESCAPED.sub(lambda match: _unescaped(match[1]), line.value).strip()


def events_of(data: bytes) -> Iterator[RawEvent]:
    """Yield the events of a calendar's text. Raises FeedUnreadable for one that is none, not whole or too long."""
    text = data.decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in text.upper():
        raise FeedUnreadable(phrase("what is there is no calendar in iCal format"))
    if "END:VCALENDAR" not in text.upper():
        raise FeedUnreadable(phrase("it breaks off in the middle"))
    for count, event in enumerate(_blocks(text)):
        if count == EVENTS_AT_MOST:
            raise FeedUnreadable(_TOO_MANY_EVENTS.format(count=EVENTS_AT_MOST))
        yield event


def _blocks(text: str) -> Iterator[RawEvent]:
    """Yield each event once it is over; what lies inside of it, such as its alarms, is let pass."""
    event, inner = None, 0
    for line in _END_OF_LINE.split(_FOLD.sub("", text)):
        match = _NAME.match(line)
        name = match[0].upper() if match is not None else ""
        if event is None:
            if name == "BEGIN" and line[len(name) :].strip(": ").upper() == "VEVENT":
                event = RawEvent()
        elif name == "END" and not inner:
            yield event
            event = None
        elif name in _DEPTH:
            inner += _DEPTH[name]
        elif not inner and name in _NAMES:
            event.lines.setdefault(name, []).append(_parsed(line, len(name)))


def _parsed(line: str, begin: int) -> Line:
    """Take a line apart behind its name, which ends at ``begin``."""
    parameters: dict[str, str] = {}
    while begin < len(line) and line[begin] == ";":
        match = _PART.match(line, begin + 1)
        assert match is not None  # noqa: S101  it may be empty, but it is there
        name, _, value = match[0].partition("=")
        parameters[name.upper()] = value.strip('"')
        begin = match.end()
    return Line(parameters, line[begin + 1 :])


def _unescaped(letter: str) -> str:
    return "\n" if letter in "nN" else letter
