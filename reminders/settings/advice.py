"""Warnings with arithmetic, computed by the planner itself on a week that stands for all weeks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from reminders.catalogue.phrases import phrase, say, say_many
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.errors import Severity
from reminders.domain.habit import FollowUp, Habit
from reminders.domain.household import Household
from reminders.domain.occurrence import Reason
from reminders.domain.person import Person
from reminders.domain.schedule import MINUTES_PER_DAY, AfterTraining, At, BeforeTraining, LocalRange, WithinKind
from reminders.planning.agenda import agenda
from reminders.settings.calendar_block import idle_calendars
from reminders.settings.channel_check import idle_keys
from reminders.settings.channel_url import is_of_this_desktop
from reminders.settings.digest_block import is_inside
from reminders.settings.durations import duration_text
from reminders.settings.habit_layers import LayeredHabit, layered_habits
from reminders.settings.layers import PersonLayers, people_of
from reminders.settings.mistakes import Finding, Path
from reminders.settings.schema import Configuration
from reminders.settings.web_values import is_loopback

# any week does; one without a change of clocks anywhere that anyone lives
_MONDAY = date(2024, 6, 3)
# nobody reads so many warnings, and planning them all would keep the reader waiting
_PLANNED_AT_MOST = 24
_HALF_A_DAY = MINUTES_PER_DAY // 2
_LIMITS = {Reason.DAILY_LIMIT: "per_day", Reason.GAP: "gap"}


def advice(configuration: Configuration, household: Household) -> Iterator[Finding]:
    """Find what works and is probably not meant; the configuration must be without errors."""
    yield from idle_keys(configuration.channels or {})
    yield from idle_calendars(("calendars",), configuration.calendars or {})
    yield from _about_page(household)
    for layers in people_of(configuration):
        person = household.person(layers.id)
        if layers.own is not None:
            yield from idle_calendars((*layers.path, "calendars"), layers.own.calendars or {})
        if person is not None:
            habits = {habit.id: habit for habit in layered_habits(layers.habits)}
            hours = list(_about_hours(layers, person))
            yield from (*hours, *_about_person(layers, person))
            for habit in person.habits:
                yield from _about_habit(habits[habit.id], habit, person)
                yield from _about_fallback(layers, habits[habit.id], habit)
            if layers.lists_habits:
                yield from _about_training(habits, person)
            if not hours:  # sums about hours that nobody meant would lead astray
                yield from _about_week(layers, habits, person)


def _about_page(household: Household) -> Iterator[Finding]:
    web = household.web
    if web is not None and web.elsewhere is not None and web.login_token is None and web.login_token_file is None:
        message = say("without a login the page is shut to everybody, this machine included; links and buttons work")
        yield _warning(("web", "public_url"), message, say("add web.login_token or web.login_token_file"))
    if web is not None and web.public_url is not None and web.elsewhere is None and is_loopback(web.host):
        # another host needs a public_url, be it this one: a container's port may be published on its machine alone
        yield from _about_page_of_this_machine(household)


def _about_page_of_this_machine(household: Household) -> Iterator[Finding]:
    if any(map(_may_end_elsewhere, household.channels)):
        message = say("no other device can open this: messages carry no link, and only buttons of ntfy can answer")
        hint = say("write an address at which the phone reaches the page, or leave it out, which changes nothing")
        yield _warning(("web", "public_url"), message, hint)


def _may_end_elsewhere(channel: ChannelSpec) -> bool:
    """Tell whether its messages may be read on another device; what a URL in a file says is not known here."""
    return channel.kind is ChannelKind.APPRISE and (channel.url is None or not is_of_this_desktop(channel.url))


def _warning(path: tuple[str | int, ...], message: str, hint: str | None = None) -> Finding:
    return Finding(path=path, message=message, hint=hint, severity=Severity.WARNING)


def _about_person(layers: PersonLayers, person: Person) -> Iterator[Finding]:
    if not _minutes(person.awake) - set().union(*map(_minutes, person.quiet)):
        message = say("quiet covers all of awake {awake}: nothing would be sent", awake=person.awake)
        yield _warning((*layers.path, "quiet"), message)
    if person.digest is not None and not is_inside(person.digest.at, person.awake):
        words = phrase("digest {time} is outside awake {awake}: it waits until awake begins")
        message = say(words, time=f"{person.digest.at:%H:%M}", awake=person.awake)
        yield _warning(layers.digest_path, message)
    if not person.habits:
        yield _warning(layers.habits[-1][0], say("no habit is on: nothing would be sent"))


def _about_hours(layers: PersonLayers, person: Person) -> Iterator[Finding]:
    """Find hours that run over midnight and make sense the other way round alone."""
    for range_ in (person.awake,) if layers.about.awake is not None else ():
        yield from _turned_round((*layers.path, "awake"), "awake", range_, is_odd=_length(range_) < _HALF_A_DAY)
    for range_ in person.work.ranges:
        yield from _turned_round((*layers.path, "work", "hours"), "work", range_, is_odd=_length(range_) > _HALF_A_DAY)
    for range_ in person.quiet:
        yield from _turned_round((*layers.path, "quiet"), "quiet", range_, is_odd=_length(range_) > _HALF_A_DAY)


def _turned_round(path: Path, name: str, range_: LocalRange, *, is_odd: bool) -> Iterator[Finding]:
    start, _, end = str(range_).partition("-")
    if is_odd and range_.end_minute > MINUTES_PER_DAY:
        long = duration_text(timedelta(minutes=_length(range_)))
        message = say("{key} {range} runs over midnight, {length} long", key=name, range=range_, length=long)
        yield _warning(path, message, say("if {range} was meant, write that", range=f"{end}-{start}"))


def _length(range_: LocalRange) -> int:
    return range_.end_minute - range_.start_minute


def _about_habit(layered: LayeredHabit, habit: Habit, person: Person) -> Iterator[Finding]:
    awake = _minutes(person.awake)
    times = habit.schedule.times if isinstance(habit.schedule, At) else ()
    for time in times:
        if time.hour * 60 + time.minute not in awake:
            words = phrase("{habit} {time} is outside awake {awake}: it would never be sent")
            message = say(words, habit=habit.id, time=f"{time:%H:%M}", awake=person.awake)
            yield _warning(layered.paths.get("at", layered.path), message)
    window = set().union(*map(_minutes, _window(habit, person)))
    if not window & awake:
        words = phrase("{habit}: its window never meets awake {awake}: it would never be sent")
        message = say(words, habit=habit.id, awake=person.awake)
        yield _warning(layered.paths.get("within", layered.path), message)


def _about_fallback(layers: PersonLayers, layered: LayeredHabit, habit: Habit) -> Iterator[Finding]:
    shared = layers.names("fallback")
    path = layered.paths.get("fallback") or (shared[0] if shared is not None else None)
    if path is not None and habit.fallback and set(habit.fallback) <= set(habit.send_to):
        hint = say("send_to left out is every channel") if layers.names("send_to") is None else None
        yield _warning(path, say("every fallback is in send_to already"), hint)


def _about_training(habits: dict[str, LayeredHabit], person: Person) -> Iterator[Finding]:
    has_training = person.training or any(calendar.training for calendar in person.calendars)
    for habit in person.habits if not has_training else ():
        if isinstance(habit.schedule, BeforeTraining | AfterTraining):
            message = say("{habit} waits for training, and none is listed", habit=habit.id)
            yield _warning(habits[habit.id].path, message)


def _about_week(layers: PersonLayers, habits: dict[str, LayeredHabit], person: Person) -> Iterator[Finding]:
    if len(person.habits) > _PLANNED_AT_MOST:
        return
    whole = replace(person, habits=tuple(replace(one, first_date=None, last_date=None) for one in person.habits))
    zone = ZoneInfo(person.zone or "UTC")
    days = [agenda(whole, zone, _MONDAY + timedelta(days=offset)) for offset in range(7)]
    for habit in person.habits:
        mine = [[one for one in day if one.habit == habit.id] for day in days]
        busiest = max(mine, key=len)
        if habit.unsafe is None and busiest:
            yield from _about_day(layers, habits[habit.id], busiest)
            yield from _about_follow_up(habits[habit.id], habit, [one for day in mine for one in day])


def _about_day(layers: PersonLayers, habit: LayeredHabit, day: list[Decision]) -> Iterator[Finding]:
    sent = sum(isinstance(one.verdict, Send) for one in day)
    reasons = [one.verdict.reason for one in day if isinstance(one.verdict, Suppress)]
    limits = [_LIMITS[reason] for reason in reasons if reason in _LIMITS]
    if limits and sent * 2 <= len(day):
        limit = max(limits, key=limits.count)
        words = phrase("{habit}: {due} due a day, {sent} would be sent: {limit}")
        message = say(words, habit=habit.id, due=len(day), sent=sent, limit=f"limits.{limit}")
        yield _warning(layers.limit_path(limit) or habit.path, message)


def _about_follow_up(layered: LayeredHabit, habit: Habit, week: list[Decision]) -> Iterator[Finding]:
    again = habit.follow_up
    lives = [one.expires_at - one.verdict.at for one in week if isinstance(one.verdict, Send)]
    if again is None or not lives:
        return
    life = max(lives)
    fitting = sum(again.after * number < life for number in range(1, again.times + 1))
    if fitting < again.times:
        is_cut = habit.expire_after is not None and life < habit.expire_after
        cut = say("an ask ends where quiet, sleep or its next slot begins: wait less, or ask earlier")
        mend = cut if is_cut else say("wait less, or raise expire_after")
        path = layered.paths.get("follow_up", layered.path)
        yield _warning(path, _follow_up_words(habit.id, again, life, fitting), mend)


def _follow_up_words(habit: str, again: FollowUp, life: timedelta, fitting: int) -> str:
    each, total = duration_text(again.after), duration_text(again.after * again.times)
    one = say("a follow-up waits {each}", each=each)
    several = say("{times} follow-ups x {each} = {total}", times=again.times, each=each, total=total)
    some = say_many("{count} of {times} would come", "{count} of {times} would come", fitting, times=again.times)
    return say(
        "{habit}: {asked}, and an ask ends after {life}: {outcome}",
        habit=habit,
        asked=several if again.times > 1 else one,
        life=duration_text(life),
        outcome=some if fitting else say("it would never come"),
    )


def _window(habit: Habit, person: Person) -> tuple[LocalRange, ...]:
    if habit.within.kind is WithinKind.AWAKE:
        return (person.awake,)
    return person.work.ranges if habit.within.kind is WithinKind.WORK else habit.within.ranges


def _minutes(range_: LocalRange) -> set[int]:
    return {minute % MINUTES_PER_DAY for minute in range(range_.start_minute, range_.end_minute)}
