"""Where the page is tried: a real journal in a folder, a household read from a file, a clock to set, and visitors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.testclient import TestClient

from reminders.answers.links import hash_of, new_token
from reminders.domain.answer import Verb
from reminders.domain.answer_link import LIFE_AFTER_EXPIRY
from reminders.domain.household import Household
from reminders.domain.occurrence import Occurrence
from reminders.domain.web import WebSpec
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.web.app import build_app
from reminders.web.house import ServiceState
from tests.web.filled_journal import put
from tests.web.real_house import RealHouse

# A Tuesday, 11:20 in Berlin.
NOW = datetime(2026, 3, 24, 10, 20, tzinfo=UTC)
HERE = "http://127.0.0.1:8377"
TOKEN = "0123456789abcdef-secret"
PUBLIC = "https://reminders.example"
ELSEWHERE = "192.0.2.7"

FILE = """\
timezone: Europe/Berlin
me: {name: Alex, awake: "07:00-22:30", work: {hours: "09:00-17:30", days: mon-fri}}
channels: {here: "console://"}
habits:
  hydration: {every: 2h, within: awake}
  movement: {every: 60min, within: work}
  potassium_meal: {at: ["12:15"]}
"""
SEVERAL = """\
timezone: Europe/Berlin
people:
  alex: {name: Alex}
  sam: {name: Sam, timezone: America/New_York}
channels: {here: "console://"}
habits: {hydration: , potassium_meal: }
"""


@dataclass
class Place(RealHouse):
    """A house whose clock stands still until it is told to go on."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def go_on(self, **length: float) -> None:
        self.moment += timedelta(**length)

    def supplied(self, supply: object) -> None:
        """Hear of new channels; whoever asks for them here is told those of ``service``."""

    @property
    def zone(self) -> ZoneInfo:
        return self.zone_of(self.lived_in.people[0])

    def ask(self, *habits: str, lasts: timedelta = timedelta(hours=1)) -> str:
        """Put habits to the first person in one nudge now; return its id."""
        with self.writing() as journal:
            return put(journal, self.lived_in.people[0], self.zone, habits, self.moment, lasts=lasts)

    def link(self, nudge_id: str, token: str | None = None) -> str:
        """Return the token of a new link that stands for a nudge."""
        token = token or new_token()
        hashed = hash_of(token)
        assert hashed is not None
        with self.writing() as journal:
            journal.add_link(hashed, nudge_id, journal.nudge(nudge_id).expires_at + LIFE_AFTER_EXPIRY)
        return token

    def writing(self) -> _Open:
        return _Open(self.path)

    def asked(self, nudge_id: str) -> tuple[Occurrence, ...]:
        with self.writing() as journal:
            return journal.asked(nudge_id)

    def states(self, nudge_id: str) -> list[str]:
        return [occurrence.state.value for occurrence in self.asked(nudge_id)]

    def events(self) -> int:
        """Return how much ever happened: whatever changes the record adds to it."""
        with self.writing() as journal:
            return journal.counts().events

    def say(self, nudge_id: str, verb: Verb, via: str = "desktop") -> None:
        with self.writing() as journal:
            journal.answer_nudge(nudge_id, verb, self.moment, via)


@dataclass
class _Open:
    path: Path
    journal: SqliteJournal | None = field(default=None, init=False)

    def __enter__(self) -> SqliteJournal:
        self.journal = SqliteJournal.open(self.path)
        return self.journal

    def __exit__(self, *_: object) -> None:
        assert self.journal is not None
        self.journal.close()


def a_place(folder: Path, household: Household) -> Place:
    """Make a place with an empty journal, where the daemon has just shown that it lives."""
    place = Place(folder, household, ServiceState(version="0.1.0", started_at=NOW, last_beat_at=NOW))
    SqliteJournal.open(place.path).close()
    return place


def visitor(
    place: Place,
    *,
    token: str | None = None,
    at: str = HERE,
    peer: str = "127.0.0.1",
    headers: Mapping[str, str] | None = None,
    **spec: Any,
) -> TestClient:
    """Return who visits a page of its own at the address ``at``, from the machine ``peer``; follows no redirect."""
    web = WebSpec(port=8377, login_token="${TOKEN}" if token else None, **spec)
    app = build_app(place, web, token)
    return another(app, at=at, peer=peer, headers=headers)


def another(
    app: Any, *, at: str = HERE, peer: str = "127.0.0.1", headers: Mapping[str, str] | None = None
) -> TestClient:
    """Return one more visitor of a page."""
    return TestClient(app, base_url=at, client=(peer, 50000), headers=dict(headers or {}), follow_redirects=False)


def bearer(token: str = TOKEN) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}
