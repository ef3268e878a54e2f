"""``reminders status``: is it running, what comes next, what waits for an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reminders import composition
from reminders.catalogue.phrases import phrase, say, say_as
from reminders.catalogue.retelling import retold
from reminders.cli.channel_trouble import channel_troubles, trouble_lines
from reminders.cli.columns import aligned
from reminders.cli.options import as_json, person_shown, places, print_json
from reminders.cli.refusal import ExitCode, Refusal, Verb, finish
from reminders.cli.selection import people_of, shows_health
from reminders.cli.water import HYDRATION, drunk_today_ml, drunk_words
from reminders.composition.calendars import calendar_states
from reminders.domain.decision import Decision, Send
from reminders.domain.errors import ConfigurationRefused
from reminders.domain.habit import Habit
from reminders.domain.occurrence import Occurrence, OccurrenceState
from reminders.domain.pause import Pause
from reminders.domain.person import Person
from reminders.planning.pause_ends import pauses_that_count
from reminders.planning.pause_words import pause_reason
from reminders.planning.wording_of_time import iso, relative, when
from reminders.sensors.calendar_state import CalendarState, state_words
from reminders.web import shapes

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.composition import Loaded
    from reminders.daemon.lock import RunningDaemon
    from reminders.journal.read_models import ChannelState
    from reminders.journal.sqlite_journal import SqliteJournal

_STARTER = phrase("the built-in starter")


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How things stand for one person; ``coming`` None = nothing in sight, ``drunk_ml`` None = no hydration habit."""

    person: Person
    zone: ZoneInfo
    coming: Decision | None
    open: tuple[Occurrence, ...]
    pauses: tuple[Pause, ...]
    drunk_ml: int | None
    unsafe: tuple[Habit, ...]
    calendars: tuple[CalendarState, ...]


@click.command("status", cls=Verb, short_help="Show what runs, comes next and waits")
@person_shown
@click.option("--healthy", is_flag=True, help="Say only whether the daemon can do its work; exit code 1 when not.")
@as_json
@places
def status(person: str | None, healthy: bool, as_json: bool, config: str | None, data_dir: str | None) -> None:  # noqa: FBT001
    """Show whether the daemon runs, what comes next and what waits for an answer; exit code 1 when none runs."""
    place, now = composition.data_directory(data_dir), composition.now()
    daemon = composition.running(place)
    if healthy:
        if person is not None or as_json:
            raise Refusal(say("--healthy stands alone"), hint=say("leave out --person and --json"))
        _say_health(daemon)
        return
    try:
        loaded = composition.load(config, place, keep=False)
    except ConfigurationRefused as error:
        if daemon is None:
            raise
        loaded, broken = None, len(error.problems)
    else:
        broken = 0
    standings = [] if loaded is None else _standings(loaded, place, person, now)
    troubles = {} if loaded is None else channel_troubles(place, now)
    if as_json:
        print_json(_json(daemon, loaded, standings, troubles, broken))
    else:
        for line in _lines(daemon, loaded, standings, troubles, broken, now):
            click.echo(line)
    finish(ExitCode.FAILED if daemon is None else ExitCode.DONE)


def _say_health(daemon: RunningDaemon | None) -> None:
    """Say in one line that holds nothing of the record, for who supervises it, and end with 1 when it is not well."""
    ailment = _ailment(daemon)
    click.echo(say("running, and well") if ailment is None else ailment)
    finish(ExitCode.DONE if ailment is None else ExitCode.FAILED)


def _ailment(daemon: RunningDaemon | None) -> str | None:
    """Return what keeps the daemon from its work; one that never moved has not begun. None = it is well."""
    if daemon is None:
        return say("not running, so nothing is sent")
    if daemon.degraded is not None:
        return say("it cannot do its work now: {reason}", reason=daemon.degraded)
    return say("running, just started") if daemon.beat_seconds is None else None


def _standings(loaded: Loaded, place: Path, name: str | None, now: datetime) -> list[Standing]:
    people = people_of(loaded.household, name)
    may_show = shows_health(loaded.household, name)
    journal = composition.open_journal(place, read_only=True)
    try:
        coming = {who.id: decision for who, decision in composition.next_sends(loaded, journal)}
        standings = [_standing(who, coming[who.id], journal, now, may_show=may_show) for who in people]
    finally:
        if journal is not None:
            journal.close()
    states = list(calendar_states(people, place, now))
    return [replace(one, calendars=tuple(s for s in states if s.person == one.person.id)) for one in standings]


