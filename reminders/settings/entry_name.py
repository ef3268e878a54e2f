"""The names that people give to what they list: channels, calendars, people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reminders.catalogue.phrases import phrase, say
from reminders.settings.mistakes import FOUND, Mistake


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryName:
    """What names may look like; ``refusal`` and ``hint`` are the phrases for one that does not."""

    refusal: str
    pattern: re.Pattern[str]
    hint: str

    def checked(self, name: str) -> str:
        """Return the name; raise Mistake when it cannot be one."""
        if not self.pattern.fullmatch(name):
            raise Mistake(say(self.refusal, found=FOUND), found=name, hint=say(self.hint))
        return name


_DASHED_HINT = phrase("begin with a small letter; small letters, digits, _ and - may follow")
_DASHED = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
PERSON_ID = EntryName(
    refusal=phrase("{found} cannot name a person"),
    pattern=re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII),
    hint=phrase("begin with a small letter; small letters, digits and _ may follow (name: holds the name to show)"),
)
CHANNEL_NAME = EntryName(refusal=phrase("{found} cannot name a channel"), pattern=_DASHED, hint=_DASHED_HINT)
CALENDAR_NAME = EntryName(refusal=phrase("{found} cannot name a calendar"), pattern=_DASHED, hint=_DASHED_HINT)
