"""What an ntfy message carries besides its words: its place in a sequence, its buttons, and where a tap leads. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from reminders.channels.ntfy_address import NtfyAddress

SEQUENCE_LETTERS = 32
SEQUENCE = re.compile(r"[-_A-Za-z0-9]{1,64}\Z")
FORM = "application/x-www-form-urlencoded"


def sequence_id(nudge_id: str, replaces: str | None = None) -> str:
    """Return the mark under which ntfy shows a message: that of the one it takes the place of, else its nudge's."""
    if replaces is not None and SEQUENCE.match(replaces):
        return replaces
    return sha256(nudge_id.encode()).hexdigest()[:SEQUENCE_LETTERS]


def confirmed_sequence(body: bytes, sent: str) -> str | None:
    """Return the sequence that the server put a message in; None = it knows no sequences (ntfy before 2.16)."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return sent if isinstance(told, dict) and told.get("sequence_id") == sent else None


def parts_of(message: Mapping[str, Any], address: NtfyAddress | None) -> dict[str, str]:
    """Return what Apprise's ntfy plug-in is told besides the words: ``actions``, and ``click`` where there is a page.

    ``address`` None = nobody listens on a topic. The actions are ASCII, so that they fit in a header.
    """
    token, url = message.get("token"), message.get("answer_url")
    if not token or not message["buttons"] or (url is None and address is None):
        return {}
    buttons = message["buttons"].items()
    if url is None:
        actions = [_to_topic(verb, label, token, address) for verb, label in buttons] if address is not None else []
        return {"actions": json.dumps(actions)}
    actions = [_to_page(verb, label, url) for verb, label in buttons]
    if message["asks"] > 1:
        actions[2:] = [{"action": "view", "label": message["one_by_one"], "url": url}]
    return {"actions": json.dumps(actions), "click": url}


def _to_page(verb: str, label: str, url: str) -> dict[str, Any]:
    return _post(label, url, f"verb={verb}", {"Content-Type": FORM})


def _to_topic(verb: str, label: str, token: str, address: NtfyAddress) -> dict[str, Any]:
    # Who may read a topic that needs a login has one already; whoever the topic is shared with sees this one.
    login = {} if address.authorization is None else {"Authorization": address.authorization}
    return _post(label, address.answers_url, f"{token} {verb}", login)


def _post(label: str, url: str, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    action = {"action": "http", "label": label, "method": "POST", "url": url, "body": body, "clear": True}
    return action | ({"headers": dict(headers)} if headers else {})
