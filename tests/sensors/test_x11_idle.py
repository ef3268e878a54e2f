"""Holds: a real X server tells how long nobody touched it; one that hangs, goes away or refuses holds up nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from reminders.sensors.sighting import OneAtATime, Sighting
from reminders.sensors.x11_idle import X11Idle
from tests.sensors.screens import Screen, entry, running_screen

pytestmark = pytest.mark.desktop
SECOND = timedelta(seconds=1)
Result = TypeVar("Result")


def idle_of(source: X11Idle) -> timedelta:
    async def look() -> timedelta:
        return await idle_now(source)

    return asyncio.run(closing(source, look))


async def idle_now(source: X11Idle) -> timedelta:
    found = (await source.look()).idle
    assert found is not None
    return found


async def closing(source: X11Idle, question: Callable[[], Awaitable[Result]]) -> Result:
    try:
        return await question()
    finally:
        source.close()


@pytest.fixture
def source(screen: Screen) -> X11Idle:
    return X11Idle({"DISPLAY": screen.display, "HOME": "/nowhere"})


def test_the_idle_time_grows_and_a_touch_begins_it_anew(screen: Screen, source: X11Idle) -> None:
    async def looks() -> None:
        for touch in (screen.touch, partial(screen.press, "a")):
            async with asyncio.timeout(20):
                while await idle_now(source) < SECOND:  # noqa: ASYNC110  a screen tells nobody that it is idle
                    await asyncio.sleep(0.05)
            before = time.monotonic()
            await asyncio.to_thread(touch)
            assert await idle_now(source) <= timedelta(seconds=time.monotonic() - before)

    asyncio.run(closing(source, looks))


def test_one_connection_serves_and_what_every_client_is_told_is_passed_over(screen: Screen, source: X11Idle) -> None:
    async def looks() -> list[Sighting]:
        found = [await source.look()]
        line = source._line
        await asyncio.to_thread(screen.change_keyboard)  # a MappingNotify to everybody
        found += [await source.look() for _ in range(3)]
        assert source._line is line
        return found

    found = asyncio.run(closing(source, looks))
    assert all(one.idle is not None and one.locked is None for one in found)


def test_a_server_that_hangs_is_asked_once_until_it_answers(screen: Screen, source: X11Idle) -> None:
    async def looks() -> None:
        line: OneAtATime[Sighting] = OneAtATime()
        await line.ask(source.look())
        with screen.hung():
            for _ in range(3):
                begun = time.monotonic()
                with pytest.raises(TimeoutError):
                    await line.ask(source.look(), 0.2)
                assert time.monotonic() - begun < 2
            asked = line._asked
            assert asked is not None
            assert not asked.done()
        await asyncio.wait({asked}, timeout=10)
        assert (await line.ask(source.look())).idle is not None

    asyncio.run(closing(source, looks))


def test_a_server_that_came_back_is_asked_anew(source: X11Idle, screen: Screen) -> None:
    async def looks() -> None:
        await source.look()
        screen.end()
        for _ in range(2):
            with pytest.raises((OSError, EOFError)):
                await source.look()

    asyncio.run(closing(source, looks))


@pytest.mark.parametrize("display", ["", ":9999", "elsewhere:0"])
def test_where_there_is_no_screen_that_is_said(display: str) -> None:
    with pytest.raises((OSError, ValueError)):
        asyncio.run(X11Idle({"DISPLAY": display}).look())


# -- proofs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[tuple[Screen, Path]]:
    """Run a screen that lets in only who knows its secret; the file holds it."""
    authority = tmp_path / "authority"
    # For any address and display: the server takes a free number, which nobody knows before.
    authority.write_bytes(entry(65535, b"", b"", b"MIT-MAGIC-COOKIE-1", bytes(range(16))))
    with running_screen("sh", "-c", f'exec "$@" -auth {authority}', "sh") as screen:
        yield screen, authority


def test_a_screen_with_a_secret_lets_in_who_knows_it(guarded: tuple[Screen, Path]) -> None:
    screen, authority = guarded
    assert idle_of(X11Idle({"DISPLAY": screen.display, "XAUTHORITY": str(authority)})) < timedelta(minutes=1)
    with pytest.raises(ValueError, match="turned the connection down"):
        idle_of(X11Idle({"DISPLAY": screen.display, "XAUTHORITY": "/nowhere"}))
