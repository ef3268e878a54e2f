"""One daemon a data directory: the lock that says so, and the note about who holds it.

The lock (``daemon.lock``) is the truth; the note (``daemon.json``) is for people and for poking. A note left behind by
a killed daemon means nothing, whoever has its pid now.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import reminders
from reminders.catalogue.phrases import say
from reminders.catalogue.system_words import system_words
from reminders.daemon.process import process_mark
from reminders.daemon.pulse import Pulse, last_beat
from reminders.domain.errors import JournalUnavailable, StartRefused

LOCK_NAME = "daemon.lock"
NOTE_NAME = "daemon.json"
MOUNTS = Path("/proc/mounts")
NETWORK_FILESYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs"})
# A command that asks whether the daemon runs holds the lock for an instant; a start must not stumble over it.
ATTEMPTS = 10
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningDaemon:
    """The daemon that holds the lock.

    ``pid`` None = it has just started and left no note yet; then the rest is None too. ``config`` None = the built-in
    starter. ``started_at`` is in UTC. ``loaded_at`` is when the configuration was last read again, ``refused`` why that
    one is not used, ``degraded`` why the daemon cannot do its work, ``is_still`` because it hangs; None = nothing of
    the kind. ``unbuilt`` is why a channel of the file cannot be used, by its name, and ``is_printing`` = none can, so
    that nudges are printed where the daemon runs. ``unheard`` is why answers that are pressed on a channel cannot be
    heard, by its name. ``beat_seconds`` is the monotonic clock at its last heartbeat; None = it had none yet. ``page``
    is where the page is, ``page_trouble`` why it cannot be seen. ``presence`` says what is known of the desk, and from
    whom; None = nobody looks.
    """

    pid: int | None = None
    version: str | None = None
    config: str | None = None
    started_at: datetime | None = None
    loaded_at: str | None = None
    refused: str | None = None
    degraded: str | None = None
    unbuilt: Mapping[str, str] = field(default_factory=dict)
    is_printing: bool = False
    unheard: Mapping[str, str] = field(default_factory=dict)
    beat_seconds: float | None = None
    page: str | None = None
    page_trouble: str | None = None
    presence: str | None = None
    is_still: bool = False


class DaemonLock:
    """A held lock; ``release`` or the end of the process lets go of it."""

    def __init__(self, data_dir: Path, descriptor: int, note: dict[str, object], pulse: Pulse) -> None:
        """Keep the descriptor open: the lock lives as long as it does."""
        self.pulse = pulse
        self._note = data_dir / NOTE_NAME
        self._descriptor: int | None = descriptor
        self._content = note
        self._is_told = True

    def report(self, news: Mapping[str, object]) -> None:
        """Put news into the note for other commands; what is there already costs nothing.

        A note that cannot be written is left as it was, and written at the next report, whatever that says.
        """
        self._is_told &= all(self._content.get(name) == value for name, value in news.items())
        self._content |= news
        if self._descriptor is not None and not self._is_told:
            with contextlib.suppress(OSError):
                _rewrite_note(self._note.parent, self._content)
                self._is_told = True

    def release(self) -> None:
        """Remove the note and let go; a second call does nothing."""
        if self._descriptor is None:
            return
        self.pulse.stop()
        with contextlib.suppress(OSError):
            self._note.unlink()
        os.close(self._descriptor)
        self._descriptor = None


def acquire(data_dir: Path, *, config: str | None, started_at: datetime, mounts: Path = MOUNTS) -> DaemonLock:
    """Take the data directory, creating it (0700) where it is missing, and leave the note.

    Steps, in this order: refuse a network file system, take the lock, ignore pokes until the daemon listens for them
    (an unhandled one would end it), write the note. Raises StartRefused, also when another daemon has the lock.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_network_filesystem(data_dir, mounts)
        _warn_of_exposure(data_dir)
        descriptor = os.open(data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        told = say('cannot use the data directory "{folder}": {reason}', folder=data_dir, reason=system_words(error))
        raise StartRefused(told) from None
    if not _lock_patiently(descriptor):
        os.close(descriptor)
        raise StartRefused(_who_runs(data_dir))
    try:
        _ignore_pokes_for_now()
        note = _first_note(config, started_at)
        pulse = Pulse(data_dir)
        _write_note(data_dir, note)
    except OSError as error:
        os.close(descriptor)
        told = say(
            'cannot write to the data directory "{folder}": {reason}', folder=data_dir, reason=system_words(error)
        )
        raise StartRefused(told) from None
    return DaemonLock(data_dir, descriptor, note, pulse)


def running_daemon(data_dir: Path) -> RunningDaemon | None:
    """Return who holds the lock; None when nobody does. Raises JournalUnavailable when the lock cannot be read."""
    try:
        descriptor = os.open(data_dir / LOCK_NAME, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    except FileNotFoundError:
        return None
    except OSError as error:
        told = say('cannot read the data directory "{folder}": {reason}', folder=data_dir, reason=system_words(error))
        raise JournalUnavailable(told) from None
    try:
        return None if _try_lock(descriptor, shared=True) else _read_note(data_dir)
    finally:
        os.close(descriptor)


def poke(data_dir: Path) -> bool:
    """Tell the running daemon that the journal changed; False when none runs or it will see for itself.

    Raises JournalUnavailable when the lock cannot be read.
    """
    return sys.platform != "win32" and _signal(data_dir, signal.SIGUSR1)


def ask_to_reload(data_dir: Path) -> bool:
    """Tell the running daemon to read its configuration again; as ``poke``."""
    return sys.platform != "win32" and _signal(data_dir, signal.SIGHUP)


def _signal(data_dir: Path, number: signal.Signals) -> bool:
    daemon = running_daemon(data_dir)
    if daemon is None or daemon.pid is None:
        return False
    try:
        os.kill(daemon.pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _who_runs(data_dir: Path) -> str:
    pid = _read_note(data_dir).pid
    if pid is None:
        return say('already running, and still starting, on the data directory "{folder}"', folder=data_dir)
    return say('already running, pid {pid}, on the data directory "{folder}"', pid=pid, folder=data_dir)


def _lock_patiently(descriptor: int) -> bool:
    for _ in range(ATTEMPTS - 1):
        if _try_lock(descriptor):
            return True
        time.sleep(PAUSE_SECONDS)
    return _try_lock(descriptor)


def _try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock if it is free. The shared form is for asking: two who ask do not see each other."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the latter is how Windows says it
        return False
    return True


def _ignore_pokes_for_now() -> None:
    if sys.platform != "win32":
        # In a thread that may not set it there is no daemon to protect.
        with contextlib.suppress(ValueError):
            for number in (signal.SIGUSR1, signal.SIGHUP):
                if signal.getsignal(number) is signal.SIG_DFL:
                    signal.signal(number, signal.SIG_IGN)


def _first_note(config: str | None, started_at: datetime) -> dict[str, object]:
    return {
        "pid": os.getpid(),
        "process": process_mark(os.getpid()),
        "version": reminders.__version__,
        "config": config,
        "started_at": started_at.isoformat(),
    }


def _write_note(data_dir: Path, note: Mapping[str, object]) -> None:
    draft = data_dir / f"{NOTE_NAME}.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(note, file)
    draft.replace(data_dir / NOTE_NAME)


def _rewrite_note(data_dir: Path, note: Mapping[str, object]) -> None:
    """Write the note anew; on a full disk, into the room that it has, so that it can still say what is wrong."""
    try:
        _write_note(data_dir, note)
    except OSError as error:
        (data_dir / f"{NOTE_NAME}.new").unlink(missing_ok=True)
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        descriptor = os.open(data_dir / NOTE_NAME, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "wb") as file:
            file.write(json.dumps(note).encode())
            file.truncate()


def _read_note(data_dir: Path) -> RunningDaemon:
    """Read the note of a daemon known to run; one that its process did not write is not believed."""
    try:
        note = json.loads((data_dir / NOTE_NAME).read_text(encoding="utf-8"))
        if process_mark(note["pid"]) != note["process"]:
            return RunningDaemon()
        return RunningDaemon(
            pid=note["pid"],
            version=note["version"],
            config=note["config"],
            started_at=datetime.fromisoformat(note["started_at"]),
            loaded_at=note.get("loaded_at"),
            refused=note.get("refused"),
            degraded=note.get("degraded"),
            page=note.get("page"),
            page_trouble=note.get("page_trouble"),
            presence=note.get("presence"),
            unbuilt={str(name): str(why) for name, why in note.get("unbuilt", {}).items()},
            is_printing=note.get("is_printing") is True,
            unheard={str(name): str(why) for name, why in note.get("unheard", {}).items()},
            beat_seconds=last_beat(data_dir),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return RunningDaemon()


def _refuse_network_filesystem(data_dir: Path, mounts: Path) -> None:
    kind = filesystem_of(data_dir, mounts)
    if kind in NETWORK_FILESYSTEMS:
        raise StartRefused(
            say(
                'the data directory "{folder}" is on {kind}, where locks and the journal are not safe; '
                "choose a local one with --data-dir",
                folder=data_dir,
                kind=kind,
            )
        )


def filesystem_of(directory: Path, mounts: Path = MOUNTS) -> str | None:
    """Return the type of the file system that holds the directory; None where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    place = directory.resolve()
    found: tuple[int, str] | None = None
    for fields in (line.split(" ") for line in lines):
        point = Path(fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        # A later line of the same depth was mounted over the earlier one.
        if place.is_relative_to(point) and (found is None or len(point.parts) >= found[0]):
            found = (len(point.parts), fields[2])
    return found[1] if found else None


def _warn_of_exposure(data_dir: Path) -> None:
    if sys.platform == "win32":
        return
    about = data_dir.stat()
    mode = about.st_mode & 0o777
    if mode & 0o077:
        fields = {"path": str(data_dir), "mode": f"{mode:04o}", "hint": f'chmod 700 "{data_dir}"'}
        _warn("data_directory.exposed", fields)
    if about.st_uid != os.geteuid():
        hint = "its owner can read and change what is kept there; choose one of your own with --data-dir"
        owners = {"owner_uid": about.st_uid, "own_uid": os.geteuid()}
        _warn("data_directory.foreign", {"path": str(data_dir), **owners, "hint": hint})


def _warn(event: str, fields: Mapping[str, object]) -> None:
    import logging  # noqa: PLC0415  the commands that only ask for the lock log nothing

    logging.getLogger("reminders.daemon").warning(event, extra={"fields": fields})
