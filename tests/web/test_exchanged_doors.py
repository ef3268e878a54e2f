"""Holds: what becomes of a door that was exchanged does not touch the one in its place."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import Any, cast

import httpx2
import pytest

from reminders.composition.page import Page
from reminders.domain.web import WebSpec
from reminders.web import door as door_module
from reminders.web import server
from tests.channels.servers import free_port
from tests.web.place import Place

PATIENCE_SECONDS = 10.0


async def is_served(address: str | None) -> bool:
    async with httpx2.AsyncClient() as visitor:
        return (await visitor.get(f"{address}/healthz")).status_code == 200


def test_a_page_that_dies_after_it_was_exchanged_does_not_shut_the_new_one(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_die = threading.Event()

    async def dies_late(page: server.PageServer) -> None:
        await page._end.wait()
        await asyncio.to_thread(may_die.wait, PATIENCE_SECONDS)
        raise OSError

    async def work() -> None:
        page = Page(cast("Any", place), lambda _: None)
        page.prepare(WebSpec(port=free_port()))
        page.open()
        with monkeypatch.context() as patch:
            patch.setattr(server.PageServer, "main_loop", dies_late)
            assert await is_served(page.address)
        old, old_door = page.address, page._door
        assert old_door is not None
        page.exchange(
            cast("Any", SimpleNamespace(failures=(), household=SimpleNamespace(web=WebSpec(port=free_port()))))
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            while page.address in (None, old):  # noqa: ASYNC110  opened once the old one is given up
                await asyncio.sleep(0.01)
        assert await is_served(page.address)
        may_die.set()
        assert old_door._thread is not None
        await asyncio.to_thread(old_door._thread.join, PATIENCE_SECONDS)
        assert not old_door._thread.is_alive()
        await asyncio.sleep(0)  # what the thread had to say is heard
        assert page.trouble is None
        assert await is_served(page.address)
        await page.close()

    monkeypatch.setattr(door_module, "STOP_SECONDS", 0.1)
    asyncio.run(work())
