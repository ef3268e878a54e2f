"""A button's name on a desktop: verb and nudge, so that a press counts after a restart as well."""

from __future__ import annotations

from reminders.domain.answer import Verb

VIA_DESKTOP = "desktop"


def action_key(verb: Verb, nudge_id: str) -> str:
    """Return the key of the button ``verb`` on that nudge, such as ``done:n7``."""
    return f"{verb.value}:{nudge_id}"


def read_action_key(key: str) -> tuple[str, str] | None:
    """Return (nudge id, verb) of a key of ours; None for any other key."""
    verb, colon, nudge_id = key.partition(":")
    if not colon or not nudge_id or verb not in set(Verb):
        return None
    return nudge_id, verb
