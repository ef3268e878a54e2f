"""The names that people give to what they list: channels, calendars, people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reminders.settings.mistakes import FOUND, Mistake


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryName:
    """What may name ``noun``; ``hint`` says it in words."""

    noun: str
    pattern: re.Pattern[str]
    hint: str

    def checked(self, name: str) -> str:
        """Return the name; raise Mistake when it cannot be one."""
        if not self.pattern.fullmatch(name):
            raise Mistake(f"{FOUND} cannot name {self.noun}", found=name, hint=self.hint)
        return name


_BEGIN = "begin with a small letter; small letters, digits"
_DASHED = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
PERSON_ID = EntryName(
    noun="a person",
    pattern=re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII),
    hint=f"{_BEGIN} and _ may follow (name: holds the name to show)",
)
CHANNEL_NAME = EntryName(noun="a channel", pattern=_DASHED, hint=f"{_BEGIN}, _ and - may follow")
CALENDAR_NAME = EntryName(noun="a calendar", pattern=_DASHED, hint=f"{_BEGIN}, _ and - may follow")
