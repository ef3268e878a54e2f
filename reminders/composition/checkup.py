"""Look at everything that nudges depend on, one thing after the other. Writes nothing, sends nothing.

checkup            the configuration, the daemon, the clock, the zones, the health questions
checkup_of_files   the data directory, the journal, who may read the configuration
checkup_of_channels   every channel, and the desktop's bus
checkup_of_presence   whether the desktop tells if somebody is at it
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import reminders
from reminders.clock import load_zone, machine_zone, tz_data_year
from reminders.composition.calendars import calendar_findings
from reminders.composition.checkup_of_channels import channel_findings
from reminders.composition.checkup_of_files import configuration_mode, data_directory_findings, journal_findings
from reminders.composition.checkup_of_presence import presence_findings
from reminders.composition.configuration import Checked, check
from reminders.composition.finding import Finding, broken, ok, warning
from reminders.composition.surroundings import STILL, now, running
from reminders.domain.errors import ChildFailed, JournalUnavailable, Severity, StartRefused
from reminders.domain.household import Household

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
        findings += [*channel_findings(household.channels), *calendar_findings(household, data_dir, now())]
        findings += [*presence_findings(household), *_health(household)]
    is_refused = isinstance(checked, Checked) and checked.household is None
    return Checkup(findings=tuple(findings), is_refused=is_refused)


def _configuration(checked: Checked | str) -> Finding:
    name, see = "configuration", "see them all with: reminders check"
    if isinstance(checked, str):
        return broken(name, f"it could not be read: {checked}", "try again; then: reminders check")
    file = checked.path or "the built-in starter"
    if checked.household is None:
        errors = [problem for problem in checked.problems if problem.severity is Severity.ERROR]
        first = errors[0]
        where = ":".join(str(part) for part in (first.file, first.line, first.column) if part is not None)
        return broken(
            name, f"{file} cannot be used, problems: {len(errors)}; {where} {first.key}: {first.message}", see
        )
    if checked.path is None:
        return warning(name, "no file was found, so the built-in starter counts", "name a file with --config")
    if checked.problems:
        return warning(name, f"{file} can be used, warnings: {len(checked.problems)}", see)
    return ok(name, f"{file} is fine")


def _daemon(data_dir: Path) -> Iterator[Finding]:
    name = "daemon"
    try:
        daemon = running(data_dir)
    except JournalUnavailable as error:
        yield broken(name, str(error), "let its owner look, or choose another place with --data-dir")
        return
    if daemon is None:
        yield warning(name, "not running, so nothing is sent", "start it with: reminders run")
        return
    if daemon.pid is None:
        yield ok(name, "running, just started")
        return
    if daemon.version != reminders.__version__:
        detail = f"pid {daemon.pid} runs version {daemon.version}, installed is {reminders.__version__}"
        yield warning(name, detail, "stop it and start it again")
    else:
        yield ok(name, f"running, pid {daemon.pid}, version {daemon.version}")
    if daemon.degraded is not None:
        is_still = daemon.degraded.startswith(STILL)
        mend = (
            f"end it with: kill -9 {daemon.pid}, and start it again" if is_still else "mend that; it goes on by itself"
        )
        yield broken(name, f"it cannot do its work now: {daemon.degraded}", mend)
    if daemon.page_trouble is not None:
        detail = f"it cannot be seen, and no link answers: {daemon.page_trouble}"
        yield warning("page", detail, "mend that; it opens by itself then")
    elif daemon.page is not None:
        yield ok("page", f"it is at {daemon.page}")
    for channel, why in daemon.unheard.items():
        detail = f"answers pressed on it cannot be heard now: {why}"
        hint = "they are kept by its server for hours, and counted when it is back"
        yield warning(f"channel {channel}", detail, hint)
    if daemon.refused is not None:
        detail = f"it goes on with what it has, because the file was refused: {daemon.refused}"
        yield warning(name, detail, "mend the file, then: reminders reload")


def _clock() -> Finding:
    from reminders.daemon.heartbeat import clock_is_set

    moment = now()
    if clock_is_set(moment, tz_data_year()):
        return ok("clock", f"it can be right: {moment:%Y-%m-%d %H:%M} UTC")
    return broken("clock", f"it is not set: it says {moment:%Y-%m-%d}", "set the machine's clock; sends wait for that")


def _zones(household: Household | None) -> Iterator[Finding]:
    people = () if household is None else household.people
    named = dict.fromkeys(person.zone for person in people if person.zone is not None)
    for zone in named:
        try:
            load_zone(zone)
        except StartRefused as error:
            yield broken("zone", str(error), 'correct "timezone" in the file')
        else:
            yield ok("zone", f"{zone}, named in the file, with {_zone_data()}")
    if not people or any(person.zone is None for person in people):
        yield _machine_zone()


def _machine_zone() -> Finding:
    zone, hint = machine_zone(), 'name it in the file: "timezone: Europe/Berlin"'
    if zone.fallback_reason is not None:
        return warning("zone", f"UTC stands in, because {zone.fallback_reason}", hint)
    if zone.is_utc:
        return warning("zone", f"{zone.name}, which is this machine's and rarely where a person lives", hint)
    return ok("zone", f"{zone.name}, this machine's, with {_zone_data()}")


def _zone_data() -> str:
    try:
        return f"zone data {version('tzdata')}"
    except PackageNotFoundError:
        return "the system's zone data"


def _health(household: Household) -> Iterator[Finding]:
    """Say whether the questions were answered, never how; of several people, only how many have not."""
    from reminders.planning.safety import is_answered

    name = "health questions"
    open_ = [person for person in household.people if not is_answered(person.profile)]
    waits = sum(person.habit(_POTASSIUM) is not None for person in open_)
    if not open_:
        yield ok(name, "answered")
    elif not waits:
        yield ok(name, "not all answered, and no habit waits for that")
    else:
        whose = "" if len(household.people) == 1 else f" by {len(open_)} of {len(household.people)} people"
        hint = 'answer "conditions" and "medicines" under "profile", each with none or a list'
        yield warning(name, f"not answered{whose}, so {_POTASSIUM} stays off", hint)
