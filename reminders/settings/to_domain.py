"""Models and catalogue -> Household, with whatever is wrong between keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from reminders.catalogue.content import load_content
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.habit import EVERY_DAY, CatchUp, Habit
from reminders.domain.household import Household
from reminders.domain.person import Limits, Person, Profile, TrainingSession, WorkHours
from reminders.domain.schedule import (
    AfterTraining,
    Anchor,
    At,
    BeforeTraining,
    Cron,
    Every,
    Schedule,
    Times,
    Within,
    WithinKind,
)
from reminders.planning.safety import daily_intake, unsafe_reason, water_goal_ml
from reminders.settings.calendar_block import calendar_of
from reminders.settings.channel_block import ChannelBlock
from reminders.settings.channel_url import kind_of
from reminders.settings.digest_block import digest_of
from reminders.settings.document import key_text
from reminders.settings.follow_up_block import FollowUpBlock
from reminders.settings.habit_layers import LayeredHabit, layered_habits
from reminders.settings.holiday_dates import holiday_dates, region_text
from reminders.settings.layers import PersonLayers, people_of
from reminders.settings.mistakes import Path
from reminders.settings.origins import Origins
from reminders.settings.person_block import AWAKE, SESSION_LASTS, WORK_DAYS, WORK_HOURS, ProfileBlock
from reminders.settings.schema import Configuration
from reminders.settings.wall_times import parse_days, parse_range, parse_ranges
from reminders.settings.web_block import TOKEN_PATH, web_of

_WORK_HABITS = frozenset({"movement", "eyes"})
_ANSWER_HABITS = frozenset({"movement"})
_GOAL_HABIT = "hydration"
DEFAULT_CHANNEL = ChannelSpec(name="desktop", kind=ChannelKind.DESKTOP)


def household_of(
    configuration: Configuration, origins: Origins, source: str | None, year: int | None = None
) -> Household:
    """Return what the configuration means; it must have been found without errors.

    ``year`` is the one whose holidays count, with those around it; None = dates of the person's own alone.
    """
    channels = tuple(_channels(configuration, origins))
    names = tuple(channel.name for channel in channels)
    return Household(
        people=tuple(_person(layers, names, year, origins) for layers in people_of(configuration)),
        channels=channels,
        source=source,
        web=web_of(configuration.web, origins.template(TOKEN_PATH)),
        presence=configuration.presence is not False,
    )


def channel_names(configuration: Configuration) -> tuple[str, ...]:
    """Return the names that ``send_to`` may hold."""
    return tuple(configuration.channels or (DEFAULT_CHANNEL.name,))


def within_of(habit: LayeredHabit) -> Within:
    """Return the window of a habit."""
    within = habit.values.get("within")
    if isinstance(within, Within):
        return within
    return Within(kind=WithinKind.WORK if habit.id in _WORK_HABITS else WithinKind.AWAKE)


def _channels(configuration: Configuration, origins: Origins) -> Iterator[ChannelSpec]:
    for name, channel in (configuration.channels or {}).items():
        path: Path = ("channels", name)
        if isinstance(channel, ChannelBlock):
            topic = origins.template((*path, "answer_topic")) or channel.answer_topic
            yield _channel(name, channel, origins.template((*path, "url")), topic)
        else:
            yield _channel(name, ChannelBlock.model_construct(url=channel), origins.template(path), None)
    if not configuration.channels:
        yield DEFAULT_CHANNEL


def _channel(name: str, block: ChannelBlock, template: str | None, topic: str | None) -> ChannelSpec:
    kind = ChannelKind.APPRISE if block.url is None else kind_of(block.url)
    url = (template or block.url) if kind is ChannelKind.APPRISE else None
    return ChannelSpec(
        name=name,
        kind=kind,
        url=url,
        url_file=block.url_file,
        discreet=block.discreet or False,
        hears_answers=block.answers is not False,
        answer_topic=topic,
    )


def _person(layers: PersonLayers, channels: tuple[str, ...], year: int | None, origins: Origins) -> Person:
    about, content = layers.about, load_content()
    profile = profile_of(about.profile)
    work, awake = about.work, about.awake or parse_range(AWAKE)
    holidays = (work.holidays if work is not None else None) or ()
    habits = list(layered_habits(layers.habits))
    return Person(
        id=layers.id,
        name=about.name or layers.id,
        zone=layers.zone,
        awake=awake,
        quiet=about.quiet or (),
        work=WorkHours(
            ranges=(work.hours if work is not None else None) or parse_ranges(WORK_HOURS),
            days=(work.days if work is not None else None) or parse_days(WORK_DAYS),
            holidays=holiday_dates(holidays, year),
            region=region_text(holidays),
        ),
        profile=profile,
        intake=daily_intake(profile, content),
        habits=tuple(_habit(habit, layers, profile, channels) for habit in habits if not habit.is_off),
        off_habits=tuple(habit.id for habit in habits if habit.is_off),
        training=tuple(
            TrainingSession(name=one.name, days=one.days, at=one.at, lasts=one.lasts or SESSION_LASTS)
            for one in layers.training[1]
        ),
        calendars=tuple(calendar_of(name, path, one, origins) for name, (path, one) in layers.calendars.items()),
        limits=_limits(layers),
        digest=digest_of(layers.digest_blocks, awake),
        language=layers.language,
    )


def _limits(layers: PersonLayers) -> Limits:
    values, default = layers.limits, Limits()
    per_day, gap, merge = (values.get(name) for name in ("per_day", "gap", "merge"))
    return Limits(
        per_day=per_day if isinstance(per_day, int) else default.per_day,
        gap=gap if isinstance(gap, timedelta) else default.gap,
        merge=merge if isinstance(merge, timedelta) else default.merge,
    )


def profile_of(block: ProfileBlock | None) -> Profile:
    """Return the health answers; a question left out stays unanswered."""
    if block is None:
        return Profile()
    return Profile(
        diet=frozenset(block.diet or ()),
        allergies=frozenset(block.allergies or ()),
        conditions=None if block.conditions is None else frozenset(block.conditions),
        medicines=None if block.medicines is None else frozenset(block.medicines),
        avoid=frozenset(block.avoid or ()),
        sex=block.sex,
        age_years=block.age,
        state=block.state or "none",
        reference=block.reference or "efsa",
    )


def _habit(habit: LayeredHabit, layers: PersonLayers, profile: Profile, channels: tuple[str, ...]) -> Habit:
    values, built_in = habit.values, habit.built_in
    follow_up = values.get("follow_up")
    return Habit(
        id=habit.id,
        schedule=_schedule(habit),
        built_in=built_in is not None,
        within=within_of(habit),
        days=values.get("days", EVERY_DAY),
        first_date=values.get("from"),
        last_date=values.get("until"),
        send_to=values.get("send_to") or (layers.names("send_to") or ((), channels))[1],
        fallback=values.get("fallback", (layers.names("fallback") or ((), ()))[1]),
        snooze=values.get("snooze", timedelta(minutes=15)),
        expire_after=values.get("expire_after"),
        life_limit=built_in.life_limit if built_in is not None else None,
        catch_up=CatchUp(values.get("catch_up") or (built_in.catch_up if built_in is not None else CatchUp.LATEST)),
        resend_unknown=built_in.resend_unknown if built_in is not None else False,
        follow_up=follow_up.to_domain() if isinstance(follow_up, FollowUpBlock) else None,
        say=values.get("say"),
        goal_ml=_goal_ml(habit, profile),
        quiet_before_sleep=built_in.quiet_before_sleep if built_in is not None else timedelta(0),
        break_length=None if built_in is None else built_in.break_length,
        unsafe=None if built_in is None else _unsafe(layers, profile, habit.id),
    )


def _unsafe(layers: PersonLayers, profile: Profile, habit_id: str) -> str | None:
    return unsafe_reason(profile, habit_id, load_content(), key_text(layers.path))


def _goal_ml(habit: LayeredHabit, profile: Profile) -> int | None:
    if habit.id != _GOAL_HABIT:
        return None
    default = water_goal_ml(profile, load_content())
    # where the profile allows no target, a goal in the file does not bring one back
    return None if default is None else habit.values.get("goal", default)


def _schedule(habit: LayeredHabit) -> Schedule:
    values, kind = habit.values, habit.kind
    if kind == "every":
        anchor = values.get("anchor") or (Anchor.ANSWER if habit.id in _ANSWER_HABITS else Anchor.CLOCK)
        return Every(interval=values["every"], anchor=Anchor(anchor))
    if kind == "at":
        return At(times=values["at"])
    if kind == "times":
        return Times(count=values["times"])
    if kind == "cron":
        return Cron(expression=values["cron"])
    if kind == "before":
        return BeforeTraining(lead=values.get("lead", timedelta(0)))
    return AfterTraining(lag=values.get("lag", timedelta(0)))
