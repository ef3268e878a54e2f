"""Copies of the journal: one a day, one before each migration, and the way back."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from reminders.catalogue.phrases import say
from reminders.catalogue.system_words import system_words
from reminders.domain.errors import JournalFault, JournalUnavailable
from reminders.journal import migrations, soundness
from reminders.journal.transaction import translated

KEPT = 7
_DAILY = "journal-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].db"
_PRIVATE_FILE = 0o600
_PRIVATE_DIRECTORY = 0o700


def folder_of(journal: Path) -> Path:
    """Return the folder of a journal's backups."""
    return journal.parent / "backups"


def daily(connection: sqlite3.Connection, journal: Path, now: datetime) -> Path:
    """Write today's backup (the UTC date), in place of an older one of today; keep the newest seven.

    Raises JournalUnavailable, and then no backup was touched.
    """
    target = folder_of(journal) / f"journal-{now.astimezone(UTC):%Y-%m-%d}.db"
    try:
        _copy(connection, target)
    except JournalUnavailable as error:
        if error.cause is JournalFault.CORRUPT:
            soundness.forget(journal)
        raise
    for old in sorted(target.parent.glob(_DAILY))[:-KEPT]:
        old.unlink()
    return target


def before_migration(connection: sqlite3.Connection, journal: Path, version: int) -> Path:
    """Write a copy of the journal as it is before it is migrated from ``version``."""
    target = folder_of(journal) / f"before-migration-from-{version}.db"
    _copy(connection, target)
    return target


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    building = target.with_name(f"{target.name}.new-{os.getpid()}")
    with _disk_troubles():
        target.parent.mkdir(mode=_PRIVATE_DIRECTORY, exist_ok=True)
        target.parent.chmod(_PRIVATE_DIRECTORY)
        discard(building)
        create_private(building)
        try:
            _copy_pages(connection, building)
            if not _is_sound(building, None):
                raise JournalUnavailable(say("the journal is damaged: its copy does not hold"), JournalFault.CORRUPT)
            _sync(building)
            building.replace(target)
            _sync(target.parent)
        finally:
            discard(building)


def _copy_pages(connection: sqlite3.Connection, target: Path) -> None:
    with translated():
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            connection.backup(copy)
        finally:
            copy.close()


def newest_sound(journal: Path, version: int) -> Path | None:
    """Return the newest daily backup that holds and is not newer than ``version``; None = there is none."""
    candidates = sorted(folder_of(journal).glob(_DAILY), reverse=True)
    return next((backup for backup in candidates if _is_sound(backup, version)), None)


def forget_others(journal: Path, fresh: Path, holds: Callable[[sqlite3.Connection], bool]) -> None:
    """Delete every other copy, those before a migration included, that holds what is to be forgotten, or may.

    Raises JournalUnavailable for one that cannot be deleted.
    """
    with _disk_troubles():
        for copy in sorted(folder_of(journal).glob("*.db")):
            if copy != fresh and _may_hold(copy, holds):
                copy.unlink()


def _may_hold(copy: Path, holds: Callable[[sqlite3.Connection], bool]) -> bool:
    try:
        connection = _open_still(copy)
        try:
            return holds(connection)
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return True


def _open_still(copy: Path) -> sqlite3.Connection:
    # immutable: no -wal and -shm beside a file that nobody else writes.
    return sqlite3.connect(f"file:{quote(str(copy.absolute()))}?mode=ro&immutable=1", uri=True)


def _is_sound(copy: Path, version: int | None) -> bool:
    if copy.is_symlink() or copy.stat().st_size == 0:
        return False
    try:
        connection = _open_still(copy)
        try:
            checked = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            known = version is None or migrations.version_of(connection) <= version
            return bool(checked and known and migrations.is_ours(connection))
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False


def copy_file(backup: Path, target: Path) -> None:
    """Copy a backup into a file that is there already, and keep its mode."""
    import shutil  # noqa: PLC0415  needed after damage only

    with _disk_troubles():
        shutil.copyfile(backup, target)


def create_private(path: Path) -> None:
    """Create an empty file for its owner alone whatever the umask; FileExistsError when something is there."""
    with _disk_troubles():
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE_FILE)
        os.close(descriptor)
        path.chmod(_PRIVATE_FILE)


def put_in_place(building: Path, path: Path) -> None:
    """Give a finished file its name; when another process was faster, its file stays."""
    with _disk_troubles():
        _sync(building)
        try:
            os.link(building, path)
        except FileExistsError:
            return
        except OSError:
            # A file system without hard links.
            building.replace(path)
        _sync(path.parent)


def discard(building: Path) -> None:
    """Remove an unfinished file and its companions; nothing happens when there is none."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            building.with_name(building.name + suffix).unlink()


def _sync(path: Path) -> None:
    # Closing a descriptor of a file drops this process's locks on it: never do this to the journal in use.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _disk_troubles() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        file = error.filename or say("the journal")
        told = say("{file} cannot be written: {reason}", file=file, reason=system_words(error))
        raise JournalUnavailable(told, _fault(error)) from error


def _fault(error: OSError) -> JournalFault:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return JournalFault.DISK_FULL
    return JournalFault.READ_ONLY if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) else JournalFault.UNUSABLE
