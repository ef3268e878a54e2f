"""A language that puts every phrase in brackets, so that a test sees what is said past ``say``.

``bare_words`` lists the words of a text that stand in none.
"""

from __future__ import annotations

import re
from functools import cache

from reminders.catalogue.phrases import Phrases
from tests.catalogue.phrases_said import Said, phrases_said


@cache
def bracketed() -> Phrases:
    """Return the language; one marks what ``phrases_said`` found, so that nothing can be said behind its back."""
    forms = {said.key: _forms(said) for said in phrases_said()}
    return Phrases(language="en", by_english=forms, form=lambda count: int(count != 1))


def _forms(said: Said) -> str | list[str]:
    return f"⟦{said.english}⟧" if said.one is None else [f"⟦{said.one}⟧", f"⟦{said.english}⟧"]


def bare_words(text: str) -> list[str]:
    """Return the words outside all brackets, in the order of the text."""
    depth, bare = 0, []
    for character in text:
        depth += {"⟦": 1, "⟧": -1}.get(character, 0)
        bare.append(character if depth == 0 and character != "⟧" else " ")
    return re.findall(r"[A-Za-z][\w'-]*", "".join(bare))
