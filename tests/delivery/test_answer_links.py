"""Rules of the link a message carries: one token a nudge, on record with the begin-commit, never without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from reminders.answers.links import LinkMint, hash_of
from reminders.domain.delivery import DeliveryState, Message, SendResult
from reminders.domain.errors import JournalUnavailable
from reminders.domain.nudge import Ask, NudgeKind
from reminders.domain.web import WebSpec
from tests.delivery.desk import Desk, at_the_desk, nudge
from tests.delivery.memory_log import MemoryLog
from tests.delivery.scripted_channel import ACCEPTED, FAILED
from tests.delivery.virtual_time import START

PAGE = WebSpec(port=8377, public_url="https://home.example")


def minting(desk: Desk, web: WebSpec | None = PAGE) -> None:
    desk.link_for = LinkMint(desk.log.add_link, lambda: web).link_for


def token_of(message: Message) -> str:
    assert message.link is not None
    return message.link.token


def test_the_hash_of_a_token_is_on_record_before_the_message_leaves() -> None:
    async def scenario(desk: Desk) -> None:
        seen: list[tuple[DeliveryState, list[str]]] = []

        def look() -> SendResult:
            seen.append((desk.delivery().state, [target for target, _ in desk.log.links.values()]))
            return ACCEPTED

        minting(desk)
        phone = desk.channel("phone", look)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(seconds=1)
        assert seen == [(DeliveryState.SENDING, ["n1"])]
        (message,) = phone.messages
        token = token_of(message)
        assert desk.log.links == {hash_of(token): ("n1", START + timedelta(hours=13))}
        assert message.link is not None
        assert message.link.url == f"https://home.example/a/{token}"

    at_the_desk(scenario)


def test_channels_and_attempts_of_a_nudge_share_its_token() -> None:
    async def scenario(desk: Desk) -> None:
        minting(desk)
        phone, desktop = desk.channel("phone", FAILED, ACCEPTED), desk.channel("desktop", ACCEPTED)
        async with desk.working():
            desk.put(nudge(1, send_to=("phone", "desktop")))
            await desk.passes(minutes=1)
        tokens = {token_of(message) for message in (*phone.messages, *desktop.messages)}
        assert (len(phone.messages), len(desktop.messages), len(tokens), len(desk.log.links)) == (2, 1, 1, 1)

    at_the_desk(scenario)


def test_a_begin_commit_that_comes_to_nothing_leaves_no_link() -> None:
    async def scenario(desk: Desk) -> None:
        desk.log = Stumbling()
        minting(desk)
        phone = desk.channel("phone", ACCEPTED)
        async with desk.working():
            desk.put(nudge())
            await desk.passes(seconds=1)
            assert isinstance(desk.log, Stumbling)
            assert (desk.log.links, desk.log.stumbled, phone.messages) == ({}, True, [])
            desk.log.stumbles = False
            await desk.passes(minutes=1)
        (message,) = phone.messages
        assert list(desk.log.links) == [hash_of(token_of(message))]

    at_the_desk(scenario)


class Stumbling(MemoryLog):
    """Takes the link and then finds the disk full, as long as ``stumbles`` is set."""

    stumbles = True
    stumbled = False

    def add_link(self, token_hash: str, nudge_id: str, expires_at: object) -> None:
        super().add_link(token_hash, nudge_id, expires_at)  # type: ignore[arg-type]
        if self.stumbles:
            self.stumbled = True
            raise JournalUnavailable("the disk is full")


def test_a_notice_about_the_service_carries_no_link() -> None:
    async def scenario(desk: Desk) -> None:
        minting(desk)
        phone = desk.channel("phone", ACCEPTED)
        async with desk.working():
            desk.put(nudge(kind=NudgeKind.SERVICE))
            await desk.passes(seconds=1)
        assert [message.link for message in phone.messages] == [None]
        assert desk.log.links == {}

    at_the_desk(scenario)


def test_a_message_says_how_many_things_it_asks_for_and_whom_a_command_names() -> None:
    async def scenario(desk: Desk) -> None:
        phone = desk.channel("phone", ACCEPTED)
        second = Ask(occurrence_id="o9", habit="movement", text="Walk")
        async with desk.working():
            desk.put(replace(nudge(1), asks=(*nudge(1).asks, second)), replace(nudge(2), person="alex"))
            await desk.passes(seconds=1)
        assert [(message.asks, message.person) for message in phone.messages] == [(2, None), (1, "alex")]

    at_the_desk(scenario)
