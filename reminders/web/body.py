"""What a request carries: a form or JSON, small, and nothing else."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request

from reminders.catalogue.phrases import say

BODY_BYTES_AT_MOST = 4096
FIELDS_AT_MOST = 50
FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"

Form = ImmutableMultiDict[str, str]


def content_type(request: Request) -> str:
    """Return the type of what is sent, without its parameters; "" = it is not named."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request) -> bytes:
    """Return what is sent. Raises HTTPException 413 when it is too much."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_AT_MOST:
            raise HTTPException(413, say("more than {count} bytes were sent", count=BODY_BYTES_AT_MOST))
    return bytes(body)


async def read_form(request: Request) -> Form:
    """Return the fields of a form; nothing sent = no fields. Raises HTTPException 400, 413 or 415."""
    body = await read_body(request)
    if not body:
        return ImmutableMultiDict()
    if content_type(request) != FORM_TYPE:
        raise HTTPException(415, say("a form is sent as {type}", type=FORM_TYPE))
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_AT_MOST, errors="strict")
    except ValueError:
        raise HTTPException(400, say("the form cannot be read")) from None
    return ImmutableMultiDict(fields)


async def read_json(request: Request) -> dict[str, Any]:
    """Return the object that is sent. Raises HTTPException 400, 413 or 415, and 422 for JSON that is no object."""
    body = await read_body(request)
    if content_type(request) != JSON_TYPE:
        raise HTTPException(415, f"what is sent must be {JSON_TYPE}")
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_once)
        json.dumps(found, ensure_ascii=False).encode()  # half a character, as JSON can name it, cannot be kept
    except (ValueError, RecursionError):
        raise HTTPException(400, "the JSON cannot be read") from None
    if not isinstance(found, dict):
        raise HTTPException(422, "what is sent must be an object")
    return found


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
