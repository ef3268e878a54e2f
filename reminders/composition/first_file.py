"""A first configuration, from what a person answered: commented, private, and never over another file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reminders.catalogue.phrases import say
from reminders.catalogue.system_words import system_words
from reminders.domain.errors import UsageMistake

EXAMPLE_TRAINING = '- {name: Gym, days: [tue, thu], at: "18:30", lasts: 60min}'
_KEY_WIDTH = 16
_NOTE_COLUMN = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstAnswers:
    """What was answered, each as it stands in the file.

    ``language`` None = not written, English. ``timezone`` None = follow the machine. ``conditions`` and
    ``medicines`` None = left unanswered, empty = none of them. ``channels`` holds (name, URL). ``habits`` are names of
    built-in ones. ``training`` holds days and a time; None = there is none.
    """

    language: str | None = None
    timezone: str | None
    awake: str
    work_hours: str
    work_days: str
    habits: tuple[str, ...]
    training: tuple[str, str] | None = None
    diet: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    conditions: tuple[str, ...] | None = None
    medicines: tuple[str, ...] | None = None
    channels: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def write_first_file(path: Path, answers: FirstAnswers, blocks: Mapping[str, Mapping[str, object]]) -> None:
    """Write the file (0600), with the default ``blocks`` of the habits and comments in the language spoken.

    Raises UsageMistake when there is one.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageMistake(say('"{path}" exists already and is left as it is', path=path)) from None
    except OSError as error:
        raise UsageMistake(say('"{path}" cannot be written: {reason}', path=path, reason=system_words(error))) from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(_lines(answers, blocks)) + "\n")


def _lines(answers: FirstAnswers, blocks: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    yield f"# {say('Every key, its default and an example: reminders init --reference')}"
    yield f"# {say('After a change: reminders check')}"
    if answers.language is not None:
        yield f"language: {answers.language}"
    if answers.timezone is None:
        yield _noted("# timezone: Europe/Berlin", say("left out = the machine's zone"))
    else:
        yield f"timezone: {answers.timezone}"
    yield "me:"
    yield _noted(f"  awake: {answers.awake}", say("nothing is sent outside it"))
    yield f"  work: {{hours: {_flow(answers.work_hours)}, days: {_flow(answers.work_days)}}}"
    yield from _profile(answers)
    yield ""
    yield _noted("channels:", say("any Apprise URL; ${NAME} comes from the environment"))
    for name, url in answers.channels:
        yield f"  {name}: {json.dumps(url, ensure_ascii=False)}"
    yield ""
    yield f"send_to: [{', '.join(name for name, _ in answers.channels)}]"
    yield ""
    yield _noted("habits:", say("listed = on"))
    for habit in answers.habits:
        yield f"  {habit + ':':{_KEY_WIDTH}} {_flow(blocks[habit])}"
    yield ""
    yield f"# {say('Your own training: warm_up and cool_down go by it, and nothing else is sent meanwhile.')}"
    if answers.training is None:
        yield "training: []"
        yield f"#  {EXAMPLE_TRAINING}"
    else:
        days, at = answers.training
        yield "training:"
        yield f'  - {{name: {say("Training")}, days: {_flow(days)}, at: "{at}", lasts: 60min}}'
    yield ""
    yield "limits: {per_day: 12, gap: 30min, merge: 30min}"


def _profile(answers: FirstAnswers) -> Iterator[str]:
    yield _noted("  profile:", say("shown to nobody else"))
    yield f"    diet: {_flow(answers.diet)}"
    yield f"    allergies: {_flow(answers.allergies)}"
    for name, codes in (("conditions", answers.conditions), ("medicines", answers.medicines)):
        if codes is None:
            yield _noted(f"    # {name}: none", say("not answered, which keeps ideas for potassium off"))
        else:
            yield f"    {name}: {_flow(codes) if codes else 'none'}"


def _noted(line: str, note: str) -> str:
    """Return a line with a comment behind it, in the column of the others."""
    return f"{line:{_NOTE_COLUMN}} # {note}"


def _flow(value: object) -> str:
    """Write a value in YAML's flow style; words that YAML would read otherwise are quoted."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    text = str(value)
    if text.startswith("["):
        return text  # a list already
    return text if text.replace("_", "").replace("-", "").isalnum() or _is_range(text) else json.dumps(text)


def _is_range(text: str) -> bool:
    return "-" in text and all(letter.isdigit() or letter in ":-" for letter in text)
