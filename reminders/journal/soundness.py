"""Whether a large journal must be read through at a start: not when the last run left it sound and nobody touched it.

A note beside the journal (``journal.db.sound``) says when it was last read through, and how the file looked when the
last run ended in good order. A small journal is read through at every start, and has no note.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

# About two years of one person; it takes a twentieth of a second to read through.
LARGE_BYTES = 16 * 1024 * 1024
# Disks forget by themselves, without a trace in the file's times.
TRUSTED_FOR = timedelta(days=7)
_PRIVATE_FILE = 0o600


def needs_check(path: Path, now: datetime | None) -> bool:
    """Tell whether the journal must be read through; ``now`` None = nobody knows how long ago it was."""
    note = _read(path)
    if now is None or path.stat().st_size < LARGE_BYTES or note is None or _has_log(path):
        return True
    since = now - datetime.fromisoformat(note["checked_at"]).astimezone(UTC)
    return not timedelta(0) <= since < TRUSTED_FOR or note["seen"] != _look_of(path)


def begin(path: Path, now: datetime | None, *, was_checked: bool) -> None:
    """Take note that the journal is in use; a run that does not end in good order leaves it to be read through."""
    note = _read(path)
    if path.stat().st_size < LARGE_BYTES or now is None:
        forget(path)
    elif was_checked or note is not None:
        checked_at = now.isoformat() if was_checked or note is None else note["checked_at"]
        _write(path, {"checked_at": checked_at, "seen": None})


def end(path: Path) -> None:
    """Take note of how the closed journal looks, after a run that found nothing wrong with it."""
    note = _read(path)
    if note is not None and not _has_log(path):
        _write(path, {"checked_at": note["checked_at"], "seen": _look_of(path)})


def forget(path: Path) -> None:
    """Have the journal read through at the next start."""
    with suppress(OSError):
        _note_of(path).unlink(missing_ok=True)


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sound")


def _has_log(path: Path) -> bool:
    return path.with_name(f"{path.name}-wal").exists()


def _look_of(path: Path) -> list[int]:
    about = path.stat()
    return [about.st_ino, about.st_size, about.st_mtime_ns]


def _read(path: Path) -> dict[str, Any] | None:
    try:
        note = json.loads(_note_of(path).read_text(encoding="utf-8"))
        datetime.fromisoformat(note["checked_at"])
        return {"checked_at": note["checked_at"], "seen": note["seen"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, note: dict[str, Any]) -> None:
    # A note that cannot be written costs the next start a reading, nothing else; half a note is none.
    with suppress(OSError):
        _note_of(path).unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(_note_of(path), flags, _PRIVATE_FILE), "w", encoding="utf-8") as file:
            json.dump(note, file)
