"""``python -m reminders`` is the command ``reminders``."""

from __future__ import annotations

from reminders.cli import main

if __name__ == "__main__":
    main(prog_name="reminders")
