"""What is read of a page, or read out, and a German that has every phrase in brackets."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from reminders.catalogue import phrases
from tests.bracketed import bracketed

_READ_OUT = frozenset({"aria-label", "title", "alt", "placeholder", "data-unanswered"})


class Seen(HTMLParser):
    """The ``lines`` of a page: its texts, and the attributes that are shown or read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.feed(page)

    def handle_starttag(self, _tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.lines += [value or "" for name, value in attributes if name in _READ_OUT]

    def handle_data(self, text: str) -> None:
        if text.strip():
            self.lines.append(" ".join(text.split()))


def text_of(page: str) -> str:
    """Return what a page says, without its marks."""
    body = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


@contextmanager
def german_in_brackets(folder: Path) -> Iterator[None]:
    """Speak a German whose file, written to ``folder``, has the English of every phrase, in brackets."""
    (folder / "en.yaml").write_text("", encoding="utf-8")
    spoken = {"plural": "n != 1", "all": dict(bracketed().by_english)}
    (folder / "de.yaml").write_text(f"\n---\n{yaml.safe_dump(spoken, allow_unicode=True)}", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phrases, "_TEXTS", folder)
        phrases.phrases_in.cache_clear()
        yield
    phrases.phrases_in.cache_clear()