def _standing(
    person: Person, coming: Decision | None, journal: SqliteJournal | None, now: datetime, *, may_show: bool
) -> Standing:
    zone = composition.zone_of(person)
    asked = () if journal is None else tuple(one for one in journal.open_occurrences(person.id) if _is_asked(one, now))
    drunk_ml = None
    if may_show and person.habit(HYDRATION) is not None:
        drunk_ml = 0 if journal is None else drunk_today_ml(journal, person, zone, now)
    return Standing(
        person=person,
        zone=zone,
        coming=coming,
        open=asked,
        pauses=() if journal is None else tuple(_shown(one, may_show) for one in journal.pauses(person.id, now)),
        drunk_ml=drunk_ml,
        unsafe=tuple(habit for habit in person.habits if habit.unsafe is not None) if may_show else (),
        calendars=(),
    )


def _shown(pause: Pause, may_show: bool) -> Pause:  # noqa: FBT001
    return pause if may_show else replace(pause, reason="", flare=False)


def _is_asked(occurrence: Occurrence, now: datetime) -> bool:
    """Tell whether it was put to the person and can still be answered; snoozed ones included."""
    return occurrence.sent_at is not None and occurrence.expires_at > now


def _is_snoozed(occurrence: Occurrence) -> bool:
    return occurrence.state is OccurrenceState.PLANNED and occurrence.waiting


# -- for people ------------------------------------------------------------------------------------------------------


def _lines(
    daemon: RunningDaemon | None,
    loaded: Loaded | None,
    standings: Sequence[Standing],
    troubles: Mapping[str, ChannelState],
    broken: int,
    now: datetime,
) -> Iterator[str]:
    yield from _daemon_lines(daemon, [standing.zone for standing in standings], now)
    if loaded is None:
        yield say(
            "the configuration cannot be read any more, problems: {count}; the daemon goes on with what it has",
            count=broken,
        )
        yield say("hint: reminders check")
        return
    yield say("config: {file}", file=loaded.path or say(_STARTER))
    names = [channel.name for channel in loaded.household.channels]
    yield say("channels: {channels}", channels=", ".join(names))
    yield from trouble_lines(troubles, names)
    for standing in standings:
        yield ""
        yield f"{standing.person.name} ({standing.zone})"
        yield from aligned(_rows(standing, now))
        yield from (say("hint: {hint}", hint=retold(habit.unsafe or "")) for habit in standing.unsafe)
        mends = dict.fromkeys(one.mend for one in standing.calendars if one.mend is not None)
        yield from (say("hint: {hint}", hint=mend) for mend in mends)


def _daemon_lines(daemon: RunningDaemon | None, zones: Sequence[ZoneInfo], now: datetime) -> Iterator[str]:
    if daemon is None:
        yield say("not running, so nothing is sent")
        yield say("hint: start it with: reminders run")
    elif daemon.pid is None or daemon.started_at is None:
        yield say("running, just started")
    else:
        yield say(
            "running since {time}, pid {pid}, version {version}",
            time=_started(daemon.started_at, zones, now),
            pid=daemon.pid,
            version=daemon.version,
        )
        yield from _trouble_lines(daemon)


def _started(at: datetime, zones: Sequence[ZoneInfo], now: datetime) -> str:
    """Return when the daemon started by the machine's clock; its zone is named where a person's clock differs."""
    machine = composition.zone_of_machine()
    local = at.astimezone(machine)
    is_one = all(at.astimezone(zone).utcoffset() == local.utcoffset() for zone in zones)
    aside = [*([] if is_one else [str(machine)]), relative(at, now)]
    return f"{local:%Y-%m-%d %H:%M} ({', '.join(aside)})"


def _trouble_lines(daemon: RunningDaemon) -> Iterator[str]:
    if daemon.degraded is not None:
        yield say("it cannot do its work now: {reason}", reason=daemon.degraded)
        yield say("hint: reminders doctor")
    if daemon.page_trouble is not None:
        yield say("there is no page now, and no link to answer by: {reason}", reason=daemon.page_trouble)
    elif daemon.page is not None:
        yield say("page: {address}", address=daemon.page)
    if daemon.presence is not None:
        yield say("presence: {words}", words=daemon.presence)
    yield from _unbuilt_lines(daemon)
    for channel, why in daemon.unheard.items():
        yield say("answers pressed on {channel} cannot be heard now: {reason}", channel=channel, reason=why)
    if daemon.refused is not None:
        yield say("it goes on with what it has, because the file was refused: {reason}", reason=daemon.refused)
        yield say("hint: reminders check, then reminders reload")


