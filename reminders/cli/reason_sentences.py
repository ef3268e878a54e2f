"""Each reason in a sentence, with the setting or the command that changes it. Only ``why`` says so much."""

from __future__ import annotations

from dataclasses import dataclass

from reminders.catalogue.phrases import phrase
from reminders.domain.occurrence import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """What a reason means, as a clause after "because", and what changes it; both are phrases yet to be said."""

    because: str
    change: str


SENTENCES = {
    Reason.QUIET: Sentence(
        because=phrase("it fell into a quiet time"), change=phrase('"quiet" in the file sets these times')
    ),
    Reason.OUTSIDE_HOURS: Sentence(
        because=phrase("it fell outside the hours in which it may be asked"),
        change=phrase('"awake" sets the waking hours, "within" and "days" those of a habit'),
    ),
    Reason.HOLIDAY: Sentence(
        because=phrase("that day was a holiday"), change=phrase('"holidays" under "work" names the days that are free')
    ),
    Reason.PAUSED: Sentence(because=phrase("it was paused"), change=phrase("end a pause with: reminders resume")),
    Reason.AWAY: Sentence(
        because=phrase("nobody was at the desk until its time was over, or a real break did what it asks for"),
        change=phrase('"presence" set to off in the file ends looking whether somebody is there'),
    ),
    Reason.BUSY: Sentence(
        because=phrase(
            "you were busy with your own training or an event of a calendar, or did not want to be disturbed"
        ),
        change=phrase('"training" and "calendars" tell of these times, "presence" whether do-not-disturb is looked at'),
    ),
    Reason.ALREADY_DONE: Sentence(
        because=phrase("it was done already, shortly before"),
        change=phrase("taken back within ten minutes with: reminders undo"),
    ),
    Reason.ON_PACE: Sentence(
        because=phrase("so far the day's drinks are where they should be"),
        change=phrase('"goal" of the habit sets the amount'),
    ),
    Reason.GAP: Sentence(
        because=phrase("another nudge was too close to it"),
        change=phrase('"limits" sets the least time between nudges with "gap", and which travel together with "merge"'),
    ),
    Reason.DAILY_LIMIT: Sentence(
        because=phrase("the day has as many nudges as it may; those at intervals give way first, the latest first"),
        change=phrase('"limits" sets how many with "per_day"'),
    ),
    Reason.SUPERSEDED: Sentence(
        because=phrase(
            "a newer one of the same habit took its place, an answer moved it, or its training was called off"
        ),
        change=phrase('"anchor" of the habit tells what its next one is counted from'),
    ),
    Reason.UNSAFE: Sentence(
        because=phrase("it is not known to be safe for you"), change=phrase('"profile" holds the answers it depends on')
    ),
    Reason.OFF: Sentence(
        because=phrase("the habit was switched off, or taken out of the file"), change=phrase('"habits" lists them')
    ),
    Reason.EXPIRED_DOWN: Sentence(
        because=phrase("this service, or the machine, was not awake at that moment, or the clock was set over it"),
        change=phrase('"catch_up" of the habit tells what is made up; keep it running with: reminders run'),
    ),
    Reason.EXPIRED_OFFLINE: Sentence(
        because=phrase("every attempt to send it failed until its time was over"),
        change=phrase('"fallback" names channels to try then; test them with: reminders send-test'),
    ),
    Reason.NO_CHANNEL: Sentence(
        because=phrase("no channel took it"),
        change=phrase('"channels" names them; look at them with: reminders doctor'),
    ),
    Reason.DISK_FULL: Sentence(
        because=phrase("nothing could be put on record, and nothing is sent unrecorded"),
        change=phrase("free some space on the disk"),
    ),
}
