"""The child that reads the configuration: ``{"path": ...}`` in, household, problems and variables out, as JSON.

The request may hold ``"schemas"``, those of URLs that messages can be sent to, the present ``"year"``, and the
``"language"`` that problems are told in.
"""

from __future__ import annotations

import json
import os
import sys

from reminders.catalogue.phrases import ENGLISH, speak
from reminders.settings.compiled import household_to_json
from reminders.settings.problems import problems_json
from reminders.settings.reading import read_configuration


def main() -> None:
    """Answer the one request on standard input."""
    request = json.load(sys.stdin)
    speak(request.get("language", ENGLISH))
    reading = read_configuration(request["path"], os.environ, request.get("schemas"), request.get("year"))
    reply = {
        "household": None if reading.household is None else household_to_json(reading.household),
        **problems_json(reading.problems),
        "variables": list(reading.variables),
    }
    json.dump(reply, sys.stdout)


if __name__ == "__main__":
    main()
