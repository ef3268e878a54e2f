"""The description of the API (OpenAPI 3.1). What the code checks, this names; both take it from the same place."""

from __future__ import annotations

from typing import Any

from reminders import __version__
from reminders.domain.answer import Verb
from reminders.domain.occurrence import OccurrenceState
from reminders.web.api.answers import AMOUNT_ML, SNOOZE_MINUTES
from reminders.web.api.fields import (
    DATE_PATTERN,
    MOMENT_PATTERN,
    NAME_PATTERN,
    OCCURRENCE_PATTERN,
    TEXT_PATTERN,
)
from reminders.web.api.history import DAYS_AT_MOST as EXPORT_DAYS_AT_MOST
from reminders.web.api.occurrences import ROWS_AT_MOST
from reminders.web.api.pauses import MINUTES
from reminders.web.api.plan import DAYS_AT_MOST
from reminders.web.openapi_shapes import SCHEMAS

Node = dict[str, Any]

ABOUT = (
    "What the commands of Reminders can do, for programs. Instants are ISO 8601 with offset. On the machine it runs "
    "on, and without a login token, it is open; else the token goes along as `Authorization: Bearer`. "
    "Every refusal is `{error, detail}`. More than 10 requests a second are answered with 429."
)
REFUSALS = {
    400: "It cannot be read.",
    401: "The login token is missing or wrong.",
    403: "It comes from another site, by another name, or from another machine without a login.",
    404: "There is no such person, habit or occurrence.",
    409: "It cannot be done now: not sent yet, over, or nothing there to take back.",
    413: "It is larger than 4 kB.",
    415: "It is not application/json.",
    422: "A field is missing, unknown or out of bounds.",
    429: "Too often; Retry-After says how long to wait.",
    503: "The journal is not available now.",
}
ALWAYS = (401, 403, 413, 429, 503)
READING = (404, 422)
WRITING = (400, 404, 415, 422)


