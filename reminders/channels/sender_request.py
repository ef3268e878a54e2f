"""A message on its way to the sender's child: as JSON holds it, and what the child makes of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from reminders.channels.message_text import GAP, TEXT_LIMIT_BYTES, clean_text, clean_title, with_last_line
from reminders.channels.ntfy_address import SCHEMAS
from reminders.domain.delivery import Message


def written(message: Message, sequence: str) -> dict[str, Any]:
    """Return a message as JSON may hold it; it goes by way of standard input, as it holds a token."""
    url = None if message.link is None else message.link.url
    return {
        "nudge_id": message.nudge_id,
        "sequence": sequence,
        "title": message.title,
        "text": message.text,
        "buttons": {verb.value: message.label(verb) for verb in message.buttons},
        "one_by_one": message.words.one_by_one,
        "asks": message.asks,
        "token": None if message.link is None else message.link.token,
        "answer_url": url,
        "answer_line": None if url is None else message.words.answer_at.format_map({"url": url}),
    }


def words(message: Mapping[str, Any], schema: str, letters_at_most: int) -> tuple[str, str]:
    """Return title and text; where there are no buttons, the text ends with the page that takes the answer."""
    title, text = clean_title(message["title"]), clean_text(message["text"])
    line = message["answer_line"]
    if line is None or schema in SCHEMAS or not message["buttons"]:
        return title, text
    limit = min(TEXT_LIMIT_BYTES, letters_at_most - len(title.encode()) - len(GAP))
    return title, with_last_line(text, line, limit)


def headers(message: Mapping[str, Any], schema: str, count: int) -> dict[str, str]:
    """Return what marks the n-th request of a send, counted from 0, as the same one in every attempt."""
    key = quote(message["nudge_id"], safe="")
    marks = {"Idempotency-Key": key if count == 0 else f"{key}.{count + 1}"}
    if schema in SCHEMAS:
        # ntfy shows a later message of the same sequence in the place of the earlier one.
        marks["X-Sequence-ID"] = message["sequence"]
    return marks
