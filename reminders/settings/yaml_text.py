"""The bytes of a configuration file, checked before any of it is parsed."""

from __future__ import annotations

import os
import re
import stat

from reminders.catalogue.phrases import say
from reminders.settings.document import Document, Place

BYTES_AT_MOST = 128 * 1024

_BYTE_ORDER_MARK = "\ufeff"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TAB_INDENT = re.compile(r"^[ \-?:]*\t", re.MULTILINE)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def read_bytes(path: str, document: Document) -> bytes | None:
    """Read the file, at most one byte more than is allowed; None = it cannot be read, and the document says why."""
    place = Place(file=path)
    try:
        # without O_NONBLOCK a named pipe would hold the reader until its deadline
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        make = say("have one written there: reminders init --config FILE")
        document.complain(place, "", _unreadable(error), hint=make if isinstance(error, FileNotFoundError) else None)
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        document.complain(place, "", say("this is not a file"))
        return None
    with os.fdopen(descriptor, "rb") as file:
        try:
            return file.read(BYTES_AT_MOST + 1)
        except OSError as error:
            document.complain(place, "", _unreadable(error))
            return None


def decode(data: bytes, document: Document) -> str | None:
    """Return the text; None = it is not fit to be parsed, and the document says where and why.

    A byte order mark at the start is left out: Windows editors write one, and it means no harm.
    """
    start = Place(file=document.file, line=1, column=1)
    if len(data) > BYTES_AT_MOST:
        allowed = say("at most {most}", most=f"{BYTES_AT_MOST // 1024} KiB")
        document.complain(start, "", say("the file is too large"), allowed=allowed)
        return None
    if data.startswith(_UTF_16_MARKS):
        _complain_of_encoding(document, start)
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        _complain_of_encoding(document, _place(document, before, len(before)))
        return None
    text = text.removeprefix(_BYTE_ORDER_MARK)
    return text if _is_fit(text, document) else None


def _is_fit(text: str, document: Document) -> bool:
    strange = _UNPRINTABLE.search(text)
    if strange is not None:
        message = say("the character {name} has no place in this file", name=f"U+{ord(strange[0]):04X}")
        document.complain(_place(document, text, strange.start()), "", message)
    tab = _TAB_INDENT.search(text)
    if tab is not None:
        complain_of_tab(document, _place(document, text, tab.end() - 1))
    return strange is None and tab is None


def complain_of_tab(document: Document, place: Place) -> None:
    """Say that YAML knows no tabs between keys and values."""
    hint = say("indent with spaces, two for each level")
    document.complain(place, "", say("a tab stands where YAML wants spaces"), hint=hint)


def _complain_of_encoding(document: Document, place: Place) -> None:
    document.complain(place, "", say("the file is not in UTF-8"), hint=say("save it as UTF-8"))


def _place(document: Document, text: str, offset: int) -> Place:
    line = text.count("\n", 0, offset) + 1
    return Place(file=document.file, line=line, column=offset - text.rfind("\n", 0, offset))


def _unreadable(error: OSError | ValueError) -> str:
    return say("the file cannot be read: {reason}", reason=_reason(error))


def _reason(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return say("its name is no path")
    # lower case, as every other problem is told; see catalogue.system_words
    return say(error.strerror.lower()) if error.strerror else say("it failed")
