"""Look at what lies on the disk: the data directory, the journal, and who may read the configuration."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reminders.catalogue.phrases import phrase, say, say_many
from reminders.catalogue.system_words import system_words
from reminders.composition.finding import Finding, broken, ok, warning
from reminders.composition.surroundings import JOURNAL_NAME
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.errors import JournalFault, JournalUnavailable, StartRefused
from reminders.domain.household import Household
from reminders.domain.person import Profile
from reminders.planning.wording_of_numbers import decimal

OTHERS = stat.S_IRWXG | stat.S_IRWXO
LEAST_FREE_BYTES = 20 * 1024 * 1024
BACKUP_IS_OLD = timedelta(days=3)
SHOWN_AT_MOST = 3
_MIB = 1024 * 1024
_START = phrase("start the daemon, which mends what it can: reminders run")
_JOURNAL_HINTS = {
    JournalFault.CORRUPT: phrase("the daemon mends it from the newest backup when it starts: reminders run"),
    JournalFault.LOCKED: phrase("something else holds it; try again in a moment"),
    JournalFault.READ_ONLY: phrase("make it readable and writable for you"),
}
# Ways to a place that need no secret: the place itself is told, as long as nothing in it looks like one.
_PLAIN_SCHEMAS = frozenset(
    {"json", "jsons", "xml", "xmls", "form", "forms", "mqtt", "mqtts", "dbus", "macosx", "windows"}
)
_SECRET_AT_LEAST = 12  # letters; a web hook's path may hold a token


def is_exposed(path: str | Path) -> bool:
    """Tell whether anybody but the owner may do something with the file; never where modes mean nothing."""
    return os.name == "posix" and bool(Path(path).stat().st_mode & OTHERS)


# -- the data directory ----------------------------------------------------------------------------------------------


def data_directory_findings(data_dir: Path) -> Iterator[Finding]:
    """Look at the directory: there, ours, private, on a local disk with room."""
    name, elsewhere = say("data directory"), say("choose another with --data-dir")
    try:
        about = data_dir.stat()
    except FileNotFoundError:
        yield ok(name, say('"{folder}" is not there yet; the first start makes it', folder=data_dir))
        return
    except OSError as error:
        detail = say('"{file}" cannot be looked at: {reason}', file=data_dir, reason=system_words(error))
        yield broken(name, detail, elsewhere)
        return
    found = [*_unusable(name, data_dir, about), *_unwelcome(name, data_dir, about)]
    yield from found or [ok(name, say('"{folder}" is yours alone', folder=data_dir))]


def _unusable(name: str, data_dir: Path, about: os.stat_result) -> Iterator[Finding]:
    from reminders.daemon.lock import NETWORK_FILESYSTEMS, filesystem_of

    elsewhere = say("choose another with --data-dir")
    if not stat.S_ISDIR(about.st_mode):
        yield broken(name, say('"{folder}" is not a directory', folder=data_dir), elsewhere)
    elif not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
        yield broken(name, say('"{folder}" cannot be written', folder=data_dir), elsewhere)
    kind = filesystem_of(data_dir)
    if kind in NETWORK_FILESYSTEMS:
        detail = say('"{folder}" is on {kind}, where locks and the journal are not safe', folder=data_dir, kind=kind)
        yield broken(name, detail, elsewhere)
    elif shutil.disk_usage(data_dir).free < LEAST_FREE_BYTES:
        least = LEAST_FREE_BYTES // _MIB
        detail = say('less than {least} MiB are free under "{folder}"', least=least, folder=data_dir)
        yield broken(name, detail, say("free some space"))


def _unwelcome(name: str, data_dir: Path, about: os.stat_result) -> Iterator[Finding]:
    if os.name != "posix":
        return
    if about.st_uid != os.geteuid():
        detail = say('"{folder}" belongs to another user (number {number})', folder=data_dir, number=about.st_uid)
        yield warning(name, detail, say("run as its owner"))
    if is_exposed(data_dir):
        mode = f"{stat.S_IMODE(about.st_mode):04o}"
        detail = say('"{folder}" is open to others (mode {mode})', folder=data_dir, mode=mode)
        yield warning(name, detail, f'chmod 700 "{data_dir}"')


# -- the journal -----------------------------------------------------------------------------------------------------


def journal_findings(data_dir: Path, now: datetime) -> Iterator[Finding]:
    """Look into the journal, whole: it opens, is sound and keeps its rules; how old its newest backup is."""
    name, path = say("journal"), data_dir / JOURNAL_NAME
    try:
        if not os.path.lexists(path):
            yield ok(name, say("there is none yet; the first start makes it"))
        else:
            yield _content(name, path)
            yield from _exposed_files(name, path)
            yield from _backups(name, path, now)
    except JournalUnavailable as error:
        yield broken(name, str(error), say(_JOURNAL_HINTS.get(error.cause, _START)))
    except (StartRefused, OSError) as error:
        yield broken(name, str(error))
    except (KeyError, TypeError, ValueError) as error:  # rows or events that this version never writes
        detail = say("what is on record cannot be understood ({reason})", reason=type(error).__name__)
        yield broken(name, detail, say('keep a copy of "{file}"', file=path))
    put_aside = sorted(data_dir.glob(f"{path.stem}.corrupt-*Z"))
    if put_aside:
        detail = say("a damaged one was put aside: {file}", file=put_aside[-1].name)
        yield warning(name, detail, say("remove it once you miss nothing"))


def _content(name: str, path: Path) -> Finding:
    from reminders.journal.sqlite_journal import SqliteJournal

    journal = SqliteJournal.open(path, read_only=True)
    try:
        version, wrong, events = journal.version(), journal.check_invariant(), journal.counts().events
    finally:
        journal.close()
    if wrong:
        return _contradiction(name, path, wrong)
    size = decimal(path.stat().st_size / _MIB, 1)
    detail = say_many(
        "sound, version {version}, {count} event, {size} MiB",
        "sound, version {version}, {count} events, {size} MiB",
        events,
        version=version,
        size=size,
    )
    return ok(name, detail)


def _contradiction(name: str, path: Path, wrong: Sequence[str]) -> Finding:
    """Show the first of what is wrong, in the words of the record's own rules, which are English."""
    shown, more = "; ".join(wrong[:SHOWN_AT_MOST]), len(wrong) - SHOWN_AT_MOST
    if more > 0:
        shown = say("{shown} and {count} more", shown=shown, count=more)
    folder = path.parent / "backups"
    hint = say('keep a copy of "{file}"; the newest backup lies in "{folder}"', file=path, folder=folder)
    return broken(name, say("it contradicts itself: {shown}", shown=shown), hint)


