"""Look whether the desktop tells if somebody is at it, and what to do where it does not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

from reminders.catalogue.phrases import phrase, say
from reminders.composition.desk import sensor
from reminders.composition.finding import Finding, State, ok, warning
from reminders.domain.household import Household
from reminders.sensors.presence import presence_words

_NAME = phrase("presence")
_MEND = {
    "idle": phrase("start the daemon inside the desktop session, with its DISPLAY and DBUS_SESSION_BUS_ADDRESS"),
    "locked": phrase("for the lock, use one that GNOME, Plasma or logind knows of"),
    "do_not_disturb": phrase("for do-not-disturb, dunst and Plasma tell it, GNOME does not"),
}


def presence_findings(household: Household) -> list[Finding]:
    """Look once, as the daemon would; nothing is recorded."""
    users = [person for person in household.people if household.desktops_of(person)]
    if not household.presence:
        return [ok(say(_NAME), say('unknown, because "presence: off" is in the file'))]
    if not users:
        return [ok(say(_NAME), say("unknown, because nobody has a desktop channel"))]
    if len(users) > 1:
        detail = say(
            "unknown for all, because it is not clear whose desktop it is: {count} people use one", count=len(users)
        )
        return [warning(say(_NAME), detail, say('give "send_to" without the desktop to all of them but one'))]
    told_by = asyncio.run(_told_by())
    return [_finding(told_by)]


async def _told_by() -> Mapping[str, str]:
    looks = sensor()
    try:
        await looks.look()
        return dict(looks.told_by)
    finally:
        await looks.close()


def _finding(told_by: Mapping[str, str]) -> Finding:
    words = presence_words(told_by)
    if "idle" not in told_by and "locked" not in told_by:
        hint = say(_MEND["idle"]) if sys.platform == "linux" else say("start the daemon inside the desktop session")
        return warning(say(_NAME), say("{known}; breaks are asked of an empty chair too", known=words), hint)
    missing = [say(_MEND[facet]) for facet in _MEND if facet not in told_by] if sys.platform == "linux" else []
    return Finding(name=say(_NAME), state=State.OK, detail=words, hint="; ".join(missing) or None)
