"""The built-in habits, as the catalogue describes them: the block a person would write, and what it cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from reminders.catalogue.record import Record

CatchUpName = Literal["skip", "latest", "none_after_event"]


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitDefault:
    """One built-in habit.

    ``block`` holds the keys a person writes in the file, with their default values as YAML gives them.
    ``catch_up`` is a value of the domain's ``CatchUp``. ``life_limit`` None = no bound of its own.
    ``smallest_interval`` None = no interval of its own. ``break_length`` is how long a real break must last to do what
    this one asks for, None = it asks for none. ``pauses_in_flare`` marks what is left out on a bad day.
    """

    id: str
    title: str
    summary: str
    block: Mapping[str, object]
    catch_up: CatchUpName
    life_limit: timedelta | None
    resend_unknown: bool
    quiet_before_sleep: timedelta
    smallest_interval: timedelta | None
    break_length: timedelta | None
    pauses_in_flare: bool


def read_habit_defaults(habits: Record) -> dict[str, HabitDefault]:
    """Read the built-in habits in the file's order; raise ValueError for a field amiss."""
    return {name: _habit_default(name, record) for name, record in habits.named_records("habits")}


def _habit_default(name: str, record: Record) -> HabitDefault:
    return HabitDefault(
        id=name,
        title=record.text("title"),
        summary=record.text("summary"),
        block=record.mapping("block"),
        catch_up=_catch_up(record),
        life_limit=record.minutes("life_limit_minutes"),
        resend_unknown=record.flag("resend_unknown"),
        quiet_before_sleep=record.minutes("quiet_before_sleep_minutes") or timedelta(0),
        smallest_interval=record.minutes("smallest_interval_minutes"),
        break_length=record.minutes("break_minutes"),
        pauses_in_flare=record.flag("pauses_in_flare"),
    )


def _catch_up(record: Record) -> CatchUpName:
    found = record.text("catch_up")
    for name in get_args(CatchUpName):
        if name == found:
            return name  # type: ignore[no-any-return]
    raise ValueError(f"{record.where}: catch_up {found!r}; allowed: {', '.join(get_args(CatchUpName))}")
