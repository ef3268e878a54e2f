"""Print nudges where the daemon runs: for trying things out, and as a stand-in when nothing else can be built."""

from __future__ import annotations

from collections import deque
from typing import TextIO

from reminders.catalogue.phrases import phrase
from reminders.channels.message_text import clean_text, clean_title
from reminders.domain.delivery import Message, SendOutcome, SendResult
from reminders.ports import Clock

REMEMBERED_NUDGES = 16


class ConsoleChannel:
    """A channel that prints to a text stream and is answered by command.

    ``clock`` None = the block carries no time. ``printed`` is shared by consoles that stand in for several channels,
    so that one nudge appears once.
    """

    has_buttons = False
    hears_presses = False

    def __init__(self, name: str, out: TextIO, clock: Clock | None = None, printed: deque[str] | None = None) -> None:
        """Write to ``out``, which stays open and is not owned."""
        self._name = name
        self._out = out
        self._clock = clock
        self._printed = deque(maxlen=REMEMBERED_NUDGES) if printed is None else printed

    @property
    def name(self) -> str:
        """The channel's name in the file."""
        return self._name

    async def send(self, message: Message, deadline_seconds: float) -> SendResult:  # noqa: ARG002 - the port's
        """Print the message; failed when the stream cannot be written."""
        if message.nudge_id in self._printed and not message.again:
            return SendResult(outcome=SendOutcome.ACCEPTED, detail=phrase("printed already"))
        try:
            print(self._block(message), file=self._out, flush=True)
        except (OSError, ValueError):
            return SendResult(outcome=SendOutcome.FAILED, detail=phrase("the console cannot be written"))
        self._printed.append(message.nudge_id)
        return SendResult(outcome=SendOutcome.ACCEPTED)

    async def withdraw(self, external_id: str) -> None:
        """Do nothing: what is printed stays."""

    async def close(self) -> None:
        """Do nothing: the stream belongs to the caller."""

    def _block(self, message: Message) -> str:
        time = f"{self._clock.now().astimezone():%H:%M}  " if self._clock is not None else ""
        indent = " " * len(time)
        lines = [f"{time}{clean_title(message.title)}"]
        lines += [f"{indent}{line}" if line else "" for line in clean_text(message.text).split("\n")]
        if message.buttons:
            lines.append(f"{indent}{_how_to_answer(message)}")
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        return "\n".join(("", *lines)).encode(encoding, "replace").decode(encoding)


def _how_to_answer(message: Message) -> str:
    first, *others = (verb.value for verb in message.buttons)
    whose = f" --person {message.person}" if message.person is not None else ""
    commands = ", ".join(f"reminders {first} {habit}{whose}" for habit in message.habits or ("HABIT",))
    words = message.words
    alternatives = words.answer_with_others.format_map({"verbs": ", ".join(others)}) if others else ""
    return words.answer_with.format_map({"commands": commands}) + alternatives
