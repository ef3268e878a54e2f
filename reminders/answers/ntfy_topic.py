"""Follows a topic on an ntfy server for as long as the daemon runs, and hands on what is said there.

One long answer is read, no port is opened and nothing is polled. After every loss the server is asked for what came
since the last message heard, so that nothing is lost while we are away. Who calls: ``daemon.listening``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from reminders.answers.line_stream import LineStream, StreamBroken, StreamRefused, open_lines
from reminders.answers.topic import Topic, TopicMessage
from reminders.catalogue.phrases import phrase
from reminders.planning.backoff import next_wait
from reminders.ports import Clock

SILENCE_SECONDS = 120.0  # ntfy says that it is still there every 45 seconds
STEADY_SECONDS = 30.0  # a connection that lasted this long was a good one
HOLD_SECONDS = 15.0
CEILINGS = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300))
REFUSED_WAIT = timedelta(minutes=5)
LONGEST_ASKED_WAIT = timedelta(minutes=15)
FAILURES_UNTOLD = 1  # a server that restarts is back before anybody need know
LOGIN_REFUSED = frozenset({401, 403})
MARK = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
LATEST_SECONDS = 2**33
_ANSWERS = phrase("its server answers {status}")
_LOGIN_REFUSED = phrase("its server answers {status}: the channel's login may not read the answer topic")
logger = logging.getLogger("reminders.answers")


@dataclass(frozen=True, kw_only=True, slots=True)
class Loss:
    """Why a connection is over; ``wait`` is how long to stay away at least, None = as short as may be."""

    why: str
    wait: timedelta | None = None
    is_refusal: bool = False


class TopicFollower:
    """Follows one topic.

    ``since`` returns the mark to begin from, the id of the last message heard or a Unix time; None = not now.
    ``heard`` takes a message and returns False when it cannot now; then it is offered again, and none overtakes it.
    ``told`` hears why nothing can be heard; None = all is well. ``jitter`` returns a number from 0 to 1 for each wait.
    """

    def __init__(
        self,
        channel: str,
        topic: Topic,
        clock: Clock,
        *,
        since: Callable[[], str | None],
        heard: Callable[[TopicMessage], bool],
        told: Callable[[str | None], None],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Prepare; nothing is asked before ``follow``. ``channel`` is the name that logs may hold."""
        self._channel, self._topic, self._clock = channel, topic, clock
        self._begin_from, self._heard, self._told, self._jitter = since, heard, told, jitter
        self._mark: str | None = None
        self._opened_at: float | None = None
        self._trouble: str | None = None  # as told
        self._complained: str | None = None  # as logged last
        self._is_news = True

    async def follow(self) -> None:
        """Listen until cancelled; begun again, it goes on after the last message."""
        failures = 0
        while True:
            self._opened_at = None
            loss = await self._listen()
            failures = 1 if self._was_steady() else failures + 1
            wait = next_wait(failures, loss.wait, self._jitter(), CEILINGS)
            self._note_loss(loss, failures, wait)
            await asyncio.sleep(wait.total_seconds())

    async def _listen(self) -> Loss:
        """Follow one connection to its end and say why it ended."""
        mark = self._mark = self._mark or self._begin_from()
        if mark is None:
            return Loss(why=phrase("the journal or the clock is not ready"))
        url = f"{self._topic.base_url}/{quote(self._topic.name, safe='')}/json?since={quote(mark, safe='')}"
        try:
            async with open_lines(url, self._topic.authorization, verify=self._topic.verify) as stream:
                await self._follow_lines(stream)
        except StreamRefused as refusal:
            return _refused(refusal)
        except StreamBroken as error:
            return Loss(why=str(error))
        except OSError as error:
            return Loss(why=_silent() if self._opened_at is not None else why_unreachable(error))
        return Loss(why=phrase("its server ends the connection"))

    async def _follow_lines(self, stream: LineStream) -> None:
        while True:
            async with asyncio.timeout(SILENCE_SECONDS):
                line = await stream.next_line()
            if line is None:
                return
            event = read_event(line)
            if event == "open":
                self._note_open()
            elif isinstance(event, TopicMessage):
                await self._pass_on(event)

    async def _pass_on(self, message: TopicMessage) -> None:
        while not self._heard(message):  # noqa: ASYNC110  nothing tells when a disk has room again
            await asyncio.sleep(HOLD_SECONDS)
        self._mark = message.id
        await asyncio.sleep(0)  # many that waited must not keep the loop to themselves

    def _was_steady(self) -> bool:
        return self._opened_at is not None and self._clock.monotonic() - self._opened_at >= STEADY_SECONDS

    def _note_open(self) -> None:
        self._opened_at = self._clock.monotonic()
        level = logging.INFO if self._is_news else logging.DEBUG
        logger.log(level, "answer_topic.opened", extra={"fields": {"channel": self._channel}})
        self._is_news = False
        if self._trouble is not None:
            self._trouble = None
            self._told(None)

    def _note_loss(self, loss: Loss, failures: int, wait: timedelta) -> None:
        """Log a loss; tell people of one that lasts, once."""
        fields = {"channel": self._channel, "error": loss.why, "wait_seconds": round(wait.total_seconds(), 1)}
        is_told = loss.is_refusal or failures > FAILURES_UNTOLD
        self._complained = None if failures == 1 else self._complained
        is_news = is_told and loss.why != self._complained
        logger.log(logging.WARNING if is_news else logging.DEBUG, "answer_topic.lost", extra={"fields": fields})
        if is_news:
            self._complained, self._is_news = loss.why, True
        if is_told and loss.why != self._trouble:
            self._trouble = loss.why
            self._told(loss.why)


def read_event(line: bytes) -> TopicMessage | str | None:
    """Return the message of a line, or the name of another event; None for what is no event."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not isinstance(event := told.get("event"), str):
        return None
    if event != "message":
        return event
    mark, text, seconds = told.get("id"), told.get("message"), told.get("time")
    if not isinstance(mark, str) or not MARK.fullmatch(mark) or not isinstance(text, str):
        return None
    at = None
    if isinstance(seconds, int) and 0 <= seconds < LATEST_SECONDS:
        at = datetime.fromtimestamp(seconds, UTC)
    return TopicMessage(id=mark, at=at, text=text)


def why_unreachable(error: OSError) -> str:
    """Say in words why a server cannot be reached; the words hold no part of its address."""
    if isinstance(error, socket.gaierror):
        return phrase("its server's name cannot be found")
    if isinstance(error, ConnectionRefusedError):
        return phrase("its server refuses the connection")
    if isinstance(error, TimeoutError):
        return phrase("its server does not answer")
    if error.__class__.__name__ == "SSLCertVerificationError":
        return phrase("its server's certificate is not trusted")
    if error.__class__.__module__ == "ssl":
        return phrase("its server speaks no TLS that is understood")
    return phrase("its server cannot be reached")


def _silent() -> str:
    return phrase("the connection to its server is lost")


def _refused(refusal: StreamRefused) -> Loss:
    if refusal.status in LOGIN_REFUSED:
        why = _LOGIN_REFUSED.format(status=refusal.status)
        return Loss(why=why, wait=REFUSED_WAIT, is_refusal=True)
    asked = refusal.retry_after_seconds
    wait = None if asked is None else min(timedelta(seconds=asked), LONGEST_ASKED_WAIT)
    return Loss(why=_ANSWERS.format(status=refusal.status), wait=wait)
