"""What a habit is called on the page: the same as in its messages, wherever it stands."""

from __future__ import annotations

from reminders.catalogue.content import load_content
from reminders.catalogue.phrases import language_spoken
from reminders.planning.wording import title_of


def name_of(habit: str) -> str:
    """Return a habit's name in the language spoken: a built-in one's title, one's own as it is written in the file.

    The first name in a language takes some tens of milliseconds, unless ``read_names`` went before.
    """
    return title_of(habit, load_content(language_spoken()))


def read_names() -> None:
    """Read the names in the language spoken, where they are not known yet; for a thread in which nobody waits."""
    load_content(language_spoken())
