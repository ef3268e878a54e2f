"""Rules of the live updates: who is told, when, and that nothing runs while nobody listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

from reminders.domain.answer import Verb
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.web.live import STREAMS_AT_MOST, LiveUpdates
from reminders.web.record import Record
from tests.web.real_house import RealHouse

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
PATIENCE_SECONDS = 10


class Listener:
    """An open page."""

    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream

    async def hears(self) -> str:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return (await anext(self._stream)).decode()

    async def leaves(self) -> None:
        await cast("Any", self._stream).aclose()


def begin(house: RealHouse) -> tuple[LiveUpdates, Callable[[], Awaitable[Listener]]]:
    live = LiveUpdates(house, seconds_between_looks=0.01)
    app = SimpleNamespace(state=SimpleNamespace(record=Record(house)))

    async def listen() -> Listener:
        response = await live.events(Request({"type": "http", "app": app}))
        assert isinstance(response, StreamingResponse)
        assert response.media_type == "text/event-stream"
        return Listener(cast("AsyncIterator[bytes]", response.body_iterator))

    return live, listen


def drink(house: RealHouse) -> None:
    """Log a glass as another process does."""
    journal = SqliteJournal.open(house.path)
    journal.answer_habit("me", "hydration", Verb.DONE, NOW, "command", amount_ml=250)
    journal.close()


def test_an_open_page_hears_of_every_change(house: RealHouse, journal: SqliteJournal) -> None:
    async def scenario() -> None:
        _, listen = begin(house)
        page = await listen()
        assert "event: mark\ndata: 0\n" in await page.hears()
        drink(house)
        assert await page.hears() == "event: changed\ndata:\n\n"
        drink(house)
        assert await page.hears() == "event: changed\ndata:\n\n"
        await page.leaves()

    asyncio.run(scenario())


def test_every_open_page_hears_of_a_change(house: RealHouse, journal: SqliteJournal) -> None:
    async def scenario() -> None:
        _, listen = begin(house)
        pages = [await listen() for _ in range(3)]
        for page in pages:
            await page.hears()
        drink(house)
        assert {await page.hears() for page in pages} == {"event: changed\ndata:\n\n"}
        for page in pages:
            await page.leaves()

    asyncio.run(scenario())


def test_a_stream_begins_with_the_newest_event_so_that_nothing_is_lost_before_it(
    house: RealHouse, journal: SqliteJournal
) -> None:
    drink(house)

    async def scenario() -> None:
        _, listen = begin(house)
        page = await listen()
        assert f"event: mark\ndata: {journal.last_events(1)[0].id}\n" in await page.hears()
        await page.leaves()

    asyncio.run(scenario())


def test_a_page_opened_before_the_first_journal_hears_of_it(house: RealHouse) -> None:
    async def scenario() -> None:
        _, listen = begin(house)
        page = await listen()
        assert "data: 0" in await page.hears()
        drink(house)
        assert "changed" in await page.hears()
        await page.leaves()

    asyncio.run(scenario())


def test_nothing_runs_and_no_journal_is_open_while_nobody_listens(house: RealHouse, journal: SqliteJournal) -> None:
    async def scenario() -> None:
        live, listen = begin(house)
        assert len(asyncio.all_tasks()) == 1
        page = await listen()
        await page.hears()
        assert live.streams == 1
        assert len(asyncio.all_tasks()) == 2
        await page.leaves()
        assert live.streams == 0
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})  # type: ignore[arg-type]
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(scenario())


def test_a_page_that_opens_while_the_last_one_leaves_hears_of_changes(house: RealHouse, journal: SqliteJournal) -> None:
    async def scenario() -> None:
        _, listen = begin(house)
        first, second = await listen(), await listen()
        await first.hears()
        waiting = asyncio.create_task(first.hears())
        await asyncio.sleep(0)
        waiting.cancel()
        opening = asyncio.create_task(second.hears())  # taken up in the same step as the cancelled one
        assert "mark" in await opening
        drink(house)
        assert "changed" in await second.hears()
        await second.leaves()

    asyncio.run(scenario())


def test_one_page_too_many_is_told_so(house: RealHouse, journal: SqliteJournal) -> None:
    async def scenario() -> None:
        live, listen = begin(house)
        pages = [await listen() for _ in range(STREAMS_AT_MOST)]
        for page in pages:
            await page.hears()
        refused = await live.events(Request({"type": "http"}))
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "60"
        await pages[0].leaves()
        again = await listen()
        assert "mark" in await again.hears()
        for page in [*pages[1:], again]:
            await page.leaves()

    asyncio.run(scenario())


def test_a_silent_stream_gives_a_sign_of_life(
    house: RealHouse, journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reminders.web.live.SECONDS_BETWEEN_SIGNS", 0.02)

    async def scenario() -> None:
        _, listen = begin(house)
        page = await listen()
        await page.hears()
        assert await page.hears() == ":\n\n"
        await page.leaves()

    asyncio.run(scenario())
