"""What the daemon says of itself when it is armed: one record, and one for everything that needs attention.

On a terminal the first is a small block, for it says much; elsewhere each is one JSON line.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from reminders import __version__
from reminders.clock import ZoneName, load_zone
from reminders.domain.decision import Decision, Send
from reminders.domain.household import Household
from reminders.domain.person import Person

logger = logging.getLogger("reminders.daemon")


def log_start(
    household: Household,
    failures: Sequence[tuple[str, str]],
    zone: ZoneName,
    coming: Sequence[tuple[Person, Decision | None]],
    now: datetime,
    *,
    page: str = "off",
) -> None:
    """Log the start-up line. ``coming`` holds each person's next Send, None = nothing in sight.

    ``page`` is where the page is, or why it is not.
    """
    fields = {
        "version": __version__,
        "config": household.source or "built-in starter",
        "zone": _zones(household, zone),
        "habits": sum(len(person.habits) for person in household.people),
        "channels": [channel.name for channel in household.channels],
        "next_due": _next(coming, zone),
        "page": page,
        "now": now.isoformat(timespec="seconds"),
    }
    logger.info("service.started", extra={"fields": fields, "in_block": True})
    _log_zone(household, zone)
    for name, reason in failures:
        logger.warning("channel.unbuildable", extra={"fields": {"channel": name, "error": reason}})
    if failures and len(failures) == len(household.channels):
        logger.warning("console.stood_in", extra={"fields": {"hint": "nudges are printed here until a channel works"}})
    for person in household.people:
        for habit in person.habits:
            if habit.unsafe is not None:
                fields = {"person": person.id, "habit": habit.id, "hint": habit.unsafe}
                logger.warning("habit.suppressed", extra={"fields": fields})


def _zones(household: Household, zone: ZoneName) -> str:
    names = dict.fromkeys(person.zone or f"{zone.name} (this machine's)" for person in household.people)
    return ", ".join(names)


def _next(coming: Sequence[tuple[Person, Decision | None]], zone: ZoneName) -> str | None:
    """Return what is sent next, in the time of the person's clock."""
    sends = [
        (decision.verdict.at, f"{decision.habit} for {person.name}", person.zone or zone.name)
        for person, decision in coming
        if decision is not None and isinstance(decision.verdict, Send)
    ]
    if not sends:
        return None
    at, what, name = min(sends)
    return f"{what} at {at.astimezone(load_zone(name)).isoformat(timespec='minutes')}"


def _log_zone(household: Household, zone: ZoneName) -> None:
    if all(person.zone for person in household.people):
        return
    if zone.fallback_reason is not None:
        fields = {"why": zone.fallback_reason, "hint": 'set it in the file: "timezone: Europe/Berlin"'}
        logger.warning("zone.guessed", extra={"fields": fields})
    elif zone.is_utc:
        fields = {"zone": zone.name, "hint": 'if you do not live by UTC, set "timezone: Europe/Berlin" in the file'}
        logger.warning("zone.assumed", extra={"fields": fields})
