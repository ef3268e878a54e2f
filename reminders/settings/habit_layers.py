"""One habit of one person: the built-in's defaults, the shared block over them, the person's block over that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from reminders.catalogue.content import load_content
from reminders.catalogue.habit_default import HabitDefault
from reminders.settings.follow_up_block import FollowUpBlock
from reminders.settings.habit_block import HabitBlock, HabitsBlock, HydrationBlock
from reminders.settings.mistakes import Path

SCHEDULE_KEYS = ("every", "at", "times", "cron", "before", "after")
_COMPANIONS = {"every": ("anchor",), "before": ("lead",), "after": ("lag",)}
STARTER_HABITS = ("hydration", "movement", "warm_up", "cool_down", "calcium_meal", "potassium_meal")


@dataclass(kw_only=True, slots=True)
class LayeredHabit:
    """A habit with its layers joined.

    ``path`` is the block that counts most; ``paths`` says where each value was written, and lacks the defaults.
    ``is_off`` = switched off. ``built_in`` None = a habit of the person's own.
    """

    id: str
    path: Path
    built_in: HabitDefault | None
    values: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    is_off: bool = False

    @property
    def kind(self) -> str | None:
        """The key of the schedule; None = there is none yet."""
        return next((key for key in SCHEDULE_KEYS if key in self.values), None)

    def lay_over(self, values: Mapping[str, object], path: Path | None) -> None:
        """Put a block over what is there; its schedule replaces the one below, with what went along with it."""
        below = self.kind
        if below is not None and below not in values and any(key in values for key in SCHEDULE_KEYS):
            for key in (below, *_COMPANIONS.get(below, ())):
                self.values.pop(key, None)
                self.paths.pop(key, None)
        follow_up = values.get("follow_up")
        if isinstance(follow_up, FollowUpBlock):
            values = {**values, "follow_up": follow_up.laid_over(self.values.get("follow_up"))}
        self.values.update(values)
        if path is not None:
            self.paths.update({key: (*path, key) for key in values})


def layered_habits(layers: list[tuple[Path, HabitsBlock]]) -> Iterator[LayeredHabit]:
    """Join the layers of every habit that any of them lists; the first layer lies lowest."""
    entries = [(path, block.entries()) for path, block in layers]
    for name in dict.fromkeys(name for _, block in entries for name in block):
        habit = LayeredHabit(id=name, path=(), built_in=load_content().habits.get(name))
        habit.lay_over(built_in_values(name), None)
        for path, block in entries:
            if name in block:
                _lay(habit, block[name], (*path, name))
        yield habit


def given_values(block: HabitBlock) -> dict[str, object]:
    """Return what a block says, by the key's name in the file."""
    fields = type(block).model_fields
    named = ((fields[name].alias or name, getattr(block, name)) for name in fields if name in block.model_fields_set)
    return {name: value for name, value in named if value is not None}


@cache
def built_in_values(name: str) -> Mapping[str, object]:
    """Return the defaults of a built-in habit; empty for any other name."""
    default = load_content().habits.get(name)
    return {} if default is None else given_values(HydrationBlock.model_validate(dict(default.block)))


def _lay(habit: LayeredHabit, entry: HabitBlock | str | None, path: Path) -> None:
    habit.path = path
    habit.is_off = entry == "off"
    if isinstance(entry, HabitBlock):
        habit.lay_over(given_values(entry), path)
