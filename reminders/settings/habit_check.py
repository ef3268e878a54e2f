"""What can be wrong with a habit as a whole, once its layers are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from reminders.catalogue.content import load_content
from reminders.settings.document import key_name
from reminders.settings.durations import duration_text
from reminders.settings.habit_block import HabitBlock, HabitsBlock
from reminders.settings.habit_layers import SCHEDULE_KEYS, LayeredHabit, given_values
from reminders.settings.mistakes import FOUND, Finding, Path, did_you_mean

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_NEEDS = {"lead": "before", "lag": "after", "anchor": "every"}


def check_blocks(path: Path, habits: HabitsBlock | None) -> Iterator[Finding]:
    """Find blocks that name more than one schedule."""
    for name, entry in habits.entries().items() if habits is not None else ():
        kinds = [key for key in SCHEDULE_KEYS if isinstance(entry, HabitBlock) and key in given_values(entry)]
        for extra in kinds[1:]:
            message = f'"{extra}" and "{kinds[0]}" both say when it is due'
            yield Finding(path=(*path, name, extra), message=message, hint="keep one of them", at_key=True)


def check_habit(habit: LayeredHabit) -> Iterator[Finding]:
    """Find what is wrong with one habit that is on."""
    if habit.built_in is None:
        yield from _check_own(habit)
    for key, needed in _NEEDS.items():
        if key in habit.values and key in habit.paths and needed not in habit.values:
            message = f'"{key}" goes with "{needed}", and this habit has none'
            yield Finding(path=habit.paths[key], message=message, at_key=True, is_lack=True)
    yield from _check_window(habit)
    yield from _check_interval(habit)
    first, last = habit.values.get("from"), habit.values.get("until")
    if first is not None and last is not None and last < first:
        path = habit.paths.get("until", habit.path)
        yield Finding(path=path, message=f'{FOUND} comes before "from"', found=last.isoformat())


def _check_window(habit: LayeredHabit) -> Iterator[Finding]:
    """Find a window given to times that stand for themselves."""
    named = next((key for key in ("at", "cron") if habit.values.get(key) is not None), None)
    if named is not None and "within" in habit.paths:
        message = f'"within" goes with "every" or "times"; "{named}" names the times itself'
        yield Finding(path=habit.paths["within"], message=message, hint='leave "within" out', at_key=True)


def _check_own(habit: LayeredHabit) -> Iterator[Finding]:
    built_ins = tuple(load_content().habits)
    near = did_you_mean(habit.id, built_ins)
    if not _NAME.fullmatch(habit.id):
        hint = "begin with a small letter; small letters, digits and _ may follow"
        yield Finding(path=habit.path, message=f"{FOUND} cannot name a habit", found=habit.id, hint=hint, at_key=True)
    elif "say" not in habit.values:
        hint = near or "a habit of your own needs its words: say: Look out of the window"
        message = f"unknown habit {FOUND}"
        allowed = ", ".join((*built_ins, "or a name of your own with say"))
        yield Finding(
            path=habit.path,
            message=message,
            found=habit.id,
            allowed=allowed,
            hint=hint,
            at_key=True,
            is_lack=near is None,
        )
    elif habit.kind is None:
        allowed = ", ".join(SCHEDULE_KEYS)
        message = "nothing says when it is due"
        yield Finding(path=habit.path, message=message, allowed=allowed, at_key=True, is_lack=True)


def _check_interval(habit: LayeredHabit) -> Iterator[Finding]:
    interval, life = habit.values.get("every"), habit.values.get("expire_after")
    if not isinstance(interval, timedelta):
        return
    smallest = habit.built_in.smallest_interval if habit.built_in is not None else None
    if smallest is not None and interval < smallest and "every" in habit.paths:
        yield Finding(
            path=habit.paths["every"],
            message=f"{FOUND} is too short for {habit.id}",
            found=duration_text(interval),
            allowed=f"{duration_text(smallest)} to 24h",
        )
    if isinstance(life, timedelta) and life > interval:
        yield Finding(
            path=habit.paths.get("expire_after", habit.path),
            message=f"{FOUND} is longer than the interval of {duration_text(interval)}",
            found=duration_text(life),
            hint=f"write at most {duration_text(interval)}, or leave it out: it then ends with the next one",
        )


def check_references(
    paths_and_names: Iterable[tuple[Path, tuple[str, ...]]], channels: Iterable[str], defined_in: str
) -> Iterator[Finding]:
    """Find names of channels that are not defined; ``defined_in`` names the line of the channels."""
    known = tuple(channels)
    shown = tuple(key_name(("channels",), name) for name in known)  # a URL that stands in a name's place stays secret
    for path, names in paths_and_names:
        for index, name in enumerate(names):
            if name in known:
                continue
            found = "***" if "://" in name else name
            hint = did_you_mean(name, shown)
            if "://" in name:
                hint = "give the URL a name under channels, and write the name here"
            defined = f"defined: {', '.join(shown)}{defined_in}"
            message = f"unknown channel {FOUND}; {defined}"
            yield Finding(path=path, message=message, found=found, hint=hint, index=index)
        if not names and path[-1] == "send_to":
            yield Finding(path=path, message="no channel is listed", hint="leave send_to out for every channel")
