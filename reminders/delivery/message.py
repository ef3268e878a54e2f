"""What a channel is asked to show for a nudge."""

from __future__ import annotations

from reminders.domain.answer import Verb
from reminders.domain.answer_link import AnswerLink
from reminders.domain.delivery import Message
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.service_words import ENGLISH, ServiceWords

BUTTONS = (Verb.DONE, Verb.SNOOZE, Verb.SKIP)
ALONE = "me"  # the id of a household's one person who has no name; commands need not name that one


def compose(
    nudge: Nudge,
    *,
    discreet: bool,
    again: bool,
    replaces: str | None,
    link: AnswerLink | None = None,
    words: ServiceWords = ENGLISH,
) -> Message:
    """Write the message; a channel without buttons says in words how to answer, or nothing.

    ``discreet`` takes the neutral text and title and names no habit; the title marks a follow-up, and with ``again``
    a repeat. ``link`` is the way back to the answer, None = there is none. ``words`` are in the person's language.
    """
    title = words.name if discreet else nudge.title
    is_repeat = nudge.kind is NudgeKind.FOLLOW_UP
    marks = ", ".join(word for word, is_so in ((words.still_open, is_repeat), (words.again, again)) if is_so)
    return Message(
        nudge_id=nudge.id,
        title=f"{title} ({marks})" if marks else title,
        text=nudge.discreet_text if discreet else nudge.text,
        buttons=() if nudge.kind is NudgeKind.SERVICE else BUTTONS,
        expires_at=nudge.expires_at,
        replaces=replaces,
        again=again,
        habits=() if discreet else tuple(ask.habit for ask in nudge.asks),
        person=None if nudge.person == ALONE else nudge.person,
        asks=len(nudge.asks),
        link=link,
        words=words,
    )
