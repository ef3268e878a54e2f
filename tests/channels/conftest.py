"""What the tests of the channels are given: messages, channels, and the real servers to send to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reminders.channels.apprise_channel import AppriseChannel
from reminders.daemon.child import run_child
from reminders.domain.answer import Verb
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.delivery import Message, SendResult
from reminders.domain.service_words import ENGLISH, ServiceWords
from tests.channels import servers
from tests.channels.ntfy_stand_in import NtfyServer, running_ntfy
from tests.channels.servers import Broker, MailServer, Sink


@pytest.fixture
def need() -> Callable[..., None]:
    """Skip with the install line when a program is missing; fail where nothing may be skipped."""
    return servers.need


async def _soon(condition: Callable[[], Any], what: str) -> Any:
    """Do what ``eventually`` does without holding up the event loop."""
    try:
        async with asyncio.timeout(servers.PATIENCE_SECONDS):
            while not (value := condition()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # the condition may be anything, so there is no event to wait for
            return value
    except TimeoutError:
        pytest.fail(f"never came true: {what}")


@pytest.fixture
def eventually() -> Callable[..., Any]:
    """Wait for a condition, which is given with a name; fail after 15 s."""
    return servers.eventually


@pytest.fixture
def soon() -> Any:
    """Wait in the event loop for a condition, which is given with a name."""
    return _soon


@pytest.fixture
def a_message() -> Callable[..., Message]:
    """Make an ask with three buttons, with changes by name."""

    def make(**changes: Any) -> Message:
        told = {"nudge_id": "n7", "title": "A glass of water", "text": "Walk to the kitchen.", "buttons": tuple(Verb)}
        return Message(**(told | changes))

    return make


@pytest.fixture
def phone() -> Callable[..., AppriseChannel]:
    """Make a channel "phone" for a URL (or url_file=...) with the real child process behind it.

    What else it is given by name goes into its entry in the file.
    """

    def make(
        url: str | None = None,
        *,
        runner: Any = run_child,
        has_public_page: bool = False,
        usual_words: ServiceWords = ENGLISH,
        **entry: Any,
    ) -> AppriseChannel:
        spec = ChannelSpec(name="phone", kind=ChannelKind.APPRISE, url=url, **entry)
        return AppriseChannel(spec, runner, has_public_page=lambda: has_public_page, usual_words=lambda: usual_words)

    return make


@pytest.fixture
def send(a_message: Callable[..., Message]) -> Callable[..., SendResult]:
    """Send once in an event loop of its own: a channel, a message (None = an ask) and a deadline in seconds."""

    def once(channel: Any, message: Message | None = None, deadline_seconds: float = 15.0) -> SendResult:
        return asyncio.run(channel.send(message or a_message(), deadline_seconds))

    return once


@pytest.fixture
def nobody_port() -> int:
    """Return a loopback port that refuses connections."""
    return servers.free_port()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Run a server that takes messages the way ntfy does."""
    with servers.running_sink() as place:
        yield place


@pytest.fixture
def ntfy() -> Iterator[NtfyServer]:
    """Run a stand-in for a current ntfy server."""
    with running_ntfy() as place:
        yield place


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Run an SMTP server on loopback that offers a login."""
    with servers.running_mail_server() as server:
        yield server


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """Run an MQTT broker on loopback that wants user "me" with password "pw"."""
    with servers.running_broker(tmp_path) as place:
        yield place
