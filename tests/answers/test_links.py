"""Holds: a token stands for one nudge while that is open, is written as a hash only, and leads to where the page is."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reminders.answers.links import LinkMint, hash_of, new_token
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.web import WebSpec

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def nudge(name: str = "n1", **changes: object) -> Nudge:
    made = Nudge(
        id=name,
        person="me",
        kind=NudgeKind.ASK,
        asks=(Ask(occurrence_id="o1", habit="hydration", text="Drink"),),
        title="Drink",
        text="Drink a glass of water",
        discreet_text="A short break",
        created_at=NOON,
        expires_at=NOON + HOUR,
        send_to=("phone",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


class Record:
    """What the mint has put on record, in its order, and the page it is told of."""

    def __init__(self, web: WebSpec | None = None) -> None:
        self.web = web
        self.links: list[tuple[str, str, datetime]] = []
        self.mint = LinkMint(lambda *link: self.links.append(link), lambda: self.web)

    def token(self, one: Nudge, now: datetime = NOON) -> str:
        link = self.mint.link_for(one, now)
        assert link is not None
        return link.token


def test_a_token_has_128_random_bits_and_letters_that_fit_in_an_address() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {22}
    assert set("".join(tokens)) <= set(string.ascii_letters + string.digits + "-_")


def test_a_nudge_keeps_its_token_and_another_has_its_own() -> None:
    record = Record()
    first = record.token(nudge("n1"))
    assert record.token(nudge("n1")) == first
    assert record.token(nudge("n2")) != first


def test_each_request_puts_the_hash_on_record_until_twelve_hours_after_the_end() -> None:
    record = Record()
    token = record.token(nudge())
    record.token(nudge())
    assert record.links == [(hash_of(token), "n1", NOON + 13 * HOUR)] * 2
    assert token not in str(record.links)


def test_what_asks_for_nothing_has_no_link() -> None:
    record = Record()
    assert record.mint.link_for(nudge(asks=()), NOON) is None
    assert record.links == []


@pytest.mark.parametrize(
    ("web", "url", "local_url"),
    [
        (None, None, None),
        (WebSpec(port=8377), None, "http://127.0.0.1:8377/a/"),
        (WebSpec(port=8377, host="::1"), None, "http://[::1]:8377/a/"),
        (WebSpec(port=80, host="localhost"), None, "http://localhost:80/a/"),
        (
            WebSpec(port=8377, host="0.0.0.0", public_url="https://home.example/reminders"),
            "https://home.example/reminders/a/",
            "http://127.0.0.1:8377/a/",
        ),
    ],
)
def test_the_link_leads_to_where_the_page_is(web: WebSpec | None, url: str | None, local_url: str | None) -> None:
    link = Record(web).mint.link_for(nudge(), NOON)
    assert link is not None
    assert link.url == (None if url is None else url + link.token)
    assert link.local_url == (None if local_url is None else local_url + link.token)


def test_a_page_that_moves_is_followed_and_the_token_stays() -> None:
    record = Record(WebSpec(port=8377))
    token = record.token(nudge())
    record.web = WebSpec(port=8377, public_url="https://new.example")
    link = record.mint.link_for(nudge(), NOON)
    assert link is not None
    assert link.url == f"https://new.example/a/{token}"


def test_tokens_of_nudges_that_are_over_are_forgotten() -> None:
    record = Record()
    for number in range(1000):
        moment = NOON + number * HOUR
        record.token(nudge(f"n{number}", expires_at=moment + HOUR), moment)
    assert len(record.mint._tokens) <= 64


def test_a_link_shows_none_of_itself_in_a_log() -> None:
    link = Record(WebSpec(port=1, public_url="https://home.example")).mint.link_for(nudge(), NOON)
    assert link is not None
    assert repr(link) == "AnswerLink()"


@pytest.mark.parametrize(
    "own", ["http://127.0.0.1:8377", "http://localhost:8377", "http://[::1]:8377", "http://127.0.0.5/reminders"]
)
def test_an_address_of_this_machine_alone_leads_no_phone_to_the_page(own: str) -> None:
    assert WebSpec(port=8377, public_url=own).elsewhere is None


@pytest.mark.parametrize(
    "elsewhere", ["https://nudges.example.org", "http://192.168.1.5:8377", "http://[fd00::1]:8377"]
)
def test_any_other_address_does(elsewhere: str) -> None:
    assert WebSpec(port=8377, public_url=elsewhere).elsewhere == elsewhere
