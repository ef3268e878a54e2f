"""Where a calendar is to be had, as people write it: a web address or a file. An address is never in a message."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from reminders.catalogue.phrases import phrase, say
from reminders.settings.mistakes import FOUND, Mistake

_WEB_SCHEMAS = ("https", "http", "webcal")  # webcal is what calendars call https in the links they hand out
_FORM = phrase("write the secret address your calendar offers in iCal format: https://..., or ${NAME}")
_SCHEMAS_SHOWN = "https://, http://, webcal://"


def is_calendar_url(text: str) -> bool:
    """Tell an address from the path of a file."""
    return "://" in text


def parse_calendar(value: object) -> str:
    """Read an address or the path of a file, filled in; raise Mistake for anything else."""
    if isinstance(value, str) and is_calendar_url(value):
        return parse_calendar_url(value)
    return parse_calendar_file(value)


def parse_calendar_url(value: object) -> str:
    """Return the address, filled in and checked; raise Mistake otherwise. Whether it can be read is found later."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        parts = urlsplit(text)
        host, has_port = parts.hostname, parts.port != 0
    except ValueError:
        raise Mistake(say("the URL is malformed"), hint=say(_FORM)) from None
    if parts.scheme not in _WEB_SCHEMAS or not host or not has_port:
        raise Mistake(say("this is not the web address of a calendar"), allowed=_SCHEMAS_SHOWN, hint=say(_FORM))
    if any(character.isspace() or not character.isprintable() for character in text):
        raise Mistake(say("the URL holds a space, a line break or the like"), hint=say("write %20 for a space"))
    return text


def parse_calendar_file(value: object) -> str:
    """Return the absolute path of a calendar's file, ``~`` filled in; raise Mistake otherwise."""
    path = os.path.expanduser(value.strip()) if isinstance(value, str) else ""  # noqa: PTH111  a home may be unknown
    if not Path(path).is_absolute() or "\0" in path:
        hint = say("write a path such as ~/gym.ics or /home/alex/gym.ics")
        raise Mistake(say("{found} is not an absolute path", found=FOUND), hint=hint)
    return path
