"""What stands beside the daemon's own work and lives as long as it does, such as the page."""

from __future__ import annotations

from typing import Protocol

from reminders.daemon.supply import Supply


class Annex(Protocol):
    """Opened once everything else runs, shut before it ends. Every method is called on the daemon's loop."""

    def open(self) -> None:
        """Begin; what goes wrong here must not hurt the daemon."""

    def exchange(self, supply: Supply) -> None:
        """Go on with a new household and its channels."""

    async def close(self) -> None:
        """End, within a few seconds."""
