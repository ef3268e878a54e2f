"""Holds: the API's description of itself is well formed and true, whatever is thrown at it."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from starlette.types import ASGIApp, Receive, Scope, Send

from reminders.domain.household import Household
from reminders.domain.web import WebSpec
from reminders.web.api import PREFIX, routes
from reminders.web.app import build_app
from reminders.web.openapi import description
from tests.web.place import a_place

EXAMPLES = 15


class Door:
    """Leads to the house of the test; every request comes from another address here, so that none has to wait."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        number = next(self._numbers)
        host = [(b"host", b"127.0.0.1:8377")]
        kept = [pair for pair in scope["headers"] if pair[0] != b"host"]
        scope |= {"client": (f"127.1.{number // 256 % 256}.{number % 256}", 1), "headers": kept + host}
        await self.app(scope, receive, send)


DOOR = Door()
SCHEMA = schemathesis.openapi.from_dict(description())
SCHEMA.app = DOOR


@pytest.fixture
def _house(tmp_path: Path, alex: Household) -> None:
    """Open a house with something on record."""
    place = a_place(tmp_path, alex)
    place.ask("hydration", "movement")
    DOOR.app = build_app(place, WebSpec(port=8377), None)


@pytest.mark.usefixtures("_house")
@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_to_its_description_whatever_is_asked(case: schemathesis.Case) -> None:
    case.call_and_validate()


def test_every_route_is_described_and_every_description_has_a_route() -> None:
    served = {
        (route.path.removeprefix(PREFIX), method.lower())  # type: ignore[attr-defined]
        for route in routes()
        for method in route.methods - {"HEAD"}  # type: ignore[attr-defined]
    }
    described = {(path, method) for path, node in description()["paths"].items() for method in node}
    assert served - described == {("/openapi.json", "get")}
    assert described <= served


def test_every_shape_is_a_json_schema() -> None:
    for schema in description()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