def _exposed_files(name: str, path: Path) -> Iterator[Finding]:
    if is_exposed(path):
        yield warning(name, say('"{file}" is open to others', file=path), f'chmod 600 "{path}"')


def _backups(name: str, path: Path, now: datetime) -> Iterator[Finding]:
    from reminders.journal.backups import folder_of

    copies = sorted(folder_of(path).glob("journal-????-??-??.db"))
    if not copies:
        yield ok(name, say("no backup yet; the daemon makes one each night"))
        return
    age = now - datetime.fromtimestamp(copies[-1].stat().st_mtime, UTC)
    if age > BACKUP_IS_OLD:
        detail = say("the newest backup is {days} days old", days=age.days)
        yield warning(name, detail, say("the daemon makes one each night: reminders run"))
    else:
        yield ok(name, say("newest backup: {file}", file=copies[-1].name))


# -- the configuration file ------------------------------------------------------------------------------------------


def configuration_mode(household: Household | None) -> Iterator[Finding]:
    """Tell whether others may read a file that holds what is only for its owner."""
    if household is None or household.source is None:
        return
    held = [say("the URL of {channel}", channel=spec.name) for spec in household.channels if _has_literal_secret(spec)]
    held += [say("health answers")] if any(_has_answers(person.profile) for person in household.people) else []
    if not held:
        return
    name, file = say("file permissions"), household.source
    try:
        is_open = is_exposed(file)
    except OSError as error:
        yield warning(name, say('"{file}" cannot be looked at: {reason}', file=file, reason=system_words(error)))
        return
    if is_open:
        instead = say("a URL can come from the environment (${NAME}) or from url_file instead")
        detail = say('"{file}" holds {secrets} and is open to others', file=file, secrets=", ".join(held))
        yield warning(name, detail, f'chmod 600 "{file}"; {instead}')
    else:
        yield ok(name, say('"{file}" is for its owner alone', file=file))


def _has_literal_secret(spec: ChannelSpec) -> bool:
    """Tell whether a URL that lets others in stands in the file: an ntfy topic is as good as a password."""
    from reminders.channels.channel_url import PLACEHOLDER

    if spec.kind is not ChannelKind.APPRISE or spec.url is None or PLACEHOLDER.search(spec.url):
        return False
    schema, _, rest = spec.url.strip().partition("://")
    is_plain = schema.lower() in _PLAIN_SCHEMAS and not set("@?") & set(rest)
    host, *path = rest.split("/")
    labels = [label for label in host.split(".") if any(map(str.isdigit, label))]  # a name that no person chose
    return not is_plain or any(len(part) >= _SECRET_AT_LEAST for part in (*labels, *path))


def _has_answers(profile: Profile) -> bool:
    return bool(profile.conditions or profile.medicines or profile.avoid or profile.state != "none")
