"""Links on record: which nudge a token stands for, and how long."""

from __future__ import annotations

from reminders.answers.links import hash_of, new_token
from reminders.domain.answer_link import LinkTarget
from tests.journal.day import Day


def test_a_token_leads_to_its_nudge_and_is_not_on_record_itself(day: Day) -> None:
    nudge = day.send()
    token = new_token()
    day.journal.add_link(hash_of(token) or "", nudge, day.at(780))
    assert day.journal.link_target(hash_of(token) or "") == LinkTarget(nudge_id=nudge, expires_at=day.at(780))
    dump = "\n".join(day.journal._connection.iterdump())
    assert token not in dump


def test_a_dead_link_is_told_from_an_unknown_one_until_it_is_forgotten(day: Day) -> None:
    nudge = day.send()
    day.journal.add_link("a" * 64, nudge, day.at(60))
    day.journal.forget_dead_links(day.at(60))
    assert day.journal.link_target("a" * 64) is not None
    day.journal.forget_dead_links(day.at(61))
    assert day.journal.link_target("a" * 64) is None


def test_what_cannot_be_a_token_has_no_hash() -> None:
    assert hash_of("") is None
    assert hash_of("x" * 10_000) is None
    assert hash_of("tök") is None
    assert len({new_token() for _ in range(100)}) == 100
