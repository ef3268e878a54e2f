"""The answers that come in through topics on ntfy servers: who is followed, and what is made of a message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from reminders.answers.links import hash_of
from reminders.answers.press import Press, pressed_at, read_press
from reminders.answers.topic import AnswerTopics, Topic, TopicMessage
from reminders.catalogue.phrases import phrase
from reminders.daemon.mishap import described
from reminders.domain.answer import AnswerReceipt
from reminders.domain.errors import JournalUnavailable
from reminders.domain.nudge import Nudge
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.ports import Clock

if TYPE_CHECKING:
    from reminders.answers.ntfy_topic import TopicFollower

VIA = "ntfy"
BROKEN_WAIT = timedelta(minutes=5)
logger = logging.getLogger("reminders.daemon")


@dataclass(kw_only=True, slots=True)
class _Ear:
    """A topic that is followed for a channel."""

    topic: Topic
    follower: TopicFollower
    task: asyncio.Task[None]


class Listening:
    """Follows the answer topics of the channels that have one.

    ``is_clock_set`` tells whether the wall clock can be right; until then no message is judged. ``answered`` hears of
    the receipts of every answer, ``told`` why channels cannot be heard, by name, each time that changes.
    ``millilitres`` reads an amount, None for what is none. ``snooze_of`` tells for how long a nudge is snoozed.
    """

    def __init__(
        self,
        journal: SqliteJournal,
        clock: Clock,
        *,
        is_clock_set: Callable[[datetime], bool],
        answered: Callable[[tuple[AnswerReceipt, ...], str], None],
        told: Callable[[Mapping[str, str]], None],
        millilitres: Callable[[str], int | None],
        snooze_of: Callable[[Nudge], timedelta],
    ) -> None:
        """Prepare; nobody is followed before ``exchange``."""
        self._journal, self._clock, self._is_clock_set = journal, clock, is_clock_set
        self._answered, self._told, self._millilitres = answered, told, millilitres
        self._snooze_of = snooze_of
        self._ears: dict[str, _Ear] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._deaf: dict[str, str] = {}
        self._unreadable: Mapping[str, str] = {}

    def exchange(self, topics: AnswerTopics) -> None:
        """Follow these topics from now on; one that is the same goes on, one that broke down begins anew."""
        for name, ear in list(self._ears.items()):
            if topics.followed.get(name) != ear.topic:
                self._end(self._ears.pop(name).task)
                self._deaf.pop(name, None)
        for name, topic in topics.followed.items():
            if name not in self._ears or self._ears[name].task.done():
                self._follow(name, topic)
        self._unreadable = topics.unreadable
        self._tell()

    def begin_again(self) -> None:
        """Connect anew at once: the machine slept, and no connection survives that."""
        for name, ear in list(self._ears.items()):
            if ear.task.done():
                self._begin_anew(name, ear.task)
            else:
                self._end(ear.task)
                ear.task = self._begin(name, ear.follower)

    async def stop(self) -> None:
        """Stop following."""
        for ear in self._ears.values():
            self._end(ear.task)
        self._ears.clear()
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _follow(self, channel: str, topic: Topic) -> None:
        self._deaf.pop(channel, None)
        follower = self._follower(channel, topic)
        self._ears[channel] = _Ear(topic=topic, follower=follower, task=self._begin(channel, follower))

    def _begin_anew(self, channel: str, broken: asyncio.Task[None]) -> None:
        """Follow a channel's topic once more after its follower broke down, unless that was seen to already."""
        ear = self._ears.get(channel)
        if ear is not None and ear.task is broken:
            self._follow(channel, ear.topic)
            self._tell()

    def _follower(self, channel: str, topic: Topic) -> TopicFollower:
        from reminders.answers.ntfy_topic import TopicFollower  # noqa: PLC0415  a daemon that follows none needs no HTTP

        return TopicFollower(
            channel,
            topic,
            self._clock,
            since=lambda: self._mark_of(channel),
            heard=lambda message: self._hear(channel, message),
            told=lambda why: self._note(channel, why),
        )

    def _begin(self, channel: str, follower: TopicFollower) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(follower.follow(), name=f"answers to {channel}")
        task.add_done_callback(lambda ended: self._note_end(channel, ended))
        return task

    def _end(self, task: asyncio.Task[None]) -> None:
        task.cancel()
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _note_end(self, channel: str, task: asyncio.Task[None]) -> None:
        """Say so when a follower broke down, and begin anew later.

        The error's text may quote what came in, so its kind has to do.
        """
        error = None if task.cancelled() else task.exception()
        if error is not None:
            fields = {"channel": channel, "error": described(error)}
            logger.error("answer_topic.abandoned", extra={"fields": fields})
            ear = self._ears.get(channel)
            if ear is not None and ear.task is task:
                self._note(channel, phrase("following its answer topic broke down; it is tried again every 5 minutes"))
                seconds = BROKEN_WAIT.total_seconds()
                asyncio.get_running_loop().call_later(seconds, self._begin_anew, channel, task)

    def _note(self, channel: str, why: str | None) -> None:
        if why is None:
            self._deaf.pop(channel, None)
        else:
            self._deaf[channel] = why
        self._tell()

    def _tell(self) -> None:
        self._told({**self._unreadable, **self._deaf})

    def _mark_of(self, channel: str) -> str | None:
        """Return where to begin: after the last answer on record, else at the first start ever; None = not now."""
        try:
            mark = self._journal.heard_up_to(channel)
            if mark is None:
                now = self._clock.now()
                if not self._is_clock_set(now):
                    return None  # a mark from a wrong clock would hide every answer until then, or dig up old ones
                mark = str(int(now.timestamp()))
                self._journal.note_heard_up_to(channel, mark)
        except JournalUnavailable:
            return None
        return mark

    def _hear(self, channel: str, message: TopicMessage) -> bool:
        """Take a message; False = it cannot be taken now. What is no answer to a live nudge is let pass."""
        now = self._clock.now()
        if not self._is_clock_set(now):
            return False
        press = read_press(message.text, self._millilitres)
        token_hash = None if press is None else hash_of(press.token)
        if press is None or token_hash is None:
            _log_ignored(channel, "it is no answer")
            return True
        try:
            with self._journal.together():
                receipts = self._answer(token_hash, press, message, now)
                if receipts is not None:
                    self._journal.note_heard_up_to(channel, message.id)
        except JournalUnavailable as error:
            logger.warning("answer.held", extra={"fields": {"channel": channel, "error": str(error)}})
            return False
        if receipts is None:
            _log_ignored(channel, "its token is dead or unknown")
        else:
            self._answered(receipts, VIA)
        return True

    def _answer(
        self, token_hash: str, press: Press, message: TopicMessage, now: datetime
    ) -> tuple[AnswerReceipt, ...] | None:
        """Answer the nudge that a token stands for, at the moment of the press; None = it stands for none now."""
        target = self._journal.link_target(token_hash)
        if target is None or target.expires_at <= now:
            return None
        try:
            nudge = self._journal.nudge(target.nudge_id)
        except KeyError:
            return None
        at = pressed_at(message.at, nudge.created_at, now)
        snooze_for = self._snooze_of(nudge)
        return self._journal.answer_nudge(
            nudge.id, press.verb, at, VIA, amount_ml=press.amount_ml, snooze_for=snooze_for
        )


def _log_ignored(channel: str, why: str) -> None:
    logger.debug("answer.ignored", extra={"fields": {"channel": channel, "why": why}})
