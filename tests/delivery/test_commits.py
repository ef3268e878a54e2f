"""Rules of results that wait for the journal: in order, once each, none lost."""

from __future__ import annotations

from reminders.delivery.commits import PendingCommits
from reminders.domain.errors import JournalUnavailable


class Journal:
    def __init__(self) -> None:
        self.taken: list[str] = []
        self.is_full = False

    def take(self, name: str) -> None:
        if self.is_full:
            raise JournalUnavailable("the disk is full")
        self.taken.append(name)


def test_what_the_journal_refuses_waits_and_is_made_in_order_once() -> None:
    journal, commits = Journal(), PendingCommits()
    journal.is_full = True
    commits.add(1, lambda: journal.take("a"))
    commits.add(2, lambda: journal.take("b"))
    assert not commits.flush()
    assert (len(commits), 1 in commits, 2 in commits, 3 in commits) == (2, True, True, False)
    journal.is_full = False
    assert commits.flush()
    assert commits.flush()
    assert (journal.taken, len(commits), 1 in commits) == (["a", "b"], 0, False)


def test_commit_that_brings_further_ones_is_made_once() -> None:
    journal, commits = Journal(), PendingCommits()

    def bring_more() -> None:
        journal.take("first")
        commits.add(1, lambda: journal.take("second"))
        assert commits.flush()

    commits.add(1, bring_more)
    assert commits.flush()
    assert journal.taken == ["first", "second"]
