"""``python -m reminders`` is the command ``reminders``."""

from __future__ import annotations

import gc


def start() -> None:
    """Run the command; the daemon's own process begins here as well."""
    # Looking for garbage while modules are imported is a tenth of the time until the daemon is armed, which then turns
    # it on. The other verbs are over before there is any to speak of.
    gc.disable()
    from reminders.cli import main  # noqa: PLC0415

    main(prog_name="reminders")


if __name__ == "__main__":
    start()