def description() -> Node:
    """Return the whole document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Reminders", "version": __version__, "description": ABOUT},
        "servers": [{"url": "/api/v1"}],
        "security": [{}, {"login_token": []}],
        "paths": {
            "/status": {"get": _status()},
            "/plan": {"get": _plan()},
            "/occurrences": {"get": _occurrences()},
            "/answers": {"post": _answers()},
            "/undo": {"post": _undo()},
            "/pauses": {"get": _pauses(), "post": _pause(), "delete": _resume()},
            "/water": {"get": _water(), "post": _drink()},
            "/history.json": {"get": _history_json()},
            "/history.csv": {"get": _history_csv()},
        },
        "components": {
            "securitySchemes": {"login_token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
            "responses": {str(status): _refusal(status) for status in REFUSALS},
        },
    }


def _status() -> Node:
    return _reading("status", "How things stand", [PERSON], _ref("Status"))


def _plan() -> Node:
    begin = _query(
        "from", _moment(), "Left out: now. A date is its local midnight; without an offset it is local time."
    )
    days = _query("days", _whole(1, DAYS_AT_MOST, default=1), "How many local dates.")
    return _reading("plan", "What would be sent, what would not, and why", [begin, days, PERSON], _list("PlanRow"))


def _occurrences() -> Node:
    parameters = [
        PERSON,
        _query("since", _moment(), "Slots from here on. Left out: since the person's day began."),
        _query("until", _moment(), "Slots before this. Left out: all there are."),
        _query("state", {"type": "string", "enum": [state.value for state in OccurrenceState]}, "Only these."),
        _query("limit", _whole(1, ROWS_AT_MOST, default=ROWS_AT_MOST), "At most so many, the oldest first."),
    ]
    return _reading("occurrences", "What was due, and what became of it", parameters, _list("Occurrence"))


def _answers() -> Node:
    kinds = [_answer(verb, target) for verb in Verb for target in ("habit", "occurrence")]
    about = "Done, Snooze or Skip, of a habit or of one occurrence. The first verdict stands; twice counts once."
    return _writing("answer", about, {"anyOf": kinds}, _ref("Receipt"), also=(409,))


def _answer(verb: Verb, target: str) -> Node:
    """Return one kind of answer; what means nothing for it is not among its fields."""
    fields: Node = {"verb": {"const": verb.value}}
    if target == "habit":
        fields |= {"habit": _text(NAME_PATTERN), "person": _text(NAME_PATTERN)}
    else:
        fields |= {"occurrence": _text(OCCURRENCE_PATTERN)}
    if verb is Verb.DONE:
        fields |= {"amount_ml": _whole(*AMOUNT_ML, about="What was drunk, for hydration. Left out: what was asked.")}
    if verb is Verb.SNOOZE:
        fields |= {"snooze_minutes": _whole(*SNOOZE_MINUTES, about="Left out: as long as the habit has it.")}
    return _object(fields, required=["verb", target], title=f"{verb.value} of one {target}")


def _undo() -> Node:
    body = _object({"habit": _text(NAME_PATTERN), "person": _text(NAME_PATTERN)})
    about = "Take the newest answer of the last ten minutes back; without a habit whichever it was"
    return _writing("undo", about, body, _ref("Receipt"), also=(409,))


def _pauses() -> Node:
    return _reading("pauses", "The pauses that have not ended", [PERSON], _list("Pause"))


def _pause() -> Node:
    fields = {
        "person": _text(NAME_PATTERN),
        "habit": _text(NAME_PATTERN, "Left out: every habit; with flare, those that rest on a bad day."),
        "minutes": _whole(*MINUTES, about="Left out: an hour, or two days with flare."),
        "reason": _text(TEXT_PATTERN),
        "flare": {"type": "boolean", "description": "A bad day: what does not suit one rests."},
    }
    return _writing("pause", "Mute a habit, or all, for a while", _object(fields), _list("Pause"), also=(409,), ok=201)


def _resume() -> Node:
    habit = _query("habit", _text(NAME_PATTERN), "The pauses of this habit alone. Left out: all.")
    return _reading("resume", "End the pauses in force; they are returned", [PERSON, habit], _list("Pause"))


def _water() -> Node:
    return _reading("water", "What was drunk today, and the goal", [PERSON], _ref("Water"))


def _drink() -> Node:
    fields = {"ml": _whole(*AMOUNT_ML), "person": _text(NAME_PATTERN)}
    return _writing("drink", "Log what was drunk", _object(fields, required=["ml"]), _ref("Water"))


def _history_json() -> Node:
    return _reading("history_json", "The record, as `reminders history --json` prints it", _export(), _list("Record"))


def _history_csv() -> Node:
    about = "The record as a table. A text that a spreadsheet would take for a formula begins with an apostrophe."
    return _reading("history_csv", about, _export(), {"type": "string"}, media_type="text/csv")


def _export() -> list[Node]:
    begin = _query("from", _text(DATE_PATTERN), "The first local date. Left out: so that the last one is today.")
    return [begin, _query("days", _whole(1, EXPORT_DAYS_AT_MOST, default=7), "How many local dates."), PERSON]


# -- the parts -------------------------------------------------------------------------------------------------------


def _reading(
    name: str, about: str, parameters: list[Node], found: Node, *, media_type: str = "application/json"
) -> Node:
    return {
        "operationId": name,
        "summary": about,
        "parameters": parameters,
        "responses": _responses(200, found, READING, media_type),
    }


def _writing(name: str, about: str, body: Node, found: Node, *, also: tuple[int, ...] = (), ok: int = 200) -> Node:
    return {
        "operationId": name,
        "summary": about,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": _responses(ok, found, (*WRITING, *also), "application/json"),
    }


def _responses(ok: int, found: Node, further: tuple[int, ...], media_type: str) -> Node:
    refused = {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted({*ALWAYS, *further})}
    return {str(ok): {"description": "Done.", "content": {media_type: {"schema": found}}}, **refused}


def _refusal(status: int) -> Node:
    found: Node = {
        "description": REFUSALS[status],
        "content": {"application/json": {"schema": _ref("Refusal")}},
    }
    if status in (429, 503):
        found["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}}
    return found


def _query(name: str, schema: Node, about: str) -> Node:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": about}


def _whole(least: int, most: int, *, default: int | None = None, about: str | None = None) -> Node:
    schema: Node = {"type": "integer", "minimum": least, "maximum": most}
    schema |= {} if default is None else {"default": default}
    return schema if about is None else {**schema, "description": about}


def _text(pattern: str, about: str | None = None) -> Node:
    return {"type": "string", "pattern": pattern, **({} if about is None else {"description": about})}


def _moment() -> Node:
    return {**_text(MOMENT_PATTERN), "examples": ["2026-03-29", "2026-03-29T02:30:00+01:00"]}


def _object(fields: Node, *, required: list[str] | None = None, title: str | None = None) -> Node:
    schema: Node = {"type": "object", "properties": fields, "additionalProperties": False}
    schema |= {"required": required} if required else {}
    return schema if title is None else {"title": title, **schema}


def _ref(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> Node:
    return {"type": "array", "items": _ref(name)}


PERSON = _query("person", _text(NAME_PATTERN), "Who; needed for what concerns one, when there are several.")
