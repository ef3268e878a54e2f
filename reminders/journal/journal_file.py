"""The journal's file: found or created private, checked, migrated, and put aside for a backup when it is damaged."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from reminders.catalogue.phrases import ENGLISH, phrase, say, speaking
from reminders.catalogue.system_words import system_words
from reminders.domain.errors import JournalFault, JournalUnavailable, StartRefused
from reminders.journal import backups, migrations, recovery, soundness
from reminders.journal.migrations import Migration
from reminders.journal.recovery import Recovery
from reminders.journal.transaction import translated, writing

BUSY_SECONDS = 5.0
COMPANIONS = ("-wal", "-shm")
_PRIVATE_FILE = 0o600
_PRIVATE_DIRECTORY = 0o700


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Return a connection with the journal's settings; raises JournalUnavailable."""
    mode = "ro" if read_only else "rw"
    with translated():
        connection = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA trusted_schema = OFF")
            # In KiB: turns read the end of the journal, and SQLite's own 2 MB would fill up as the weeks go by.
            connection.execute("PRAGMA cache_size = -256")
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def open_to_read(path: Path, steps: tuple[Migration, ...]) -> sqlite3.Connection:
    """Return a connection that cannot write. Raises JournalUnavailable, or StartRefused for a newer journal."""
    if not is_there(path):
        raise JournalUnavailable(say("there is no journal at {file} yet", file=path), JournalFault.ABSENT)
    _refuse_empty(path)
    connection = connect(path, read_only=True)
    try:
        with translated():
            _refuse_foreign(connection, path)
            migrations.refuse_newer(connection, steps)
            _refuse_older(connection, path, steps)
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_write(path: Path, steps: tuple[Migration, ...]) -> sqlite3.Connection:
    """Return a connection to the journal, created or brought up to date first.

    Raises JournalUnavailable, or StartRefused for a file that is not ours or from a newer release.
    """
    make_directory(path.parent)
    if not is_there(path):
        _create(path, steps)
    _inspect(path, steps)
    connection = connect(path)
    try:
        _make_private(path)
        with translated():
            _write_ahead(connection)
            if migrations.version_of(connection) < steps[-1].version:
                backups.before_migration(connection, path, migrations.version_of(connection))
                migrations.migrate(connection, steps)
    except BaseException:
        connection.close()
        raise
    return connection


def size_bytes(path: Path) -> int:
    """Return what the journal takes up on the disk, its log included."""
    parts = [path, *(path.with_name(path.name + companion) for companion in COMPANIONS)]
    return sum(part.stat().st_size for part in parts if part.exists())


def _inspect(path: Path, steps: tuple[Migration, ...]) -> None:
    # Only a connection that cannot write leaves a refused file as it was, down to its log.
    _refuse_empty(path)
    connection = connect(path, read_only=True)
    try:
        with translated():
            _refuse_foreign(connection, path)
            migrations.refuse_newer(connection, steps)
    finally:
        connection.close()


