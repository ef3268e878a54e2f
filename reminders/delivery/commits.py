"""Results that the journal could not take yet, kept in memory in their order until it can."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from reminders.domain.errors import JournalUnavailable

AT_ONCE = 200
logger = logging.getLogger("reminders.delivery")


class PendingCommits:
    """Commits in order, each named by the delivery it belongs to."""

    def __init__(self, together: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        """Begin with none; inside ``together`` the journal keeps all that it is told, or nothing of it."""
        self._together = together
        self._steps: deque[tuple[int, Callable[[], None]]] = deque()
        self._is_flushing = False

    def __contains__(self, delivery_id: object) -> bool:
        """Tell whether a result of that delivery is not in the journal yet."""
        return any(waiting == delivery_id for waiting, _ in self._steps)

    def __len__(self) -> int:
        """Return how many commits wait."""
        return len(self._steps)

    def add(self, delivery_id: int, commit: Callable[[], None]) -> None:
        """Put a commit at the end; ``flush`` makes it."""
        self._steps.append((delivery_id, commit))

    def flush(self) -> bool:
        """Make every commit that the journal takes; False when some must wait. A commit may add further ones."""
        if self._is_flushing:
            return True
        self._is_flushing = True
        try:
            return self._make_commits()
        finally:
            self._is_flushing = False

    def _make_commits(self) -> bool:
        while self._steps:
            made = 0
            try:
                with self._together():
                    while made < min(len(self._steps), AT_ONCE):
                        self._steps[made][1]()
                        made += 1
            except JournalUnavailable as error:
                fields = {"waiting_commits": len(self._steps), "why": str(error)}
                logger.error("delivery.unrecorded", extra={"fields": fields})  # noqa: TRY400  the text says it all
                return False
            for _ in range(made):
                self._steps.popleft()
        return True
