"""What the service itself says in and around a message, in one language."""

from __future__ import annotations

from dataclasses import dataclass

from reminders.domain.answer import Verb


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceWords:
    """The words of buttons, marks and notices; the defaults are English, for when no texts can be read.

    ``name`` is the title where none may tell more, ``due`` the text where none can be found. The ``_all`` labels
    stand on a message with several asks.
    Placeholders: {url}; {commands} {verbs}; {count}; {begun}, which is ``loss_restored`` or ``loss_anew``.
    """

    name: str = "Reminders"
    done: str = "Done"
    snooze: str = "Snooze"
    skip: str = "Skip"
    done_all: str = "Done all"
    snooze_all: str = "Snooze all"
    skip_all: str = "Skip all"
    one_by_one: str = "One by one"
    one_by_one_at: str = "One by one: {url}"
    answer_at: str = "Answer: {url}"
    answer_with: str = "answer with: {commands}"
    answer_with_others: str = " (or {verbs})"
    still_open: str = "still open"
    again: str = "again"
    due: str = "It is time."
    over: str = "Answered, or over."
    missed_one: str = "(1 earlier nudge was missed while this service was not awake.)"
    missed_more: str = "({count} earlier nudges were missed while this service was not awake.)"
    loss_title: str = "Reminders: the record was damaged"
    loss: str = "The journal was damaged and put aside. {begun} What was due until now is not sent again."
    loss_restored: str = "The newest backup took its place."
    loss_anew: str = "A new one was begun."

    def button(self, verb: Verb, asks: int) -> str:
        """Return what the button ``verb`` says on a message that asks for so many things."""
        one = {Verb.DONE: self.done, Verb.SNOOZE: self.snooze, Verb.SKIP: self.skip}
        all_of_it = {Verb.DONE: self.done_all, Verb.SNOOZE: self.snooze_all, Verb.SKIP: self.skip_all}
        return all_of_it[verb] if asks > 1 else one[verb]

    def missed(self, count: int) -> str:
        """Return the line about so many earlier nudges that were missed."""
        return self.missed_one if count == 1 else self.missed_more.format_map({"count": str(count)})


ENGLISH = ServiceWords()
