"""Tells open pages that the journal changed. While no page is open nothing runs and nothing is looked at."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from reminders.catalogue.phrases import say
from reminders.domain.errors import ReminderError
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.web.house import House
from reminders.web.visit import mark_of, record_of

STREAMS_AT_MOST = 16
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_SIGNS = 25.0
_CHANGED = b"event: changed\ndata:\n\n"
_SIGN_OF_LIFE = b":\n\n"
_BEGINNING = b"retry: 5000\n\n"


class LiveUpdates:
    """The open pages and the one look at the journal they share. For one event loop."""

    def __init__(self, house: House, *, seconds_between_looks: float = SECONDS_BETWEEN_LOOKS) -> None:
        """Nothing is opened before the first page is."""
        self._house = house
        self._seconds_between_looks = seconds_between_looks
        self._wakers: set[asyncio.Event] = set()
        self._watch: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def streams(self) -> int:
        """How many pages listen now."""
        return len(self._wakers)

    def close(self) -> None:
        """End every stream, so that the service can stop; the pages come back to the next one."""
        self._is_closed = True
        self._wake()

    async def events(self, request: Request) -> Response:
        """Stream an event whenever the journal changed; 503 when too many pages listen already."""
        if self.streams >= STREAMS_AT_MOST:
            text = say("too many pages are open; this one is not kept up to date by itself")
            return PlainTextResponse(text, status_code=503, headers={"retry-after": "60"})
        return StreamingResponse(self._stream(request), media_type="text/event-stream")

    async def _stream(self, request: Request) -> AsyncIterator[bytes]:
        waker = asyncio.Event()
        self._wakers.add(waker)
        try:
            if self._watch is None or self._watch.done():
                self._watch = asyncio.create_task(self._look())
            # What changed between the page and this moment: the page compares the mark with its own.
            yield b"%sevent: mark\ndata: %d\n\n" % (_BEGINNING, await self._mark(request))
            while not self._is_closed:
                try:
                    async with asyncio.timeout(SECONDS_BETWEEN_SIGNS):
                        await waker.wait()
                except TimeoutError:
                    yield _SIGN_OF_LIFE
                else:
                    waker.clear()
                    yield _SIGN_OF_LIFE if self._is_closed else _CHANGED
        finally:
            self._wakers.discard(waker)
            if not self._wakers and self._watch is not None:
                self._watch.cancel()
                self._watch = None  # cancelled is not done yet, and the next page may come before it is

    async def _mark(self, request: Request) -> int:
        with contextlib.suppress(ReminderError):
            return await record_of(request).read(mark_of)
        return 0

    async def _look(self) -> None:
        """Wake the streams when the journal's version is another; one that cannot be read is looked at again."""
        journal = self._opened()
        seen = self._version(journal)
        try:
            while True:
                await asyncio.sleep(self._seconds_between_looks)
                version = self._version(journal)
                if version is None:
                    # The version of one connection says nothing about another's.
                    self._close(journal)
                    journal = self._opened()
                    version = self._version(journal)
                if version != seen:
                    self._wake()
                seen = version
        finally:
            self._close(journal)

    def _close(self, journal: SqliteJournal | None) -> None:
        with contextlib.suppress(ReminderError):
            if journal is not None:
                journal.close()

    def _wake(self) -> None:
        for waker in self._wakers:
            waker.set()

    def _opened(self) -> SqliteJournal | None:
        with contextlib.suppress(ReminderError):  # none yet, or locked: the page itself says so
            return self._house.open_journal(read_only=True)
        return None

    def _version(self, journal: SqliteJournal | None) -> int | None:
        with contextlib.suppress(ReminderError):
            return None if journal is None else journal.data_version()
        return None
