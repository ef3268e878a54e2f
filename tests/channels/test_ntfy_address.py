"""Holds: server, topics and login of an ntfy URL are read as Apprise reads them, and each topic has one for answers."""

from __future__ import annotations

from typing import Any

import pytest
from apprise.plugins.ntfy import NotifyNtfy

from reminders.channels.ntfy_address import NtfyAddress, answers_beside, heard_address, ntfy_address
from reminders.channels.unbuildable import ChannelUnbuildable
from reminders.domain.channel import ChannelKind, ChannelSpec

LONG = "t" * 64

URLS = [
    "ntfys://topic",
    "ntfy://topic",
    "ntfy://topic/",
    "NTFYS://Topic_1-x",
    "ntfys://one/two",
    "ntfys://ntfy.example/topic",
    "ntfy://ntfy.example/topic",
    "ntfy://127.0.0.1:8080/topic",
    "ntfy://localhost/topic",
    "ntfy://localhost:80/one/two",
    "ntfys://[::1]:8443/topic",
    "ntfys://[2001:db8::7]/topic",
    "ntfys://ntfy.sh/topic",
    "ntfys://ntfy.sh/topic?mode=cloud",
    "ntfys://me:pass@ntfy.example/topic",
    "ntfys://me:p%40ss%3A%2Fw@ntfy.example:4443/topic",
    "ntfys://J%C3%BCrgen:gr%C3%BCn@ntfy.example/topic",
    "ntfys://tk_abc123@ntfy.example/topic",
    "ntfys://tk_abc123:@ntfy.example/topic",
    "ntfys://me@ntfy.example/topic?auth=token",
    "ntfys://me:secret@ntfy.example/topic?auth=token",
    "ntfys://ntfy.example/topic?token=tk_abc",
    "ntfys://tk_abc@ntfy.example/topic?auth=basic&pass=x",
    "ntfys://ntfy.example/topic?user=me&pass=secret",
    "ntfys://ntfy.example/topic?user=me&password=secret",
    "ntfys://secret@ntfy.example/topic?user=me",
    "ntfys://me:secret@topic",
    "ntfys://me:secret@one/two?mode=cloud",
    "ntfys://one/two?mode=private",
    "ntfys://ntfy.example?to=topic",
    "ntfys://ntfy.example/?to=one,two&mode=private",
    "ntfys://ntfy.example/topic?port=8443",
    "ntfys://ntfy.example/topic?verify=no",
    "ntfys://ntfy.example/topic?priority=high&tags=a,b;click=https://x.example",
    "ntfys://ntfy.example/bad%21topic/topic",
    "ntfys://ntfy.example/%74opic",
    "ntfys://ntfy.example//topic//",
    "ntfys://topic#fragment",
    "ntfys://ntfy.example/#topic/two",
    "ntfys://999.1.1.1/topic",
    f"ntfys://{LONG}",
]


def as_apprise_reads(url: str) -> tuple[Any, ...]:
    """Return server, topics, login and trust as Apprise makes them of the URL."""
    made = NotifyNtfy(**NotifyNtfy.parse_url(url.replace("/#", "/%23")))
    if made.mode == "cloud":
        return "https://ntfy.sh", set(made.topics), None, made.verify_certificate
    server = f"{'https' if made.secure else 'http'}://{made.host}" + (f":{made.port}" if made.port else "")
    if made.auth == "token":
        return server, set(made.topics), f"Bearer {made.token}", made.verify_certificate
    login = (made.user, made.password or "") if made.user else None
    return server, set(made.topics), login, made.verify_certificate


def login_of(address: NtfyAddress) -> Any:
    import base64  # noqa: PLC0415

    if address.authorization is None or address.authorization.startswith("Bearer "):
        return address.authorization
    user, _, password = base64.b64decode(address.authorization.removeprefix("Basic ")).decode().partition(":")
    return user, password


@pytest.mark.parametrize("url", URLS)
def test_a_url_is_read_as_apprise_reads_it(url: str) -> None:
    address = ntfy_address(url, None)
    ours = (address.base_url, set(address.topics), login_of(address), address.verify)
    assert ours == as_apprise_reads(url)


def test_of_several_topics_the_first_is_the_one_that_answers_go_beside() -> None:
    address = ntfy_address("ntfys://ntfy.example/zebra/ant", None)
    assert (address.topic, address.answer_topic) == ("zebra", "zebra-answers")
    assert address.answers_url == "https://ntfy.example/zebra-answers"


@pytest.mark.parametrize("length", [1, 56, 57, 64])
def test_the_answer_topic_is_a_topic_of_its_own_and_as_hard_to_guess(length: int) -> None:
    made = {answers_beside(letter * length) for letter in "abc"}
    assert len(made) == 3
    for topic in made:
        assert ntfy_address("ntfys://health", topic).answer_topic == topic
    assert answers_beside("a" * 56) == "a" * 56 + "-answers"
    assert answers_beside("a" * 57) != "a" * 57 + "-answers"
    assert len(answers_beside("a" * 64)) == 64


@pytest.mark.parametrize("topic", ["with space", "ümlaut", "x" * 65, "", "a/b"])
def test_an_answer_topic_that_is_none_is_refused_without_naming_it(topic: str) -> None:
    with pytest.raises(ChannelUnbuildable, match="answer_topic is no ntfy topic") as refused:
        ntfy_address("ntfys://health", topic)
    assert topic == "" or topic not in str(refused.value)


def test_the_answer_topic_is_not_the_channels_own() -> None:
    with pytest.raises(ChannelUnbuildable, match="another topic"):
        ntfy_address("ntfys://health", "health")


@pytest.mark.parametrize("url", ["ntfys://", "ntfys://ntfy.example/%21", "ntfy://host:80/?mode=private"])
def test_a_url_without_a_topic_is_refused(url: str) -> None:
    with pytest.raises(ChannelUnbuildable, match="no ntfy topic"):
        ntfy_address(url, None)


def spec(**entry: Any) -> ChannelSpec:
    return ChannelSpec(name="phone", kind=ChannelKind.APPRISE, **entry)


def test_names_are_filled_in_and_files_are_read(tmp_path: Any) -> None:
    environment = {"TOPIC": "health", "ANSWERS": "back"}
    address = heard_address(spec(url="ntfys://${TOPIC}", answer_topic="${ANSWERS}"), environment)
    assert address is not None
    assert (address.topic, address.answer_topic) == ("health", "back")
    (tmp_path / "phone").write_text("ntfys://me:pw@ntfy.example/health\n")
    address = heard_address(spec(url_file=str(tmp_path / "phone")), {})
    assert address is not None
    assert (address.base_url, address.answer_topic) == ("https://ntfy.example", "health-answers")
    with pytest.raises(ChannelUnbuildable, match="ANSWERS is not set"):
        heard_address(spec(url="ntfys://health", answer_topic="${ANSWERS}"), {})


@pytest.mark.parametrize(
    "channel",
    [
        spec(url="mailto://me:pw@mail.example"),
        spec(url="ntfys://health", hears_answers=False),
        ChannelSpec(name="desktop", kind=ChannelKind.DESKTOP),
    ],
)
def test_nobody_listens_for_a_channel_that_hears_no_answers(channel: ChannelSpec) -> None:
    assert heard_address(channel, {}) is None


def test_nothing_of_an_address_is_shown() -> None:
    assert repr(ntfy_address("ntfys://me:pw@ntfy.example/health", None)) == "NtfyAddress(verify=True)"
