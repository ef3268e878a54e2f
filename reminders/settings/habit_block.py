"""The ``habits`` block: what may be written under a habit's name."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import ConfigDict, Discriminator, Tag

from reminders.catalogue.phrases import phrase
from reminders.settings.fields import (
    BLOCK_TAG,
    HOUR,
    MINUTE,
    OFF_TAG,
    Block,
    CronText,
    Day,
    Days,
    GoalMl,
    Off,
    Text,
    Times,
    WithinWindow,
    Words,
    duration,
    key,
    off_or_block,
    one_of,
    whole_number,
)
from reminders.settings.follow_up_block import FollowUps

Interval = Annotated[timedelta | None, *duration(15 * MINUTE, 24 * HOUR)]
ShortInterval = Annotated[timedelta | None, *duration(10 * MINUTE, 24 * HOUR)]

_NO_EVENT = phrase("{found} is not an event")
_NO_CATCH_UP = phrase("{found} is not a way to catch up")


class HabitBlock(Block):
    """The keys of any habit. Exactly one of every, at, times, cron, before and after says when it is due."""

    every: Interval = key(
        "How often it is due; the first time one interval after the window opens.",
        default="the built-in's own",
        example="3h",
        unit="duration, 15min to 24h",
    )
    within: WithinWindow = key(
        "The window it keeps to: awake, work, a range or a list of ranges.",
        default="work for movement and eyes, else awake",
        example="09:00-12:00",
        unit="awake, work, or HH:MM-HH:MM",
    )
    at: Times = key(
        "Fixed times.", default="the built-in's own", example=["07:45", "16:00"], unit="HH:MM, 1 to 24 of them"
    )
    times: Annotated[int | None, *whole_number(1, 24)] = key(
        "So many times, in the middles of equal parts of the window.",
        default="the built-in's own",
        example=3,
        unit="times a day, 1 to 24",
    )
    cron: CronText = key(
        "A cron expression, read as wall time.",
        default="the built-in's own",
        example="0 9 * * mon-fri",
        unit="minute, hour, day of month, month, day of week; at least 15min apart",
    )
    before: Annotated[str | None, *one_of(("training",), _NO_EVENT)] = key(
        "Due before each training session.", default="the built-in's own", example="training"
    )
    after: Annotated[str | None, *one_of(("training",), _NO_EVENT)] = key(
        "Due after each training session.", default="the built-in's own", example="training"
    )
    lead: Annotated[timedelta | None, *duration(0 * MINUTE, 24 * HOUR)] = key(
        "With before: how long before the start.",
        default="10min for warm_up, else 0min",
        example="10min",
        unit="duration, 0min to 24h",
    )
    lag: Annotated[timedelta | None, *duration(0 * MINUTE, 24 * HOUR)] = key(
        "With after: how long after the end.", default="0min", example="5min", unit="duration, 0min to 24h"
    )
    anchor: Annotated[str | None, *one_of(("clock", "answer"), phrase("{found} is not an anchor"))] = key(
        "With every: count from the last answer or real break (answer), or keep to a fixed grid (clock).",
        default="answer for movement, else clock",
        example="clock",
    )
    days: Days = key("The days it is due on.", default="daily", example="mon-fri", unit="days of the week")
    from_: Day = key("The first date it is due on.", default="no first date", example="2026-03-01", unit="YYYY-MM-DD")
    until: Day = key("The last date it is due on.", default="no last date", example="2026-05-31", unit="YYYY-MM-DD")
    send_to: Words = key(
        "The channels for this habit, all of them.", default="the person's send_to", example=["desktop"]
    )
    fallback: Words = key(
        "The channels to try in order once none of send_to works.", default="the person's fallback", example=["desktop"]
    )
    snooze: Annotated[timedelta | None, *duration(5 * MINUTE, 4 * HOUR)] = key(
        "How long Snooze waits.", default="15min", example="20min", unit="duration, 5min to 4h"
    )
    expire_after: Annotated[timedelta | None, *duration(5 * MINUTE, 24 * HOUR)] = key(
        "How long it can be answered; not longer than its interval, nor into sleep or a quiet time.",
        default="until the next one, 90min for meals, 30min for cool_down, the start of what it prepares for",
        example="30min",
        unit="duration, 5min to 24h",
    )
    catch_up: Annotated[str | None, *one_of(("skip", "latest", "none_after_event"), _NO_CATCH_UP)] = key(
        "What becomes of one that fell due while the machine was off: never sent, the latest once, or the latest "
        "unless its event has begun.",
        default="the built-in's own, else latest",
        example="latest",
    )
    follow_up: FollowUps = key(
        "Ask again when no answer came; off for not.",
        default="off",
        example={"after": "10min", "to": ["desktop"], "times": 1},
    )
    say: Text = key(
        "Your own words for it; a habit that is not built in must have them.",
        default="texts of the built-in",
        example="Look out of the window for a while",
        unit="up to 500 letters",
    )

    model_config = ConfigDict(alias_generator=lambda name: name.rstrip("_"))


class HydrationBlock(HabitBlock):
    """Hydration knows a goal for the day."""

    goal: GoalMl = key(
        "What to drink in a day; asks are paced towards it.",
        default="four fifths of the reference for your profile, 1600ml to 2000ml for most adults",
        example="1800ml",
        unit="ml or L, 500ml to 3000ml",
    )


class EyesBlock(HabitBlock):
    """Eyes may rest more often than anything else."""

    every: ShortInterval = key(
        "How often it is due; the first time one interval after the window opens.",
        default="60min",
        example="30min",
        unit="duration, 10min to 24h",
    )


_off_or_block = Discriminator(off_or_block)
Entry = Annotated[Annotated[Off, Tag(OFF_TAG)] | Annotated[HabitBlock, Tag(BLOCK_TAG)], _off_or_block] | None
HydrationEntry = (
    Annotated[Annotated[Off, Tag(OFF_TAG)] | Annotated[HydrationBlock, Tag(BLOCK_TAG)], _off_or_block] | None
)
EyesEntry = Annotated[Annotated[Off, Tag(OFF_TAG)] | Annotated[EyesBlock, Tag(BLOCK_TAG)], _off_or_block] | None


class HabitsBlock(Block):
    """Habits by name. A name alone takes the defaults; off switches it off; any other name is a habit of your own."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Entry]

    hydration: HydrationEntry = key("Drink something.", default="not on", example={"every": "2h", "within": "awake"})
    movement: Entry = key("Stand up and move.", default="not on", example={"every": "60min", "within": "work"})
    warm_up: Entry = key("Warm up for training.", default="not on", example={"before": "training", "lead": "10min"})
    cool_down: Entry = key("Cool down after training.", default="not on", example={"after": "training"})
    calcium_meal: Entry = key("A meal rich in calcium.", default="not on", example={"at": ["07:45"]})
    potassium_meal: Entry = key(
        "A meal rich in potassium; held back until it is known to be safe.", default="not on", example={"at": ["12:15"]}
    )
    walk: Entry = key("Go for a walk.", default="not on", example=None)
    strength: Entry = key("Strengthen back and trunk.", default="not on", example=None)
    eyes: EyesEntry = key("Rest the eyes on something far away.", default="not on", example={"every": "30min"})

    def entries(self) -> dict[str, HabitBlock | str | None]:
        """Return what is written, by name: the built-in habits first."""
        named = {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}
        return named | dict(self.__pydantic_extra__)
