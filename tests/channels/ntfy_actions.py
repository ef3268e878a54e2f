"""The buttons of ntfy messages, read in both formats that ntfy documents, as its server reads them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

ACTIONS_AT_MOST = 3
KINDS = ("view", "broadcast", "http")
YES = ("true", "yes", "1")


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass
class Action:
    """One button of a message."""

    action: str = ""
    label: str = ""
    url: str = ""
    method: str = "POST"
    body: str = ""
    clear: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def parse_actions(text: str) -> list[Action]:
    """Read buttons in either format; raises Refused for what the server would not take."""
    text = text.strip()
    actions = _from_json(text) if text.startswith("[") else _from_simple(text)
    if len(actions) > ACTIONS_AT_MOST:
        raise Refused(400, "only 3 actions allowed")
    for action in actions:
        if action.action not in KINDS or not action.label:
            raise Refused(400, "action and label are required")
        if action.action in ("view", "http") and not action.url:
            raise Refused(400, "url is required")
    return actions


def _from_json(text: str) -> list[Action]:
    try:
        return [Action(**entry) for entry in json.loads(text)]
    except (ValueError, TypeError) as error:
        raise Refused(400, f"actions are no JSON list: {error}") from error


def _from_simple(text: str) -> list[Action]:
    actions: list[Action] = []
    position, place, action = 0, 0, Action()
    while position < len(text):
        key, value, end, position = _section(text, position)
        key = key or ("action", "label", "url")[place] if place < ACTIONS_AT_MOST or key else ""
        _set(action, key, value)
        place += 1
        if end in ("", ";"):
            actions.append(action)
            place, action = 0, Action()
    return actions


def _section(text: str, position: int) -> tuple[str, str, str, int]:
    """Return key, value, the sign behind it ("" = the end) and where the next one begins."""
    position += len(text[position:]) - len(text[position:].lstrip())
    match = re.match(r"([-.\w]+)\s*=\s*", text[position:])
    key = match[1] if match else ""
    position += match.end() if match else 0
    quoted = re.match(r"""(["'])(.*?)(?<!\\)\1\s*([,;]|$)""", text[position:], re.DOTALL)
    plain = re.match(r"([^,;]*)([,;]|$)", text[position:], re.DOTALL)
    if quoted:
        value = quoted[2].replace(f"\\{quoted[1]}", quoted[1])
        return key, value, quoted[3], position + quoted.end()
    if text[position : position + 1] in ('"', "'") or plain is None:
        raise Refused(400, "a quote is never closed")
    return key, plain[1].strip(), plain[2], position + plain.end()


def _set(action: Action, key: str, value: str) -> None:
    if key.startswith("headers."):
        action.headers[key.removeprefix("headers.")] = value
    elif key == "clear":
        action.clear = value.lower() in YES
    elif key in ("action", "label", "url", "method", "body"):
        setattr(action, key, value)
    else:
        raise Refused(400, f"key {key!r} unknown")
