"""What one source on this machine can tell of a desktop, and how it is asked without waiting for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
ASK_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """What a source told; each None = it does not know."""

    idle: timedelta | None = None
    locked: bool | None = None
    do_not_disturb: bool | None = None


NOTHING = Sighting()


class Source(Protocol):
    """One place to ask."""

    @property
    def name(self) -> str:
        """What people call it."""

    async def look(self) -> Sighting:
        """Ask once. Raises OSError, EOFError or ValueError when it cannot tell; may take for ever."""

    def close(self) -> None:
        """Let go of connections."""


class OneAtATime(Generic[T]):
    """Asks a question that may hang: while one is unanswered, no second is asked."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self._asked: asyncio.Task[T] | None = None

    async def ask(self, question: Coroutine[Any, Any, T], seconds: float = ASK_SECONDS) -> T:
        """Return the answer. Raises TimeoutError when there is none in time, and what the question raises."""
        if self._asked is not None and not self._asked.done():
            question.close()
            raise TimeoutError
        self._asked = asyncio.get_running_loop().create_task(question)
        self._asked.add_done_callback(lambda done: done.cancelled() or done.exception())
        answered, _ = await asyncio.wait({self._asked}, timeout=seconds)
        if not answered:
            raise TimeoutError
        return self._asked.result()

    def give_up(self) -> None:
        """Wait for the answer no more."""
        if self._asked is not None:
            self._asked.cancel()
