"""What the form of a pause asks for: which habit, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from reminders.catalogue.phrases import say
from reminders.planning.wall_time import as_instant, as_seconds, minute_of, next_showing, resolve
from reminders.web.slip import Slip
from reminders.web.visit import Visit

LENGTHS = {
    "30min": timedelta(minutes=30),
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "48h": timedelta(hours=48),
    "72h": timedelta(hours=72),
}
TOMORROW = "tomorrow"
UNTIL = "until"
REASON_LETTERS_AT_MOST = 200


def habit_of(visit: Visit, form: Mapping[str, str]) -> str | None:
    """Return the habit meant; None = every one. Raises Slip for one that the person does not have."""
    named = form.get("habit", "")
    if named and visit.person.habit(named) is None:
        raise Slip(say('there is no habit "{habit}" any more', habit=named))
    return named or None


def end_of(visit: Visit, form: Mapping[str, str]) -> datetime:
    """Return when the pause ends. Raises Slip for what cannot be understood."""
    length = form.get("length", "")
    if length in LENGTHS:
        return visit.now + LENGTHS[length]
    if length == TOMORROW:
        return next_morning(visit)
    if length == UNTIL:
        return _next_time_of_day(visit, form.get("until", ""))
    raise Slip(say("say how long: 30 minutes, an hour, until tomorrow, or until a time such as 14:30"))


def next_morning(visit: Visit) -> datetime:
    """Return when the person's next waking day begins."""
    tomorrow = visit.today + timedelta(days=1)
    return as_instant(resolve(visit.zone, tomorrow, visit.person.awake.start_minute))


def _next_time_of_day(visit: Visit, written: str) -> datetime:
    """Return the next moment the clock shows a time; one already over today is tomorrow's."""
    try:
        minute = minute_of(time.fromisoformat(written))
    except ValueError:
        raise Slip(say("say until when, with a time such as 14:30")) from None
    return as_instant(next_showing(visit.zone, minute, as_seconds(visit.now)))
