"""A first configuration, from what a person answered: commented, private, and never over another file."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import say
from reminders.catalogue.system_words import system_words
from reminders.domain.errors import UsageMistake

if TYPE_CHECKING:
    from reminders.composition.configuration import Checked

EXAMPLE_TRAINING = '- {name: Gym, days: [tue, thu], at: "18:30", lasts: 60min}'
_LIMITS = "limits: {per_day: 12, gap: 30min, merge: 30min}"
_DENSE_LIMITS = "limits: {per_day: 16, gap: 20min, merge: 20min}"
_KEY_WIDTH = 16
_NOTE_COLUMN = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstAnswers:
    """What was answered, each as it stands in the file.

    ``language`` None = not written, English. ``timezone`` None = follow the machine. ``conditions`` and
    ``medicines`` None = left unanswered, empty = none of them. ``channels`` holds (name, URL). ``habits`` are names of
    built-in ones. ``training`` holds days and times. ``work_hours`` None = there is no desk to be at.
    """

    language: str | None = None
    timezone: str | None
    awake: str
    work_hours: str | None
    work_days: str | None
    habits: tuple[str, ...]
    training: tuple[tuple[str, str], ...] = ()
    diet: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    conditions: tuple[str, ...] | None = None
    medicines: tuple[str, ...] | None = None
    channels: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def why_not_writable(path: Path) -> str | None:
    """Return why no file can be made there; None = nothing is known against it."""
    try:
        path.lstat()
    except FileNotFoundError:
        place = next(parent for parent in path.parents if parent.exists())
        code = errno.ENOTDIR if not place.is_dir() else 0 if os.access(place, os.W_OK | os.X_OK) else errno.EACCES
        return system_words(OSError(code, os.strerror(code))) if code else None
    except OSError as error:
        return system_words(error)
    return None


def write_first_file(
    path: Path, answers: FirstAnswers, blocks: Mapping[str, Mapping[str, object]], check: Callable[[], Checked]
) -> Checked:
    """Write the file (0600), with the default ``blocks`` of the habits and comments in the language spoken.

    What ``check`` refuses is removed again, with the folders made for it; so it is when anything is raised. Raises
    UsageMistake when there is such a file, or none can be written.
    """
    made = [parent for parent in path.parents if not parent.exists()]
    _write(path, "\n".join(_lines(answers, blocks)) + "\n")
    is_kept = False
    try:
        checked = check()
        is_kept = checked.household is not None
    finally:
        if not is_kept:
            _remove(path, made)
    return checked


def keep_variable(name: str, value: str) -> None:
    """Add a variable to the user's file of them. Raises UsageMistake when it cannot be written, and StartRefused."""
    from reminders.background.environment import environment_path, keep_variables

    try:
        keep_variables(environment_path(), {name: value})
    except OSError as error:
        raise UsageMistake(_unwritable(environment_path(), error)) from None


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        there = say('"{path}" exists already and is left as it is', path=path)
        raise UsageMistake(there if os.path.lexists(path) else _unwritable(path, error)) from None
    except OSError as error:
        raise UsageMistake(_unwritable(path, error)) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise UsageMistake(_unwritable(path, error)) from None


def _unwritable(path: Path, error: OSError) -> str:
    return say('"{path}" cannot be written: {reason}', path=path, reason=system_words(error))


def _remove(path: Path, made: Sequence[Path]) -> None:
    """Remove what was written, and the folders made for it as far as nothing else has come into them."""
    path.unlink(missing_ok=True)
    for folder in made:
        with suppress(OSError):
            folder.rmdir()


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
    if answers.work_hours is not None:
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
        yield f"  {habit + ':':{_KEY_WIDTH}} {_flow(_block(habit, blocks[habit], answers))}"
    yield ""
    yield f"# {say('Your own training: warm_up and cool_down go by it, and nothing else is sent meanwhile.')}"
    if not answers.training:
        yield "training: []"
        yield f"#  {EXAMPLE_TRAINING}"
    else:
        yield "training:"
    for days, at in answers.training:
        yield f'  - {{name: {say("Training")}, days: {_flow(days)}, at: "{at}", lasts: 60min}}'
    yield ""
    yield _DENSE_LIMITS if _is_dense(answers) else _LIMITS


def _block(habit: str, block: Mapping[str, object], answers: FirstAnswers) -> Mapping[str, object]:
    """Return a habit's block as it fits the answers: without hours at a desk, what belongs to them takes the day."""
    own = dict(block)
    if answers.work_hours is None and own.get("within") == "work":
        own["within"] = "awake"
    if habit == "eyes" and _is_dense(answers):
        own["every"] = "90min"  # every hour it would mostly fall on the break, and the drink be there already
    return own


def _is_dense(answers: FirstAnswers) -> bool:
    """Tell whether two habits of short intervals are chosen, which the usual limits would thin out."""
    return {"movement", "eyes"} <= set(answers.habits)


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
