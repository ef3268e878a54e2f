"""One event of a calendar, understood: when it is, how it repeats, and what it means for a person."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from reminders.catalogue.phrases import phrase
from reminders.sensors.ics_rule import rule_of
from reminders.sensors.ics_text import Line, RawEvent
from reminders.sensors.ics_time import Moment, Unclear, Zones, instant, read_length, read_moment

LENGTH_AT_MOST = timedelta(days=1)  # what lasts a day or longer is a stay somewhere, and no meeting
USUAL_TRAINING = timedelta(hours=1)  # of one that does not say how long it lasts
RDATES_AT_MOST = 1000
EXDATES_AT_MOST = 5000
_PLAIN_UID_AT_MOST = 64
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@._-")
BUSY = ""  # what an event means that holds nudges back and is no training


@dataclass(frozen=True, kw_only=True, slots=True)
class IcsEvent:
    """An event; ``starts`` is a date for one of whole days.

    ``meaning`` is the word that marks a training, ``BUSY``, or None for an event that changes nothing. ``rule_ends``
    is the instant after which the rules give nothing, None = they go on. ``replaces`` is the moment of the series
    that this one stands for, None = it is the series itself, or single.
    """

    uid: str
    starts: Moment
    length: timedelta
    meaning: str | None
    sequence: int = 0
    rules: tuple[str, ...] = ()
    rule_ends: datetime | None = None
    more: tuple[Moment, ...] = ()
    without: tuple[Moment, ...] = ()
    replaces: Moment | None = None
    is_for_the_rest: bool = False

    @property
    def repeats(self) -> bool:
        """True for a series."""
        return bool(self.rules or self.more)


def understood(raw: RawEvent, zones: Zones, words: Sequence[str], *, is_busy: bool) -> IcsEvent:
    """Return what an event says. ``words`` mark a training; ``is_busy`` = others make busy. Raises Unclear."""
    begin = raw.first("DTSTART")
    if begin is None:
        raise Unclear(phrase("does not say when it begins"))
    starts = read_moment(begin, zones)
    length = _length(raw, starts, zones)
    word = _training_word(raw, words) if isinstance(starts, datetime) else None
    if word is not None and not length:
        length = USUAL_TRAINING
    rules, rule_ends = _rules(raw, starts, zones)
    replaced = raw.first("RECURRENCE-ID")
    return IcsEvent(
        uid=_uid(raw),
        starts=starts,
        length=length,
        meaning=_meaning(raw, starts, length, word, is_busy=is_busy),
        sequence=_sequence(raw),
        rules=rules,
        rule_ends=rule_ends,
        more=_listed(raw, "RDATE", zones, starts, RDATES_AT_MOST),
        without=_listed(raw, "EXDATE", zones, starts, EXDATES_AT_MOST),
        replaces=None if replaced is None else read_moment(replaced, zones, like=starts),
        is_for_the_rest=replaced is not None and replaced.parameters.get("RANGE", "").upper() == "THISANDFUTURE",
    )


def _length(raw: RawEvent, starts: Moment, zones: Zones) -> timedelta:
    end, lasts = raw.first("DTEND"), raw.first("DURATION")
    if end is None:
        return timedelta(0) if lasts is None else read_length(lasts)
    ends = read_moment(end, zones, like=starts)
    if not isinstance(starts, datetime) or not isinstance(ends, datetime):
        return _days(ends) - _days(starts) if type(ends) is type(starts) else timedelta(0)
    if instant(ends) < instant(starts):
        raise Unclear(phrase("ends before it begins"))
    return instant(ends) - instant(starts)


def _days(moment: Moment) -> timedelta:
    return timedelta(days=date(moment.year, moment.month, moment.day).toordinal())


def _meaning(raw: RawEvent, starts: Moment, length: timedelta, word: str | None, *, is_busy: bool) -> str | None:
    """Return what the event means; one of whole days, or cancelled, means nothing."""
    if raw.word("STATUS") == "CANCELLED" or not isinstance(starts, datetime) or length >= LENGTH_AT_MOST:
        return None
    if word is not None:
        return word
    is_free = raw.word("TRANSP") == "TRANSPARENT" or raw.word("X-MICROSOFT-CDO-BUSYSTATUS") == "FREE"
    return BUSY if is_busy and not is_free and length else None


def _training_word(raw: RawEvent, words: Sequence[str]) -> str | None:
    title = _plainly(raw.text("SUMMARY"))
    return next((word for word in words if _plainly(word) in title), None)


def _plainly(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _rules(raw: RawEvent, starts: Moment, zones: Zones) -> tuple[tuple[str, ...], datetime | None]:
    """Return the rules of an event; those of one of whole days are not asked for."""
    if not isinstance(starts, datetime):
        return (), None
    found = [rule_of(line, starts, zones) for line in raw.lines.get("RRULE", ())]
    ends = [end for _, end in found if end is not None]
    return tuple(rule for rule, _ in found), max(ends) if found and len(ends) == len(found) else None


def _listed(raw: RawEvent, name: str, zones: Zones, starts: Moment, at_most: int) -> tuple[Moment, ...]:
    """Return the moments of a list; of a period, its beginning."""
    lines = raw.lines.get(name, ())
    if sum(line.value.count(",") + 1 for line in lines) > at_most:
        raise Unclear(phrase("lists more than {count} dates").format(count=at_most))
    values = ((line, value.partition("/")[0]) for line in lines for value in line.value.split(",") if value.strip())
    return tuple(read_moment(line, zones, value, starts) for line, value in values)


def _sequence(raw: RawEvent) -> int:
    text = raw.word("SEQUENCE")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0  # noqa: PLR2004  digits


def _uid(raw: RawEvent) -> str:
    """Return the event's own name where it is short and plain, else one made of it, or of what the event says."""
    uid = raw.text("UID")
    if 0 < len(uid) <= _PLAIN_UID_AT_MOST and _PLAIN.issuperset(uid):
        return uid
    told = uid or "\n".join(_all_of(raw.first(name)) for name in ("DTSTART", "SUMMARY", "RRULE"))
    return f"{'of' if uid else 'none'}-{sha256(told.encode()).hexdigest()[:32]}"


def _all_of(line: Line | None) -> str:
    return "" if line is None else f"{sorted(line.parameters.items())}{line.value}"
