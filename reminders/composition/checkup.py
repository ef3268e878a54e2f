"""Look at everything that nudges depend on, one thing after the other. Writes nothing, sends nothing.

checkup            the configuration, the daemon, the clock, the zones, the health questions
checkup_of_files   the data directory, the journal, who may read the configuration
checkup_of_channels   every channel, and the desktop's bus
checkup_of_presence   whether the desktop tells if somebody is at it
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import reminders
from reminders.catalogue.phrases import say, say_as
from reminders.clock import load_zone, machine_zone, tz_data_year
from reminders.composition.calendars import calendar_findings
from reminders.composition.checkup_of_channels import channel_findings
from reminders.composition.checkup_of_files import configuration_mode, data_directory_findings, journal_findings
from reminders.composition.checkup_of_presence import presence_findings
from reminders.composition.configuration import Checked, check
from reminders.composition.finding import Finding, broken, ok, warning
from reminders.composition.surroundings import now, running
from reminders.domain.errors import ChildFailed, JournalUnavailable, Severity, StartRefused
from reminders.domain.household import Household

if TYPE_CHECKING:
    from reminders.daemon.lock import RunningDaemon

_POTASSIUM = "potassium_meal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkup:
    """Everything that was found; ``is_refused`` = the configuration cannot be used."""

    findings: tuple[Finding, ...]
    is_refused: bool


def checkup(option: str | None, data_dir: Path) -> Checkup:
    """Look at everything; ``option`` is the configuration file asked for, None = the one that counts."""
    try:
        checked: Checked | str = check(option, data_dir)
    except (ChildFailed, JournalUnavailable) as error:
        checked = str(error)
    household = checked.household if isinstance(checked, Checked) else None
    findings = [
        _configuration(checked),
        *configuration_mode(household),
        *data_directory_findings(data_dir),
        *journal_findings(data_dir, now()),
        *_daemon(data_dir),
        _clock(),
        *_zones(household),
    ]
    if household is not None:
        findings += [*_channels(household, data_dir), *calendar_findings(household, data_dir, now())]
        findings += [*presence_findings(household), *_health(household)]
    is_refused = isinstance(checked, Checked) and checked.household is None
    return Checkup(findings=tuple(findings), is_refused=is_refused)


def _configuration(checked: Checked | str) -> Finding:
    name, see = say("configuration"), say("see them all with: reminders check")
    if isinstance(checked, str):
        return broken(
            name, say("it could not be read: {reason}", reason=checked), say("try again; then: reminders check")
        )
    file = checked.path or say("the built-in starter")
    if checked.household is None:
        errors = [problem for problem in checked.problems if problem.severity is Severity.ERROR]
        first = errors[0]
        where = ":".join(str(part) for part in (first.file, first.line, first.column) if part is not None)
        detail = say(
            "{file} cannot be used, problems: {count}; {problem}",
            file=file,
            count=len(errors),
            problem=f"{where} {first.key}: {first.message}",
        )
        return broken(name, detail, see)
    if checked.path is None:
        starter = say("no file was found, so the built-in starter counts")
        return warning(name, starter, say("name a file with --config"))
    if checked.problems:
        return warning(name, say("{file} can be used, warnings: {count}", file=file, count=len(checked.problems)), see)
    return ok(name, say("{file} is fine", file=file))


def _daemon(data_dir: Path) -> Iterator[Finding]:
    name = say("daemon")
    try:
        daemon = running(data_dir)
    except JournalUnavailable as error:
        yield broken(name, str(error), say("let its owner look, or choose another place with --data-dir"))
        return
    if daemon is None:
        yield warning(name, say("not running, so nothing is sent"), say("start it with: reminders run"))
    elif daemon.pid is None:
        yield ok(name, say("running, just started"))
    else:
        yield _version(name, daemon)
        yield from _troubles(name, daemon)


def _version(name: str, daemon: RunningDaemon) -> Finding:
    if daemon.version == reminders.__version__:
        return ok(name, say("running, pid {pid}, version {version}", pid=daemon.pid, version=daemon.version))
    detail = say(
        "pid {pid} runs version {version}, installed is {installed}",
        pid=daemon.pid,
        version=daemon.version,
        installed=reminders.__version__,
    )
    return warning(name, detail, say("stop it and start it again"))


def _troubles(name: str, daemon: RunningDaemon) -> Iterator[Finding]:
    if daemon.degraded is not None:
        mend = say("mend that; it goes on by itself")
        if daemon.is_still:
            mend = say("end it with: kill -9 {pid}, and start it again", pid=daemon.pid)
        yield broken(name, say("it cannot do its work now: {reason}", reason=daemon.degraded), mend)
    if daemon.page_trouble is not None:
        detail = say("it cannot be seen, and no link answers: {reason}", reason=daemon.page_trouble)
        yield warning(say("page"), detail, say("mend that; it opens by itself then"))
    elif daemon.page is not None:
        yield ok(say("page"), say("it is at {place}", place=daemon.page))
    for channel, why in daemon.unheard.items():
        detail = say("answers pressed on it cannot be heard now: {reason}", reason=why)
        hint = say("they are kept by its server for hours, and counted when it is back")
        yield warning(say("channel {name}", name=channel), detail, hint)
    if daemon.refused is not None:
        detail = say("it goes on with what it has, because the file was refused: {reason}", reason=daemon.refused)
        yield warning(name, detail, say("mend the file, then: reminders reload"))


def _channels(household: Household, data_dir: Path) -> list[Finding]:
    unbuilt: Mapping[str, str] = {}
    with suppress(JournalUnavailable):  # that is a finding of its own
        daemon = running(data_dir)
        unbuilt = {} if daemon is None else daemon.unbuilt
    return channel_findings(household.channels, unbuilt)


def _clock() -> Finding:
    from reminders.daemon.heartbeat import clock_is_set

    name, moment = say("clock"), now()
    if clock_is_set(moment, tz_data_year()):
        return ok(name, say("it can be right: {moment}", moment=f"{moment:%Y-%m-%d %H:%M} UTC"))
    detail = say("it is not set: it says {date}", date=f"{moment:%Y-%m-%d}")
    return broken(name, detail, say("set the machine's clock; sends wait for that"))


def _zones(household: Household | None) -> Iterator[Finding]:
    people = () if household is None else household.people
    named = dict.fromkeys(person.zone for person in people if person.zone is not None)
    for zone in named:
        try:
            load_zone(zone)
        except StartRefused as error:
            yield broken(say("zone"), str(error), say('correct "timezone" in the file'))
        else:
            yield ok(say("zone"), say("{zone}, named in the file, with {data}", zone=zone, data=_zone_data()))
    if not people or any(person.zone is None for person in people):
        yield _machine_zone()


def _machine_zone() -> Finding:
    name, zone, hint = say("zone"), machine_zone(), say('name it in the file: "timezone: Europe/Berlin"')
    if zone.fallback_reason is not None:
        return warning(name, say("UTC stands in, because {reason}", reason=zone.fallback_reason), hint)
    if zone.is_utc:
        rare = say("{zone}, which is this machine's and rarely where a person lives", zone=zone.name)
        return warning(name, rare, hint)
    return ok(name, say("{zone}, this machine's, with {data}", zone=zone.name, data=_zone_data()))


def _zone_data() -> str:
    try:
        return say("zone data {version}", version=version("tzdata"))
    except PackageNotFoundError:
        return say("the system's zone data")


def _health(household: Household) -> Iterator[Finding]:
    """Say whether the questions were answered, never how; of several people, only how many have not."""
    from reminders.planning.safety import is_answered

    name = say("health questions")
    open_ = [person for person in household.people if not is_answered(person.profile)]
    waits = sum(person.habit(_POTASSIUM) is not None for person in open_)
    if not open_:
        yield ok(name, say_as("health questions", "answered"))
    elif not waits:
        yield ok(name, say("not all answered, and no habit waits for that"))
    else:
        hint = say('answer "conditions" and "medicines" under "profile", each with none or a list')
        yield warning(name, _unanswered(len(open_), len(household.people)), hint)


def _unanswered(count: int, people: int) -> str:
    if people == 1:
        return say("not answered, so {habit} stays off", habit=_POTASSIUM)
    return say(
        "not answered by {count} of {people} people, so {habit} stays off", count=count, people=people, habit=_POTASSIUM
    )
