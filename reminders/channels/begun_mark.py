"""The mark that a sender's child sets once it has begun to send, so that one that was killed is judged rightly."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME_BYTES = 8


class BegunMarks:
    """Empty files, one for each send under way, in ``folder``; None = each in a temporary folder of its own."""

    def __init__(self, folder: Path | None = None) -> None:
        """Make nothing yet."""
        self._folder = folder

    def clear(self) -> None:
        """Remove what a daemon left behind that was killed; only for who has the data directory to itself."""
        with contextlib.suppress(OSError):
            for mark in self._folder.iterdir() if self._folder is not None else ():
                mark.unlink(missing_ok=True)

    @contextmanager
    def new(self) -> Iterator[Path | None]:
        """Give a path that exists once the child has begun to send; None where no file can be made."""
        if self._folder is None:
            with _temporary() as mark:
                yield mark
            return
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            yield None
            return
        mark = self._folder / secrets.token_hex(NAME_BYTES)
        try:
            yield mark
        finally:
            with contextlib.suppress(OSError):
                mark.unlink(missing_ok=True)


@contextmanager
def _temporary() -> Iterator[Path | None]:
    import tempfile  # noqa: PLC0415 - not for a daemon, which keeps its marks with its data

    try:
        folder = tempfile.TemporaryDirectory(prefix="reminders-", ignore_cleanup_errors=True)
    except OSError:
        yield None
        return
    with folder as path:
        yield Path(path) / "begun"
