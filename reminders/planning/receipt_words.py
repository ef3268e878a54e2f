"""What an answer counted for, in one line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from reminders.catalogue.phrases import phrase, say
from reminders.domain.answer import AnswerOutcome, AnswerReceipt, Verb
from reminders.planning.wording_of_time import when

PAST = {Verb.DONE: phrase("done"), Verb.SKIP: phrase("skipped"), Verb.SNOOZE: phrase("snoozed")}
_NOT = {Verb.DONE: phrase("not done"), Verb.SKIP: phrase("not skipped"), Verb.SNOOZE: phrase("not snoozed")}
_STANDING = {
    Verb.DONE: phrase("already done, which stands"),
    Verb.SKIP: phrase("already skipped, which stands"),
    Verb.SNOOZE: phrase("already snoozed, which stands"),
    None: phrase("already answered, which stands"),
}
# The beginning of the sentence, and its end where the receipt does not bring one.
_WORDS = {
    AnswerOutcome.COUNTED: (PAST, ""),
    AnswerOutcome.CREDITED: (PAST, phrase("nothing was due, so it counts for the next one")),
    AnswerOutcome.LATE: (PAST, phrase("recorded as late")),
    AnswerOutcome.NOT_SENT: (_NOT, phrase("it has not been sent yet")),
    AnswerOutcome.REFUSED: (_NOT, phrase("it is too late for that")),
    AnswerOutcome.UNKNOWN: (_NOT, phrase("there is no such ask")),
}


def outcome_words(receipt: AnswerReceipt, verb: Verb, zone: ZoneInfo, now: datetime) -> str:
    """Return what became of an answer, without the habit's name."""
    if receipt.outcome is AnswerOutcome.COUNTED and receipt.until is not None:
        return say("snoozed until {time}", time=when(receipt.until, zone, now))
    if receipt.outcome is AnswerOutcome.ALREADY:
        return say(_STANDING[receipt.standing])
    beginning, detail = _WORDS[receipt.outcome]
    return ", ".join(part for part in (say(beginning[verb]), receipt.detail or say(detail)) if part)
