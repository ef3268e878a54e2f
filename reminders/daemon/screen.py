"""What stands on people's screens: taken off when it is answered elsewhere, shown anew after a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any

from reminders.delivery.message import compose
from reminders.domain.delivery import SendOutcome
from reminders.domain.errors import JournalUnavailable
from reminders.domain.nudge import Nudge
from reminders.domain.service_words import ENGLISH, ServiceWords
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.ports import Channel, Clock

CALL_SECONDS = 10.0  # a channel may have to finish another withdrawal first
RECENT = timedelta(hours=1)  # what was answered before it was known to have arrived is younger than that
LOOK_BACK = timedelta(days=7)  # of a session that lasted longer than that, old messages stay until they are closed
logger = logging.getLogger("reminders.daemon")


class Screen:
    """The messages that wait for an answer, by channel and external id."""

    def __init__(
        self, journal: SqliteJournal, clock: Clock, words_of: Callable[[Nudge], ServiceWords] = lambda _nudge: ENGLISH
    ) -> None:
        """Nothing is shown yet; ``exchange`` brings the channels. ``words_of`` gives the words around a nudge."""
        self._journal, self._clock, self._words_of = journal, clock, words_of
        self._channels: Mapping[str, Channel] = {}
        self._discreet: frozenset[str] = frozenset()
        self._shown: set[tuple[str, str]] = set()
        self._leaving: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def exchange(self, channels: Mapping[str, Channel], discreet: frozenset[str]) -> None:
        """Use these channels: what they showed before and still waits is shown anew where presses come to us.

        A notification server reports a press to the connection that sent the message last, which after a restart is
        one that is gone. What was answered or ended while nobody watched the screen is taken away.
        """
        new = [name for name, channel in channels.items() if self._channels.get(name) is not channel]
        self._channels, self._discreet = channels, discreet
        self._shown = self._open_messages()
        for name, external in self._shown:
            if name in new and channels[name].hears_presses:
                self._spawn(self._show_again(name, external))
        for name in new:
            for external in self._journal.external_ids_ended(name, self._clock.now() - LOOK_BACK):
                if (name, external) not in self._shown:
                    self._leaving.add((name, external))
                    self._spawn(self._withdraw(name, external))

    def withdraw_ended(self) -> None:
        """Take messages away whose occurrences were answered elsewhere or are over. Raises JournalUnavailable."""
        shown = self._open_messages()
        ended = self._ended_lately() - shown
        for name, external in (self._shown - shown) | (ended - self._leaving):
            self._spawn(self._withdraw(name, external))
        self._leaving = ended
        self._shown = shown

    def _ended_lately(self) -> set[tuple[str, str]]:
        """Return the messages that are over and still known to be somewhere: a quick thumb answers before we know it.

        Each is taken away once; one that could not be is tried again after a restart.
        """
        since = self._clock.now() - RECENT
        ended = {name: self._journal.external_ids_ended(name, since) for name in self._channels}
        return {(name, external) for name, externals in ended.items() for external in externals}

    def _open_messages(self) -> set[tuple[str, str]]:
        return {(name, external) for name in self._channels for external in self._journal.external_ids(name)}

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _withdraw(self, name: str, external: str) -> None:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self._channels[name].withdraw(external)
            if (name, external) not in self._open_messages():  # nothing was sent in its place meanwhile
                self._journal.taken_away(name, external, self._clock.now())
        except (KeyError, OSError, TimeoutError, JournalUnavailable) as error:
            logger.debug("message.kept", extra={"fields": {"channel": name, "error": type(error).__name__}})

    async def _show_again(self, name: str, external: str) -> None:
        try:
            nudge_id = self._journal.external_ids(name).get(external)
            if nudge_id is None:
                return
            nudge = self._journal.nudge(nudge_id)
            discreet = name in self._discreet
            message = compose(nudge, discreet=discreet, again=False, replaces=external, words=self._words_of(nudge))
            result = await self._channels[name].send(message, CALL_SECONDS)
            if result.outcome is SendOutcome.ACCEPTED:
                fields = {"person": nudge.person, "nudge": nudge_id, "channel": name}
                logger.info("nudge.shown_again", extra={"fields": fields})
            if result.outcome is SendOutcome.ACCEPTED and result.external_id not in (None, external):
                self._journal.shown_again(nudge_id, name, str(result.external_id), self._clock.now())
                self._shown = (self._shown - {(name, external)}) | {(name, str(result.external_id))}
        except JournalUnavailable as error:
            logger.warning("message.not_shown_again", extra={"fields": {"channel": name, "error": str(error)}})
