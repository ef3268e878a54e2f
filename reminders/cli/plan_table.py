"""The lines of a plan's day: cells under one another, and what is said in the room that is left."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from shutil import get_terminal_size
from textwrap import shorten, wrap

from reminders.cli.columns import GAP, aligned

_TEXT_AT_MOST = 90  # a line to look over; the whole text is in --json
_INDENT = "  "
_LEAST_ROOM = 24  # in less, a text of its own line says more


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A nudge or an occurrence: its ``cells``, what it would say, which may be cut, and why, which may not."""

    cells: tuple[str, ...]
    texts: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


def terminal_width() -> int | None:
    """Return how many columns the terminal has that is written to; None = it is none."""
    return get_terminal_size().columns if sys.stdout.isatty() else None


def table_lines(entries: Sequence[Entry], width: int | None) -> list[str]:
    """Return the lines of a table, none longer than ``width`` but for its cells; None = as long as they come."""
    if width is None:
        return aligned(_rows(entries, None))
    columns = max((len(one.cells) for one in entries), default=0)
    taken = sum(max(len(one.cells[i]) for one in entries) + len(GAP) for i in range(columns)) + len(_INDENT)
    room = width - taken
    return aligned(_rows(entries, room)) if room >= _LEAST_ROOM else list(_below(entries, width))


def fitted(sentence: str, width: int | None) -> list[str]:
    """Return a sentence in lines that fit the width; None = in one."""
    if width is None:
        return [sentence]
    return wrap(sentence, max(width, _LEAST_ROOM), subsequent_indent=_INDENT, break_long_words=False)


def _rows(entries: Sequence[Entry], room: int | None) -> Iterator[tuple[str, ...]]:
    for one in entries:
        first, *more = _said(one, room) or [""]
        yield (*one.cells, first)
        yield from ((*("" for _ in one.cells), line) for line in more)


def _below(entries: Sequence[Entry], width: int) -> Iterator[str]:
    """Yield each entry with what is said under its cells."""
    indent = _INDENT + " " * max(len(one.cells[0]) for one in entries) + GAP
    for one, head in zip(entries, aligned([one.cells for one in entries]), strict=True):
        yield head
        yield from (indent + line for line in _said(one, max(width - len(indent), _LEAST_ROOM)))


def _said(entry: Entry, room: int | None) -> list[str]:
    at_most = _TEXT_AT_MOST if room is None else min(room, _TEXT_AT_MOST)
    texts = [shorten(line, at_most, placeholder=" ...") for line in entry.texts]
    return texts + (list(entry.why) if room is None else [line for why in entry.why for line in wrap(why, room)])