def _unbuilt_lines(daemon: RunningDaemon) -> Iterator[str]:
    for channel, why in daemon.unbuilt.items():
        yield say("channel {channel} cannot be used, so nothing goes there: {reason}", channel=channel, reason=why)
    if daemon.is_printing:
        yield say("until a channel works, nudges are printed where the daemon runs")
    if daemon.unbuilt:
        yield say("hint: reminders doctor")


def _rows(standing: Standing, now: datetime) -> Iterator[tuple[str, str]]:
    zone = standing.zone
    if standing.coming is None or not isinstance(standing.coming.verdict, Send):
        yield say_as("row", "next"), say("nothing in sight")
    else:
        yield say_as("row", "next"), f"{standing.coming.habit}, {when(standing.coming.verdict.at, zone, now)}"
    for one in standing.open:
        yield _open_row(one, zone, now)
    if standing.drunk_ml is not None:
        yield say_as("row", "water"), drunk_words(standing.drunk_ml, _goal_ml(standing.person))
    for pause in pauses_that_count(standing.pauses):
        yield _pause_row(pause, zone, now)
    for habit in standing.unsafe:
        yield say_as("row", "off"), say("{habit}, not known to be safe", habit=habit.id)
    for calendar in standing.calendars:
        words = state_words(calendar, lambda at: when(at, zone, now))
        if words is not None:
            yield say("calendar {name}", name=calendar.name), words


def _open_row(one: Occurrence, zone: ZoneInfo, now: datetime) -> tuple[str, str]:
    if _is_snoozed(one):
        until = when(one.due_at, zone, now)
        return say_as("row", "snoozed"), say_as("snoozed", "{habit}, until {time}", habit=one.habit, time=until)
    until = when(one.expires_at, zone, now)
    return say_as("row", "waiting"), say("{habit}, for an answer until {time}", habit=one.habit, time=until)


def _pause_row(pause: Pause, zone: ZoneInfo, now: datetime) -> tuple[str, str]:
    until = when(pause.ends_at, zone, now)
    words = say("{habit}, until {time}", habit=pause.habit or say("everything"), time=until)
    return say_as("row", "paused"), f"{words}: {pause_reason(pause.reason)}" if pause.reason else words


def _goal_ml(person: Person) -> int | None:
    habit = person.habit(HYDRATION)
    return None if habit is None else habit.goal_ml


# -- for programs ----------------------------------------------------------------------------------------------------


def _json(
    daemon: RunningDaemon | None,
    loaded: Loaded | None,
    standings: Sequence[Standing],
    troubles: Mapping[str, ChannelState],
    broken: int,
) -> dict[str, object]:
    started_at = None if daemon is None or daemon.started_at is None else daemon.started_at.isoformat()
    channels = () if loaded is None else loaded.household.channels
    config = loaded.path if loaded is not None else None if daemon is None else daemon.config
    return {
        "running": daemon is not None,
        "pid": None if daemon is None else daemon.pid,
        "since": started_at,
        "version": None if daemon is None else daemon.version,
        "degraded": None if daemon is None else daemon.degraded,
        "refused": None if daemon is None else daemon.refused,
        "page": None if daemon is None else daemon.page,
        "page_trouble": None if daemon is None else daemon.page_trouble,
        "presence": None if daemon is None else daemon.presence,
        "config": config,
        "problems": broken,
        "channels": [
            {
                "name": channel.name,
                "kind": channel.kind.value,
                "trouble": _json_trouble(troubles.get(channel.name)),
                "unbuilt": None if daemon is None else daemon.unbuilt.get(channel.name),
                "unheard": None if daemon is None else daemon.unheard.get(channel.name),
            }
            for channel in channels
        ],
        "people": [_json_standing(standing) for standing in standings],
    }


def _json_trouble(trouble: ChannelState | None) -> dict[str, object] | None:
    return None if trouble is None else {"state": trouble.state.value, "detail": trouble.detail}


def _json_standing(standing: Standing) -> dict[str, object]:
    zone, coming = standing.zone, standing.coming
    send_at = coming.verdict.at if coming is not None and isinstance(coming.verdict, Send) else None
    return {
        "person": standing.person.id,
        "zone": str(zone),
        "next": None if coming is None else {"habit": coming.habit, "send_at": iso(send_at, zone)},
        "open": [shapes.open_occurrence(one, zone) for one in standing.open],
        "water": None
        if standing.drunk_ml is None
        else {"drunk_ml": standing.drunk_ml, "goal_ml": _goal_ml(standing.person)},
        "pauses": [shapes.pause(pause, zone) for pause in standing.pauses],
        "unsafe": [{"habit": habit.id, "hint": habit.unsafe} for habit in standing.unsafe],
        "calendars": [shapes.calendar(one, zone) for one in standing.calendars],
    }
