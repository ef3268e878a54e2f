"""Is somebody at the desk? The sources of one desktop, asked in turn, put together to what is known."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from reminders.catalogue.phrases import phrase, say
from reminders.domain.context import Presence
from reminders.ports import Clock
from reminders.sensors.sighting import NOTHING, OneAtATime, Sighting, Source

FACETS = ("idle", "locked", "do_not_disturb")
_WORDS = {
    "idle": (phrase("idle time from {source}"), phrase("idle time unknown")),
    "locked": (phrase("lock from {source}"), phrase("lock unknown")),
    "do_not_disturb": (phrase("do-not-disturb from {source}"), phrase("do-not-disturb unknown")),
}
logger = logging.getLogger("reminders.sensors")


class DesktopPresence:
    """Asks all sources at once and takes, for each thing to know, the word of the first that knows it.

    A source that knows of a locked screen is believed over one that knows of none: not every screen lock tells all.
    """

    def __init__(self, sources: Sequence[Source], clock: Clock) -> None:
        """Take the sources, the most trusted first; nobody is asked before ``look``."""
        self._sources, self._clock = sources, clock
        self._lines: list[OneAtATime[Sighting]] = [OneAtATime() for _ in sources]
        self._told_by: Mapping[str, str] = {}

    @property
    def told_by(self) -> Mapping[str, str]:
        """Who told what at the last look; what nobody told is left out."""
        return self._told_by

    async def look(self) -> Presence:
        """Return what is known now; what hangs or fails is Unknown."""
        asked = zip(self._sources, self._lines, strict=True)
        told = await asyncio.gather(*(self._ask(source, line) for source, line in asked))
        found: dict[str, object] = {}
        told_by: dict[str, str] = {}
        for source, sighting in zip(self._sources, told, strict=True):
            for facet in FACETS:
                value = getattr(sighting, facet)
                if value is not None and (facet not in found or (facet == "locked" and value and not found[facet])):
                    found[facet], told_by[facet] = value, source.name
        self._told_by = told_by
        return Presence(**found, at=self._clock.now())  # type: ignore[arg-type]

    async def _ask(self, source: Source, line: OneAtATime[Sighting]) -> Sighting:
        try:
            return await line.ask(source.look())
        except (OSError, EOFError, ValueError) as error:  # a TimeoutError is an OSError
            fields = {"source": source.name, "error": type(error).__name__}
            logger.debug("presence.unknown", extra={"fields": fields})
            return NOTHING

    async def close(self) -> None:
        """Let go of connections."""
        for source, line in zip(self._sources, self._lines, strict=True):
            line.give_up()
            source.close()


def presence_words(told_by: Mapping[str, str]) -> str:
    """Return what is known and from whom: ``idle time from X11, lock from logind, do-not-disturb unknown``."""
    return ", ".join(
        say(known, source=told_by[facet]) if facet in told_by else say(unknown)
        for facet, (known, unknown) in _WORDS.items()
    )
