"""What a page says once, after something was done: kept here, named in the address it leads back to."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

NOTICES_AT_MOST = 64
SHOWN_FOR = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A sentence or two for the person; ``is_trouble`` = it did not work."""

    text: str
    is_trouble: bool = False


class Notices:
    """The newest notices by a random name, so that an address cannot put words on our page. For one event loop."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: OrderedDict[str, tuple[datetime, Notice]] = OrderedDict()

    def keep(self, notice: Notice, now: datetime) -> str:
        """Keep a notice and return its name."""
        name = secrets.token_urlsafe(9)
        self._kept[name] = (now, notice)
        while len(self._kept) > NOTICES_AT_MOST:
            self._kept.popitem(last=False)
        return name

    def find(self, name: str | None, now: datetime) -> Notice | None:
        """Return the notice of that name; None when it is unknown or was made a while ago."""
        made_at, notice = self._kept.get(name or "", (now, None))
        return notice if now - made_at <= SHOWN_FOR else None
