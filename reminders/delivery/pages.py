"""Looking through the open deliveries a page at a time, so that ten thousand do not stop the loop."""

from __future__ import annotations

from reminders.domain.delivery import Delivery
from reminders.ports import DeliveryLog

PAGE = 500
SECONDS_UNTIL_ALL = 10.0


class Pages:
    """Reads on where it stopped: what was queued since, and everything once in a while or when told to.

    ``has_more`` tells that another page follows at once.
    """

    def __init__(self, log: DeliveryLog) -> None:
        """Begin with the oldest."""
        self._log = log
        self._read_up_to = 0
        self._began_at = 0.0
        self.has_more = False

    def begin_anew(self) -> None:
        """Read everything the next time."""
        self._read_up_to, self.has_more = 0, False

    def read(self, seconds: float) -> tuple[tuple[Delivery, ...], bool]:
        """Return the next page, and True when nothing at all is open; ``seconds`` come from a clock that never steps.

        Raises JournalUnavailable.
        """
        if not self.has_more and seconds - self._began_at >= SECONDS_UNTIL_ALL:
            self.begin_anew()
        is_first = self._read_up_to == 0
        if is_first:
            self._began_at = seconds
        page = self._log.open_deliveries(self._read_up_to, PAGE)
        if page:
            self._read_up_to = page[-1].id
        self.has_more = len(page) == PAGE
        return page, is_first and not page
