"""What the tests of the pages are given: a moment, a house with a real journal, and a visitor on this machine."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
import pytest
import time_machine
from anyio.from_thread import start_blocking_portal
from starlette.testclient import TestClient

from reminders.domain.household import Household
from reminders.domain.web import WebSpec
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.web.app import build_app
from reminders.web.house import ServiceState
from tests.scenarios.virtual_home import shipped_household
from tests.web.filled_journal import Life
from tests.web.real_house import RealHouse

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")
PORT = 8377


class Visitor:
    """A browser without script: looks at pages, and sends their forms with what they carry."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def look(self, address: str = "/", status: int = 200) -> str:
        response = self.client.get(address, headers={"accept": "text/html"})
        assert response.status_code == status, response.text
        return response.text

    def send(self, action: str, *, mark: str | None = None, **fields: str) -> str:
        """Send a form and return the page it leads to."""
        response = self.post(action, mark=mark, **fields)
        assert response.status_code == 303, response.text
        return self.look(response.headers["location"])

    def post(self, action: str, *, mark: str | None = None, **fields: str) -> httpx2.Response:
        if mark is None:
            mark = re.findall(r'name="csrf_token" value="([^"]*)"', self.look("/?person=" + fields.get("person", "")))[
                0
            ]
        return self.client.post(action, data={"csrf_token": mark, **fields}, follow_redirects=False)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Household:
    return shipped_household(tmp_path_factory.mktemp("shipped"))


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """Noon on a training Tuesday; it moves only when told to."""
    with time_machine.travel(NOON, tick=False) as wall:
        yield wall


@pytest.fixture
def house(tmp_path: Path, shipped: Household, clock: object) -> RealHouse:
    """A house without a journal yet."""
    state = ServiceState(version="0.1.0", started_at=NOON - timedelta(days=2), last_beat_at=NOON)
    return RealHouse(tmp_path, shipped, state)


@pytest.fixture
def journal(house: RealHouse) -> Iterator[SqliteJournal]:
    """The house's journal, empty, open to write; what stands in it at the end must hold together."""
    opened = SqliteJournal.open(house.path)
    yield opened
    try:
        assert opened.check_invariant() == ()
    finally:
        opened.close()


@pytest.fixture(scope="session")
def two_months(tmp_path_factory: pytest.TempPathFactory, shipped: Household) -> Path:
    """A journal of sixty days up to noon."""
    path = tmp_path_factory.mktemp("lived") / "journal.db"
    opened = SqliteJournal.open(path)
    Life(opened, shipped.people[0], BERLIN).live(NOON, 60)
    assert opened.check_invariant() == ()
    opened.close()
    return path


@pytest.fixture
def lived_in(house: RealHouse, two_months: Path) -> RealHouse:
    """The house, with two months on record."""
    shutil.copy(two_months, house.path)
    return house


@pytest.fixture
def visit() -> Iterator[Callable[[RealHouse], Visitor]]:
    """Open the page of a house as a browser on this machine does."""
    with start_blocking_portal() as portal:

        def begin(house: RealHouse) -> Visitor:
            client = TestClient(
                build_app(house, WebSpec(port=PORT), None),
                base_url=f"http://127.0.0.1:{PORT}",
                client=("127.0.0.1", 50000),
                headers={"sec-fetch-site": "same-origin"},
            )
            client.portal = portal  # one event loop for all requests, as the page has
            return Visitor(client)

        yield begin


@pytest.fixture
def visitor(house: RealHouse, visit: Callable[[RealHouse], Visitor]) -> Visitor:
    return visit(house)
