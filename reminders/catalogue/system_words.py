"""Why the operating system refused something, as it is told to people; its own words are English."""

from __future__ import annotations

from reminders.catalogue.phrases import phrase, say

_REASONS = (
    phrase("no such file or directory"),
    phrase("permission denied"),
    phrase("operation not permitted"),
    phrase("not a directory"),
    phrase("is a directory"),
    phrase("file name too long"),
    phrase("too many levels of symbolic links"),
    phrase("no such device or address"),
    phrase("no space left on device"),
    phrase("read-only file system"),
    phrase("too many open files"),
    phrase("cannot allocate memory"),
    phrase("connection refused"),
    phrase("input/output error"),
)


def system_words(error: OSError) -> str:
    """Return why the operating system refused, in the language spoken; in its own words where there are no others."""
    own = error.strerror or str(error)
    plain = own.lower()
    told = say(plain)
    return own if told == plain else told


def is_of_system(text: str) -> bool:
    """Tell whether a text is one of the system's own reasons that there are words for."""
    return text.lower() in _REASONS
