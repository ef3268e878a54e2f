"""What an answer counted for, in one line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from reminders.domain.answer import AnswerOutcome, AnswerReceipt, Verb
from reminders.planning.wording_of_time import when

PAST = {Verb.DONE: "done", Verb.SKIP: "skipped", Verb.SNOOZE: "snoozed"}
# The beginning of the sentence, and its end where the receipt does not bring one.
_WORDS = {
    AnswerOutcome.COUNTED: ("{past}", ""),
    AnswerOutcome.CREDITED: ("{past}", "nothing was due, so it counts for the next one"),
    AnswerOutcome.LATE: ("{past}", "recorded as late"),
    AnswerOutcome.NOT_SENT: ("not {past}", "it has not been sent yet"),
    AnswerOutcome.REFUSED: ("not {past}", "it is too late for that"),
    AnswerOutcome.UNKNOWN: ("not {past}", "there is no such ask"),
}


def outcome_words(receipt: AnswerReceipt, verb: Verb, zone: ZoneInfo, now: datetime) -> str:
    """Return what became of an answer, without the habit's name."""
    if receipt.outcome is AnswerOutcome.COUNTED and receipt.until is not None:
        return f"snoozed until {when(receipt.until, zone, now)}"
    if receipt.outcome is AnswerOutcome.ALREADY:
        standing = "answered" if receipt.standing is None else PAST[receipt.standing]
        return f"already {standing}, which stands"
    beginning, detail = _WORDS[receipt.outcome]
    return ", ".join(part for part in (beginning.format(past=PAST[verb]), receipt.detail or detail) if part)
