"""What the text of a message on an answer topic says: a token, a verb, an amount at times."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reminders.domain.answer import Verb

LETTERS_AT_MOST = 200
WAITS_AT_MOST = timedelta(hours=12)
_WORDS = re.compile(r"(?P<token>[A-Za-z0-9_-]+) (?P<verb>done|snooze|skip)(?: (?P<amount>\S{1,20}))?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """A button that was pressed; ``amount_ml`` None = not told."""

    token: str = field(repr=False)
    verb: Verb
    amount_ml: int | None = None


def read_press(text: str, millilitres: Callable[[str], int | None]) -> Press | None:
    """Read ``<token> done``, ``<token> done 300ml`` and the like; None for anything else.

    ``millilitres`` reads an amount and returns None for what is none.
    """
    match = _WORDS.fullmatch(text.strip()) if len(text) <= LETTERS_AT_MOST else None
    if match is None:
        return None
    verb, told = Verb(match["verb"]), match["amount"]
    if told is None:
        return Press(token=match["token"], verb=verb)
    amount_ml = millilitres(told) if verb is Verb.DONE else None
    return None if amount_ml is None else Press(token=match["token"], verb=verb, amount_ml=amount_ml)


def pressed_at(told: datetime | None, created_at: datetime, now: datetime) -> datetime:
    """Return when a button was pressed, from what the server's clock says; None = it does not say, so now.

    Clocks differ, so it is never later than now, never before the nudge was made, nor more than 12 h ago.
    """
    return now if told is None else min(max(told, created_at, now - WAITS_AT_MOST), now)
