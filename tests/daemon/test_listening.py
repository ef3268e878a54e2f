"""Holds: what a message on an answer topic does to the record, from where it is listened to. Virtual time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from reminders.answers.links import hash_of, new_token
from reminders.answers.ntfy_topic import HOLD_SECONDS
from reminders.answers.topic import AnswerTopics, Topic
from reminders.daemon.listening import VIA, Listening
from reminders.domain.answer import Answer, AnswerOutcome, AnswerReceipt
from reminders.domain.occurrence import OccurrenceState
from tests.answers.scripted_server import Behaviour, ScriptedServer, event, message, serving, streams
from tests.delivery.virtual_time import START, VirtualClock, run
from tests.journal.day import NINE, Day

TOPIC = "answer-topic-secret"


@dataclass
class Room:
    """Somebody who listens, and all that came of it. Minutes are counted from 09:00 UTC."""

    day: Day
    clock: VirtualClock
    receipts: list[AnswerReceipt] = field(default_factory=list)
    unheard: list[dict[str, str]] = field(default_factory=list)
    is_clock_set: bool = True
    snooze: timedelta = timedelta(minutes=15)
    server: ScriptedServer = field(default_factory=lambda: ScriptedServer([]))

    def __post_init__(self) -> None:
        self.clock.step(NINE - START)
        self.listening = Listening(
            self.day.journal,
            self.clock,
            is_clock_set=lambda _: self.is_clock_set,
            answered=self.take,
            told=self.tell,
            millilitres=lambda text: int(text.removesuffix("ml")),
            snooze_of=lambda _: self.snooze,
        )

    def take(self, receipts: tuple[AnswerReceipt, ...], via: str) -> None:
        assert via == VIA
        self.receipts += receipts

    def tell(self, unheard: Mapping[str, str]) -> None:
        self.unheard.append(dict(unheard))

    def topics(self, name: str = TOPIC) -> AnswerTopics:
        return AnswerTopics(followed={"phone": Topic(base_url=self.server.base_url, name=name)})

    def link(self, nudge_id: str, *, until: float = 780) -> str:
        """Return a token that stands for a nudge until then."""
        token = new_token()
        self.day.journal.add_link(hash_of(token) or "", nudge_id, self.day.at(until))
        return token

    def pressed(self, text: str, minute: float, mark: str = "mark00000001") -> bytes:
        """Return the line of a message that the server took then."""
        return message(text, mark, int(self.day.at(minute).timestamp()))

    async def until(self, minute: float) -> None:
        await asyncio.sleep((self.day.at(minute) - self.clock.now()).total_seconds())

    @property
    def answers(self) -> tuple[Answer, ...]:
        return self.day.journal.facts("me", NINE - timedelta(days=1), NINE + timedelta(days=1)).answers


@contextlib.asynccontextmanager
async def listening(room: Room, *script: Behaviour) -> AsyncIterator[None]:
    async with serving(*script) as room.server:
        room.listening.exchange(room.topics())
        try:
            yield
        finally:
            await room.listening.stop()


def in_room(day: Day, scenario: Callable[[Room], Awaitable[None]]) -> Room:
    async def whole(clock: VirtualClock) -> Room:
        room = Room(day, clock)
        await scenario(room)
        return room

    return run(whole)


def test_a_button_that_is_pressed_counts_once_at_the_moment_of_the_press(day: Day) -> None:
    nudge = day.send("movement")

    async def scenario(room: Room) -> None:
        await room.until(5)
        token = room.link(nudge)
        async with listening(room, streams(room.pressed(f"{token} done", 2), room.pressed(f"{token} skip", 3))):
            await room.until(6)

    room = in_room(day, scenario)
    (answer,) = room.answers
    assert (answer.at, answer.via, answer.verb) == (day.at(2), "ntfy", "done")
    assert [receipt.outcome for receipt in room.receipts] == [AnswerOutcome.COUNTED, AnswerOutcome.ALREADY]
    assert day.occurrence().state is OccurrenceState.DONE
    assert room.unheard == [{}]


def test_what_a_server_says_again_counts_once(day: Day) -> None:
    nudge = day.send("movement")

    async def scenario(room: Room) -> None:
        line = room.pressed(f"{room.link(nudge)} done", 0)
        async with listening(room, streams(line, stays_seconds=1), streams(line, line)):
            await room.until(2)
            assert len(room.receipts) == 3

    assert len(in_room(day, scenario).answers) == 1


def test_a_press_that_waited_on_the_server_still_ends_what_is_open(day: Day) -> None:
    nudge = day.send("movement", expires=180)

    async def scenario(room: Room) -> None:
        await room.until(120)
        async with listening(room, streams(room.pressed(f"{room.link(nudge)} done", 62))):
            await room.until(121)

    in_room(day, scenario)
    assert day.occurrence().state is OccurrenceState.DONE
    assert day.occurrence().answered_at == day.at(62)


def test_a_press_heard_only_after_the_ask_has_lapsed_is_late_and_keeps_its_moment(day: Day) -> None:
    nudge = day.send("movement", expires=60)
    day.journal.close_expired(day.at(60))

    async def scenario(room: Room) -> None:
        await room.until(120)
        async with listening(room, streams(room.pressed(f"{room.link(nudge)} done", 30))):
            await room.until(121)

    room = in_room(day, scenario)
    assert [receipt.outcome for receipt in room.receipts] == [AnswerOutcome.LATE]
    occurrence = day.occurrence()
    assert (occurrence.state, occurrence.answered_late) == (OccurrenceState.LAPSED, True)
    assert occurrence.answered_at == day.at(30)


def test_an_amount_that_comes_along_is_what_was_drunk(day: Day) -> None:
    nudge = day.send("hydration", amount_ml=200)

    async def scenario(room: Room) -> None:
        async with listening(room, streams(room.pressed(f"{room.link(nudge)} done 300ml", 0))):
            await room.until(1)

    assert [answer.amount_ml for answer in in_room(day, scenario).answers] == [300]


def test_what_stands_for_no_live_nudge_does_nothing_and_is_no_reason_to_write(day: Day) -> None:
    nudge = day.send("movement")

    async def scenario(room: Room) -> None:
        await room.until(10)
        dead, live = room.link(nudge, until=10), room.link(nudge)
        texts = [f"{dead} done", f"{new_token()} done", live, f"{live} undo", f"{'x' * 65} done", "", f"{live}  done"]
        async with listening(room, streams(*[room.pressed(text, 5) for text in texts])):
            await room.until(11)
            assert room.server.targets == [f"/{TOPIC}/json?since={int(day.at(10).timestamp())}"]
        assert room.day.journal.heard_up_to("phone") == str(int(day.at(10).timestamp()))

    room = in_room(day, scenario)
    assert room.answers == ()
    assert room.receipts == []
    assert day.occurrence().state is OccurrenceState.SENT


def test_listening_begins_at_the_first_start_and_goes_on_after_the_last_answer_ever_since(day: Day) -> None:
    nudge = day.send("movement")

    async def scenario(room: Room) -> None:
        async with serving(streams(), streams(room.pressed(f"{room.link(nudge)} done", 1)), streams()) as room.server:
            for minute in (1, 2, 3):
                room.listening.exchange(room.topics())
                await room.until(minute)
                await room.listening.stop()
            first = str(int(NINE.timestamp()))
            assert [target.partition("=")[2] for target in room.server.targets] == [first, first, "mark00000001"]

    in_room(day, scenario)


def test_an_answer_that_the_record_cannot_take_waits_until_it_can(day: Day) -> None:
    nudge = day.send("movement")

    async def scenario(room: Room) -> None:
        token = room.link(nudge)
        async with listening(room, streams(event("keepalive"), room.pressed(f"{token} done", 1), every_seconds=60)):
            await asyncio.sleep(1)
            day.journal._connection.execute("PRAGMA query_only = ON")
            await room.until(10)
            assert room.receipts == []
            day.journal._connection.execute("PRAGMA query_only = OFF")
            await asyncio.sleep(HOLD_SECONDS)
            assert len(room.receipts) == 1

    assert [answer.at for answer in in_room(day, scenario).answers] == [day.at(1)]


def test_with_a_clock_that_is_not_set_no_answer_is_judged(day: Day) -> None:
    nudge = day.send("movement")

    async def scenario(room: Room) -> None:
        day.journal.note_heard_up_to("phone", str(int(NINE.timestamp())))
        room.is_clock_set = False
        async with listening(room, streams(room.pressed(f"{room.link(nudge)} done", 0))):
            await room.until(1)
            assert room.receipts == []
            room.is_clock_set = True
            await room.until(2)
            assert len(room.receipts) == 1

    in_room(day, scenario)


def test_a_clock_that_is_not_set_gives_no_place_to_begin_from(day: Day) -> None:
    async def scenario(room: Room) -> None:
        room.is_clock_set = False
        async with listening(room, streams()):
            await room.until(1)
            assert room.server.requests == []
            assert day.journal.heard_up_to("phone") is None
            room.is_clock_set = True
            room.listening.begin_again()
            await room.until(2)
            assert room.server.targets == [f"/{TOPIC}/json?since={int(day.at(1).timestamp())}"]

    in_room(day, scenario)


def test_a_snooze_lasts_as_long_as_the_habits_have_it(day: Day) -> None:
    nudge = day.send("movement")

    async def scenario(room: Room) -> None:
        room.snooze = timedelta(minutes=7)
        async with listening(room, streams(room.pressed(f"{room.link(nudge)} snooze", 0))):
            await room.until(1)

    assert [receipt.until for receipt in in_room(day, scenario).receipts] == [day.at(7)]


def test_an_exchange_leaves_a_topic_that_is_the_same_alone(day: Day) -> None:
    async def scenario(room: Room) -> None:
        async with listening(room, streams()):
            await room.until(1)
            room.listening.exchange(room.topics())
            await room.until(1.5)
            assert len(room.server.requests) == 1
            room.listening.exchange(room.topics("another"))
            await room.until(1.8)
            assert len(room.server.requests) == 2
            assert room.server.targets[1].startswith("/another/json")
            room.listening.exchange(AnswerTopics())
            await room.until(60)
            assert len(room.server.requests) == 2

    in_room(day, scenario)


def test_after_a_sleep_the_connection_is_made_anew_at_once(day: Day) -> None:
    async def scenario(room: Room) -> None:
        async with listening(room, streams()):
            await room.until(0.5)
            room.listening.begin_again()
            await asyncio.sleep(0.5)
            assert len(room.server.requests) == 2

    in_room(day, scenario)


def test_a_topic_that_cannot_be_made_out_is_told_beside_a_server_that_is_gone(day: Day) -> None:
    async def scenario(room: Room) -> None:
        nobody = Topic(base_url="http://127.0.0.1:1", name=TOPIC)
        missing = {"tablet": "the environment variable X is not set"}
        room.listening.exchange(AnswerTopics(followed={"phone": nobody}, unreadable=missing))
        await room.until(1)
        assert room.unheard[-1] == missing | {"phone": "its server refuses the connection"}
        room.listening.exchange(AnswerTopics())
        assert room.unheard[-1] == {}
        await room.listening.stop()

    in_room(day, scenario)


def test_a_break_down_is_told_and_does_not_pass_for_silence(day: Day, caplog: pytest.LogCaptureFixture) -> None:
    nudge = day.send("movement")

    async def scenario(room: Room) -> None:
        def break_down(*_: object) -> None:
            raise LookupError("a mistake of ours about token-secret")

        room.listening._answered = break_down
        async with listening(room, streams(room.pressed(f"{room.link(nudge)} done", 0))):
            await room.until(1)
        assert "broke down" in room.unheard[-1]["phone"]

    in_room(day, scenario)
    (record,) = [one for one in caplog.records if one.getMessage() == "answer_topic.abandoned"]
    assert "token-secret" not in str(record.__dict__)


def broken_once(room: Room) -> None:
    """Make the next answer break the follower down."""

    def break_down(*_: object) -> None:
        room.listening._answered = room.take
        raise LookupError("a mistake of ours")

    room.listening._answered = break_down


@pytest.mark.parametrize("way", ["at an exchange", "after a sleep", "by itself"])
def test_after_a_break_down_it_is_followed_anew(day: Day, way: str) -> None:
    first, second = day.send("movement"), day.send("hydration")

    async def scenario(room: Room) -> None:
        broken_once(room)
        lines = (room.pressed(f"{room.link(first)} done", 0), room.pressed(f"{room.link(second)} done", 2, "mark2"))
        steady = streams(lines[1], *[event("keepalive")] * 99, every_seconds=45)
        async with listening(room, streams(lines[0]), steady):
            await room.until(4.5)
            assert "broke down" in room.unheard[-1]["phone"]
            assert len(room.server.requests) == 1
            if way == "at an exchange":
                room.listening.exchange(room.topics())
            elif way == "after a sleep":
                room.listening.begin_again()
            await room.until(4.9 if way != "by itself" else 5.5)
            assert room.unheard[-1] == {}
            await room.until(20)
            assert len(room.server.requests) == 2
            assert [one.habit for one in room.receipts] == ["hydration"]

    in_room(day, scenario)
    assert day.occurrence("hydration").state is OccurrenceState.DONE


def test_neither_topic_nor_token_is_logged_or_on_record(day: Day, caplog: pytest.LogCaptureFixture) -> None:
    nudge = day.send("movement")
    tokens: list[str] = []

    async def scenario(room: Room) -> None:
        tokens.append(room.link(nudge))
        tokens.append(new_token())
        lines = [room.pressed(f"{token} done", 0) for token in tokens]
        async with listening(room, streams(*lines, stays_seconds=1), streams()):
            await room.until(5)

    with caplog.at_level(logging.DEBUG):
        in_room(day, scenario)
    dump = "\n".join(day.journal._connection.iterdump())
    logged = "\n".join(str(record.__dict__) for record in caplog.records)
    assert "answer.ignored" in logged
    assert re.search("heard_up_to/phone", dump)
    for secret in (TOPIC, *tokens):
        assert secret not in dump
        assert secret not in logged