def _write_ahead(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")


def mend(path: Path, steps: tuple[Migration, ...], now: datetime | None) -> Recovery | None:
    """Check the journal, where it must be, and put it aside when it is damaged; None = it is sound, or not there yet.

    So is whatever else lies in its place: a folder, a link, which is not followed. The newest sound backup takes its
    place. ``now`` names the file put aside; None = when that was last written. Raises JournalUnavailable when there is
    no room for the new one, and StartRefused when the old one cannot be moved; nothing was changed then.
    """
    with speaking(ENGLISH):  # the reason goes on record
        reason = _reason_to_mend(path, now)
    if reason is None:
        return None
    done = Recovery(
        quarantined=_aside(path, now), reason=reason, restored_from=backups.newest_sound(path, steps[-1].version)
    )
    building = _building(path)
    try:
        _build(building, steps, done)
        _move(path, done.quarantined)
        backups.put_in_place(building, path)
    finally:
        backups.discard(building)
    return done


def _reason_to_mend(path: Path, now: datetime | None) -> str | None:
    reason = _stranger(path)
    if reason is None and path.exists():
        must_check = soundness.needs_check(path, now)
        reason = _damage(path) if must_check else None
        if reason is None:
            soundness.begin(path, now, was_checked=must_check)
    return reason


def _damage(path: Path) -> str | None:
    try:
        _refuse_empty(path)
        connection = connect(path, read_only=True)
        try:
            with translated():
                found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
        finally:
            connection.close()
    except JournalUnavailable as error:
        if error.cause is JournalFault.CORRUPT:
            return str(error)
        raise
    return None if found == ["ok"] else "; ".join(found)


def _aside(path: Path, now: datetime | None) -> Path:
    """Return a free name for the damaged journal."""
    written = path.lstat().st_mtime if os.path.lexists(path) else path.parent.stat().st_mtime
    moment = now or datetime.fromtimestamp(written, UTC)
    wanted = path.with_name(f"{path.stem}.corrupt-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    target, number = wanted, 1
    while any(os.path.lexists(f"{target}{suffix}") for suffix in ("", *COMPANIONS)):
        number += 1
        target = wanted.with_name(f"{wanted.name}-{number}")
    return target


def _move(path: Path, target: Path) -> None:
    # The log goes first: left behind, it would be taken for that of the next journal.
    for suffix in (*COMPANIONS, ""):
        try:
            path.with_name(path.name + suffix).rename(target.with_name(target.name + suffix))
        except FileNotFoundError:
            continue
        except OSError as error:
            told = say("{file} is damaged and cannot be put aside: {reason}", file=path, reason=system_words(error))
            raise StartRefused(told) from error


def is_there(path: Path) -> bool:
    """Tell whether the journal exists. Raises StartRefused for a link, a folder or anything else in its place."""
    stranger = _stranger(path)
    if stranger is not None:
        raise StartRefused(say("{trouble}: move it away, or name another place", trouble=stranger))
    return path.exists()


def _stranger(path: Path) -> str | None:
    """Return in words what is no plain file among the journal and its companions; None = all that is there is."""
    for name in (path.name, *(path.name + companion for companion in COMPANIONS)):
        file = path.with_name(name)
        with suppress(FileNotFoundError):
            mode = _mode(file)
            if not stat.S_ISREG(mode):
                return say(_kind(mode), file=file)
    return None


def _mode(file: Path) -> int:
    try:
        return file.lstat().st_mode
    except (PermissionError, NotADirectoryError) as error:
        raise StartRefused(
            say("{file} cannot be looked at: {reason}", file=file, reason=system_words(error))
        ) from error


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return phrase("{file} is a symbolic link, not a plain file")
    if stat.S_ISDIR(mode):
        return phrase("{file} is a directory, not a plain file")
    return phrase("{file} is a device or a pipe, not a plain file")


def _refuse_empty(path: Path) -> None:
    if path.stat().st_size == 0:
        raise JournalUnavailable(say("the journal is damaged: {file} is empty", file=path), JournalFault.CORRUPT)


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    if not migrations.is_ours(connection):
        told = say("{file} is a database of something else: move it away, or name another place", file=path)
        raise StartRefused(told)


def _refuse_older(connection: sqlite3.Connection, path: Path, steps: tuple[Migration, ...]) -> None:
    if migrations.version_of(connection) < steps[-1].version:
        raise JournalUnavailable(say("the journal at {file} waits for the daemon to bring it up to date", file=path))


def make_directory(directory: Path) -> None:
    """Create the folder, and those above it, for its owner alone whatever the umask; one that is there stays."""
    if directory.is_dir():
        return
    try:
        if not directory.parent.is_dir():
            make_directory(directory.parent)
        with suppress(FileExistsError):
            directory.mkdir(mode=_PRIVATE_DIRECTORY)
            directory.chmod(_PRIVATE_DIRECTORY)
    except OSError as error:
        told = say("the folder {folder} cannot be created: {reason}", folder=directory, reason=system_words(error))
        raise StartRefused(told) from error


def _make_private(path: Path) -> None:
    for name in (path.name, *(path.name + companion for companion in COMPANIONS)):
        file = path.with_name(name)
        with suppress(FileNotFoundError, PermissionError):
            if stat.S_IMODE(file.lstat().st_mode) != _PRIVATE_FILE:
                file.chmod(_PRIVATE_FILE)


def _create(path: Path, steps: tuple[Migration, ...]) -> None:
    # Built under another name and put in place whole: nobody ever meets a journal that is half there.
    building = _building(path)
    try:
        _build(building, steps)
        backups.put_in_place(building, path)
    finally:
        backups.discard(building)


def _building(path: Path) -> Path:
    building = path.with_name(f"{path.name}.new-{os.getpid()}")
    backups.discard(building)
    return building


def _build(building: Path, steps: tuple[Migration, ...], done: Recovery | None = None) -> None:
    """Make an empty journal; ``done`` = one that takes the place of another, from its backup where there is one."""
    backups.create_private(building)
    if done is not None and done.restored_from is not None:
        backups.copy_file(done.restored_from, building)
    connection = connect(building)
    try:
        with translated():
            _write_ahead(connection)
        migrations.migrate(connection, steps)
        if done is not None:
            with writing(connection):
                recovery.remember(connection, done)
    finally:
        connection.close()
