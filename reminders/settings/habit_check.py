"""What can be wrong with a habit as a whole, once its layers are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from reminders.catalogue.content import load_content
from reminders.catalogue.phrases import say
from reminders.settings.amounts import bounds_text
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
            message = say('"{second}" and "{first}" both say when it is due', second=extra, first=kinds[0])
            yield Finding(path=(*path, name, extra), message=message, hint=say("keep one of them"), at_key=True)


def check_habit(habit: LayeredHabit) -> Iterator[Finding]:
    """Find what is wrong with one habit that is on."""
    if habit.built_in is None:
        yield from _check_own(habit)
    for key, needed in _NEEDS.items():
        if key in habit.values and key in habit.paths and needed not in habit.values:
            message = say('"{key}" goes with "{needed}", and this habit has none', key=key, needed=needed)
            yield Finding(path=habit.paths[key], message=message, at_key=True, is_lack=True)
    yield from _check_window(habit)
    yield from _check_interval(habit)
    first, last = habit.values.get("from"), habit.values.get("until")
    if first is not None and last is not None and last < first:
        path = habit.paths.get("until", habit.path)
        yield Finding(path=path, message=say('{found} comes before "from"', found=FOUND), found=last.isoformat())


def _check_window(habit: LayeredHabit) -> Iterator[Finding]:
    """Find a window given to times that stand for themselves."""
    named = next((key for key in ("at", "cron") if habit.values.get(key) is not None), None)
    if named is not None and "within" in habit.paths:
        message = say('"within" goes with "every" or "times"; "{key}" names the times itself', key=named)
        hint = say("leave {what} out", what='"within"')
        yield Finding(path=habit.paths["within"], message=message, hint=hint, at_key=True)


def _check_own(habit: LayeredHabit) -> Iterator[Finding]:
    built_ins = tuple(load_content().habits)
    near = did_you_mean(habit.id, built_ins)
    if not _NAME.fullmatch(habit.id):
        hint = say("begin with a small letter; small letters, digits and _ may follow")
        message = say("{found} cannot name a habit", found=FOUND)
        yield Finding(path=habit.path, message=message, found=habit.id, hint=hint, at_key=True)
    elif "say" not in habit.values:
        yield Finding(
            path=habit.path,
            message=say("unknown habit {found}", found=FOUND),
            found=habit.id,
            allowed=say("{habits}, or a name of your own with say", habits=", ".join(built_ins)),
            hint=near or say("a habit of your own needs its words: say: Look out of the window"),
            at_key=True,
            is_lack=near is None,
        )
    elif habit.kind is None:
        allowed = ", ".join(SCHEDULE_KEYS)
        message = say("nothing says when it is due")
        yield Finding(path=habit.path, message=message, allowed=allowed, at_key=True, is_lack=True)


def _check_interval(habit: LayeredHabit) -> Iterator[Finding]:
    interval, life = habit.values.get("every"), habit.values.get("expire_after")
    if not isinstance(interval, timedelta):
        return
    smallest = habit.built_in.smallest_interval if habit.built_in is not None else None
    if smallest is not None and interval < smallest and "every" in habit.paths:
        yield Finding(
            path=habit.paths["every"],
            message=say("{found} is too short for {habit}", found=FOUND, habit=habit.id),
            found=duration_text(interval),
            allowed=bounds_text(duration_text(smallest), "24h"),
        )
    if isinstance(life, timedelta) and life > interval:
        most = duration_text(interval)
        yield Finding(
            path=habit.paths.get("expire_after", habit.path),
            message=say("{found} is longer than the interval of {interval}", found=FOUND, interval=most),
            found=duration_text(life),
            hint=say("write at most {most}, or leave it out: it then ends with the next one", most=most),
        )


def check_references(
    paths_and_names: Iterable[tuple[Path, tuple[str, ...]]], channels: Iterable[str], channels_line: int | None
) -> Iterator[Finding]:
    """Find names of channels that are not defined; ``channels_line`` is where they are, None = not in a file."""
    known = tuple(channels)
    shown = tuple(key_name(("channels",), name) for name in known)  # a URL that stands in a name's place stays secret
    for path, names in paths_and_names:
        for index, name in enumerate(names):
            if name in known:
                continue
            found = "***" if "://" in name else name
            hint = did_you_mean(name, shown)
            if "://" in name:
                hint = say("give the URL a name under channels, and write the name here")
            message = _unknown_channel(", ".join(shown), channels_line)
            yield Finding(path=path, message=message, found=found, hint=hint, index=index)
        if not names and path[-1] == "send_to":
            hint = say("leave send_to out for every channel")
            yield Finding(path=path, message=say("no channel is listed"), hint=hint)


def _unknown_channel(names: str, line: int | None) -> str:
    if line is None:
        return say("unknown channel {found}; defined: {names}", found=FOUND, names=names)
    return say("unknown channel {found}; defined: {names} (line {line})", found=FOUND, names=names, line=line)
