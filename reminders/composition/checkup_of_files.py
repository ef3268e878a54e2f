"""Look at what lies on the disk: the data directory, the journal, and who may read the configuration."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reminders.composition.finding import Finding, broken, ok, warning
from reminders.composition.surroundings import JOURNAL_NAME
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.errors import JournalFault, JournalUnavailable, StartRefused
from reminders.domain.household import Household
from reminders.domain.person import Profile

OTHERS = stat.S_IRWXG | stat.S_IRWXO
LEAST_FREE_BYTES = 20 * 1024 * 1024
BACKUP_IS_OLD = timedelta(days=3)
SHOWN_AT_MOST = 3
_MIB = 1024 * 1024
_START = "start the daemon, which mends what it can: reminders run"
_JOURNAL_HINTS = {
    JournalFault.CORRUPT: "the daemon mends it from the newest backup when it starts: reminders run",
    JournalFault.LOCKED: "something else holds it; try again in a moment",
    JournalFault.READ_ONLY: "make it readable and writable for you",
}


def is_exposed(path: str | Path) -> bool:
    """Tell whether anybody but the owner may do something with the file; never where modes mean nothing."""
    return os.name == "posix" and bool(Path(path).stat().st_mode & OTHERS)


# -- the data directory ----------------------------------------------------------------------------------------------


def data_directory_findings(data_dir: Path) -> Iterator[Finding]:
    """Look at the directory: there, ours, private, on a local disk with room."""
    name, where = "data directory", f'"{data_dir}"'
    try:
        about = data_dir.stat()
    except FileNotFoundError:
        yield ok(name, f"{where} is not there yet; the first start makes it")
        return
    except OSError as error:
        yield broken(name, f"{where} cannot be looked at: {error.strerror}", "choose another with --data-dir")
        return
    found = [*_unusable(name, data_dir, about), *_unwelcome(name, data_dir, about)]
    yield from found or [ok(name, f"{where} is yours alone")]


def _unusable(name: str, data_dir: Path, about: os.stat_result) -> Iterator[Finding]:
    from reminders.daemon.lock import NETWORK_FILESYSTEMS, filesystem_of

    elsewhere = "choose another with --data-dir"
    if not stat.S_ISDIR(about.st_mode):
        yield broken(name, f'"{data_dir}" is not a directory', elsewhere)
    elif not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
        yield broken(name, f'"{data_dir}" cannot be written', elsewhere)
    kind = filesystem_of(data_dir)
    if kind in NETWORK_FILESYSTEMS:
        yield broken(name, f'"{data_dir}" is on {kind}, where locks and the journal are not safe', elsewhere)
    elif shutil.disk_usage(data_dir).free < LEAST_FREE_BYTES:
        yield broken(name, f'less than {LEAST_FREE_BYTES // _MIB} MiB are free under "{data_dir}"', "free some space")


def _unwelcome(name: str, data_dir: Path, about: os.stat_result) -> Iterator[Finding]:
    if os.name != "posix":
        return
    if about.st_uid != os.geteuid():
        yield warning(name, f'"{data_dir}" belongs to another user (number {about.st_uid})', "run as its owner")
    if is_exposed(data_dir):
        mode = stat.S_IMODE(about.st_mode)
        yield warning(name, f'"{data_dir}" is open to others (mode {mode:04o})', f'chmod 700 "{data_dir}"')


# -- the journal -----------------------------------------------------------------------------------------------------


def journal_findings(data_dir: Path, now: datetime) -> Iterator[Finding]:
    """Look into the journal, whole: it opens, is sound and keeps its rules; how old its newest backup is."""
    name, path = "journal", data_dir / JOURNAL_NAME
    try:
        if not os.path.lexists(path):
            yield ok(name, "there is none yet; the first start makes it")
        else:
            yield _content(name, path)
            yield from _exposed_files(name, path)
            yield from _backups(name, path, now)
    except JournalUnavailable as error:
        yield broken(name, str(error), _JOURNAL_HINTS.get(error.cause, _START))
    except (StartRefused, OSError) as error:
        yield broken(name, str(error))
    except (KeyError, TypeError, ValueError) as error:  # rows or events that this version never writes
        yield broken(
            name, f"what is on record cannot be understood ({type(error).__name__})", f'keep a copy of "{path}"'
        )
    put_aside = sorted(data_dir.glob(f"{path.stem}.corrupt-*Z"))
    if put_aside:
        yield warning(name, f"a damaged one was put aside: {put_aside[-1].name}", "remove it once you miss nothing")


def _content(name: str, path: Path) -> Finding:
    from reminders.journal.sqlite_journal import SqliteJournal

    journal = SqliteJournal.open(path, read_only=True)
    try:
        version, wrong, events = journal.version(), journal.check_invariant(), journal.counts().events
    finally:
        journal.close()
    if wrong:
        more = f" and {len(wrong) - SHOWN_AT_MOST} more" if len(wrong) > SHOWN_AT_MOST else ""
        hint = f'keep a copy of "{path}"; the newest backup lies in "{path.parent / "backups"}"'
        return broken(name, f"it contradicts itself: {'; '.join(wrong[:SHOWN_AT_MOST])}{more}", hint)
    size = path.stat().st_size / _MIB
    return ok(name, f"sound, version {version}, {events} events, {size:.1f} MiB")


def _exposed_files(name: str, path: Path) -> Iterator[Finding]:
    if is_exposed(path):
        yield warning(name, f'"{path}" is open to others', f'chmod 600 "{path}"')


def _backups(name: str, path: Path, now: datetime) -> Iterator[Finding]:
    from reminders.journal.backups import folder_of

    copies = sorted(folder_of(path).glob("journal-????-??-??.db"))
    if not copies:
        yield ok(name, "no backup yet; the daemon makes one each night")
        return
    age = now - datetime.fromtimestamp(copies[-1].stat().st_mtime, UTC)
    if age > BACKUP_IS_OLD:
        yield warning(
            name, f"the newest backup is {age.days} days old", "the daemon makes one each night: reminders run"
        )
    else:
        yield ok(name, f"newest backup: {copies[-1].name}")


# -- the configuration file ------------------------------------------------------------------------------------------


def configuration_mode(household: Household | None) -> Iterator[Finding]:
    """Tell whether others may read a file that holds what is only for its owner."""
    if household is None or household.source is None:
        return
    held = [f"the URL of {spec.name}" for spec in household.channels if _has_literal_url(spec)]
    held += ["health answers"] if any(_has_answers(person.profile) for person in household.people) else []
    if not held:
        return
    name, file = "file permissions", household.source
    try:
        is_open = is_exposed(file)
    except OSError as error:
        yield warning(name, f'"{file}" cannot be looked at: {error.strerror}')
        return
    if is_open:
        hint = f'chmod 600 "{file}"; a URL can come from the environment (${{NAME}}) or from url_file instead'
        yield warning(name, f'"{file}" holds {", ".join(held)} and is open to others', hint)
    else:
        yield ok(name, f'"{file}" is for its owner alone')


def _has_literal_url(spec: ChannelSpec) -> bool:
    """Tell whether the URL stands in the file: an ntfy topic is as good as a password."""
    from reminders.channels.channel_url import PLACEHOLDER

    return spec.kind is ChannelKind.APPRISE and spec.url is not None and not PLACEHOLDER.search(spec.url)


def _has_answers(profile: Profile) -> bool:
    return bool(profile.conditions or profile.medicines or profile.avoid or profile.state != "none")
