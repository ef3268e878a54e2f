"""Cron expressions: five fields, of wall time, firing sooner or later and not too often."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice, pairwise

from cronsim import CronSim, CronSimError

from reminders.catalogue.phrases import phrase, say
from reminders.settings.durations import duration_text
from reminders.settings.mistakes import FOUND, Mistake

_FIELDS = 5
_LETTERS_AT_MOST = 100
_FORM = phrase("write minute, hour, day of month, month and day of week, such as 0 9 * * mon-fri")
# what the parser complains of; anything else is told in its own words
_COMPLAINTS = (
    phrase("bad minute"),
    phrase("bad hour"),
    phrase("bad day-of-month"),
    phrase("bad month"),
    phrase("bad day-of-week"),
)
# any start will do: the pattern repeats, and the file must mean the same every day it is read
_START = datetime(2024, 1, 1)  # noqa: DTZ001  wall time has no zone here
_LOOKED_AT = 200


def parse_cron(value: object, least: timedelta) -> str:
    """Return the expression; raise Mistake when it is malformed, never fires, or fires at shorter steps than least."""
    if not isinstance(value, str) or len(value) > _LETTERS_AT_MOST or len(value.split()) != _FIELDS:
        raise Mistake(say("{found} does not have five fields", found=FOUND), hint=say(_FORM))
    expression = " ".join(value.split())
    try:
        moments = list(islice(CronSim(expression, _START), _LOOKED_AT))
    except CronSimError as error:
        complaint = say(str(error).lower())
        message = say("{found} is not a cron expression: {complaint}", found=FOUND, complaint=complaint)
        raise Mistake(message, hint=say(_FORM)) from None
    if not moments:
        raise Mistake(say("{found} never fires", found=FOUND), hint=say(_FORM))
    shortest = min((later - earlier for earlier, later in pairwise(moments)), default=least)
    if shortest < least:
        message = say("{found} fires every {interval}", found=FOUND, interval=duration_text(shortest))
        raise Mistake(message, hint=say("leave at least {interval} between", interval=duration_text(least)))
    return expression
