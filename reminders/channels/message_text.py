"""Make a title and a text fit to leave: no NUL, valid Unicode, bounded. Used by every channel."""

from __future__ import annotations

import re

from reminders.domain.delivery import Message

TITLE_LIMIT_BYTES = 250
# ntfy turns more than 4,096 bytes of message into a file; Telegram stops at 4,096 characters.
TEXT_LIMIT_BYTES = 3900
ELLIPSIS = "…"
GAP = "\n\n"
LEAST_ROOM_BYTES = 16

# Line feed and tab stay. Marks of writing direction and joiners of emoji are not control characters.
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029]")


def clean_title(title: str) -> str:
    """Return the title on one line, at most 250 bytes of UTF-8."""
    return _bounded(" ".join(_printable(title).split()), TITLE_LIMIT_BYTES)


def clean_text(text: str) -> str:
    """Return the text with its lines kept, at most 3,900 bytes of UTF-8; an ellipsis marks what was cut."""
    return _bounded(_printable(text).strip(), TEXT_LIMIT_BYTES)


def with_last_line(text: str, line: str, limit: int = TEXT_LIMIT_BYTES) -> str:
    """Return the cleaned text with a line of its own at the end, which is never cut; ``limit`` in bytes of UTF-8."""
    room = max(limit - len(line.encode("utf-8")) - len(GAP), 0)
    cleaned = _bounded(clean_text(text), room) if room >= LEAST_ROOM_BYTES else ""
    return f"{cleaned}{GAP}{line}" if cleaned else line


def text_at_the_desk(message: Message, *, has_buttons: bool) -> str:
    """Return the cleaned text for this machine's own screen, with the page where its buttons do not say it all.

    Without buttons the page takes the answer; beside buttons that answer everything at once it takes them one by one.
    """
    link = message.link
    url = None if link is None or not message.buttons else link.local_url or link.url
    if url is None or (has_buttons and message.asks == 1):
        return clean_text(message.text)
    words = message.words.one_by_one_at if has_buttons else message.words.answer_at
    return with_last_line(message.text, words.format_map({"url": url}))


def _printable(text: str) -> str:
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return CONTROL_CHARACTERS.sub("", LINE_BREAKS.sub("\n", encodable))


def _bounded(text: str, limit_bytes: int) -> str:
    encoded = text.encode("utf-8")
    if len(encoded) <= limit_bytes:
        return text
    room = limit_bytes - len(ELLIPSIS.encode("utf-8"))
    return encoded[:room].decode("utf-8", "ignore").rstrip() + ELLIPSIS
