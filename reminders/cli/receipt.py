"""What an answer counted for: its words, and the exit code it leads to."""

from __future__ import annotations

from reminders.cli.refusal import ExitCode
from reminders.domain.answer import AnswerOutcome, AnswerReceipt, Verb
from reminders.planning.receipt_words import outcome_words

__all__ = ["exit_code_of", "outcome_words"]

_CHANGED = frozenset({AnswerOutcome.COUNTED, AnswerOutcome.CREDITED, AnswerOutcome.LATE})


def exit_code_of(receipt: AnswerReceipt, verb: Verb) -> ExitCode:
    """Return DONE when what the person wanted holds now, else FAILED."""
    stands = receipt.outcome is AnswerOutcome.ALREADY and receipt.standing is verb
    return ExitCode.DONE if receipt.outcome in _CHANGED or stands else ExitCode.FAILED
