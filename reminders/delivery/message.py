"""What a channel is asked to show for a nudge."""

from __future__ import annotations

from reminders.domain.answer import Verb
from reminders.domain.delivery import Message
from reminders.domain.nudge import Nudge, NudgeKind

DISCREET_TITLE = "Reminders"
BUTTONS = (Verb.DONE, Verb.SNOOZE, Verb.SKIP)


def compose(nudge: Nudge, *, discreet: bool, again: bool, replaces: str | None) -> Message:
    """Write the message; a channel without buttons says in words how to answer, or nothing.

    ``discreet`` takes the neutral text and title and names no habit; ``again`` marks a repeat in the title.
    """
    title = DISCREET_TITLE if discreet else nudge.title
    return Message(
        nudge_id=nudge.id,
        title=f"{title} (again)" if again else title,
        text=nudge.discreet_text if discreet else nudge.text,
        buttons=() if nudge.kind is NudgeKind.SERVICE else BUTTONS,
        expires_at=nudge.expires_at,
        replaces=replaces,
        again=again,
        habits=() if discreet else tuple(ask.habit for ask in nudge.asks),
    )
