"""A place of its own for every run: data, configuration and compiled bytecode in one temporary folder.

Both sides of a comparison start with their bytecode compiled, as an installed program does, whatever the environment
says; the first start of each is thrown away.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NIGHT_HOUR = 1
EAST_AT_MOST = 14
DEFAULT_DAY = """\
timezone: {zone}
me:
  awake: 07:00-22:30
  work: {{hours: 09:00-17:30, days: mon-fri}}
  profile: {{conditions: none, medicines: none}}
channels: {{here: console://}}
habits:
  hydration: {{every: 2h, within: awake}}
  movement: {{every: 60min, within: work}}
  warm_up: {{before: training, lead: 10min}}
  cool_down: {{after: training}}
  calcium_meal: {{at: ["07:45"]}}
  potassium_meal: {{at: ["12:15"]}}
training:
  - {{name: Gym, days: [tue, thu], at: "18:30", lasts: 60min}}
limits: {{per_day: 12, gap: 30min, merge: 30min}}
web: {{port: {port}}}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A folder made ready; ``data`` is the daemon's directory, ``config`` its file."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def config(self) -> Path:
        return self.folder / "reminders.yaml"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("REMINDERS_", "XDG_"))}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        return kept | {
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),
        }

    def make_ready(self) -> Place:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        zone = zone_where_it_is_night(datetime.now(UTC))
        self.config.write_text(DEFAULT_DAY.format(zone=zone, port=free_port()), encoding="utf-8")
        return self

    @property
    def page(self) -> str:
        """The page's address, as the file has it."""
        port = self.config.read_text(encoding="utf-8").rpartition("port: ")[2].partition("}")[0]
        return f"http://127.0.0.1:{port}"

    def beside(self, name: str, channels: str) -> Place:
        """Return a place of its own with the same bytecode, whose channels are these in YAML's short form."""
        other = Place(folder=self.folder / name).make_ready()
        text = other.config.read_text(encoding="utf-8")
        other.config.write_text(text.replace("{here: console://}", channels), encoding="utf-8")
        (other.folder / "bytecode").symlink_to(self.folder / "bytecode")
        return other

    def reminders(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "reminders", *arguments]

    def where(self) -> tuple[str, ...]:
        return "--config", str(self.config), "--data-dir", str(self.data)

    def module(self, name: str, *arguments: str) -> list[str]:
        return [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments]

    def output_of(self, command: list[str]) -> str:
        finished = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {finished.returncode}:\n{finished.stderr}")
        return finished.stdout


def free_port() -> int:
    """Return a port nobody listens on at this moment."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def zone_where_it_is_night(now: datetime) -> str:
    """Return a zone in which it is about one o'clock, so that nothing falls due while the idle daemon is watched."""
    hours_east = (NIGHT_HOUR - now.hour) % 24
    if hours_east > EAST_AT_MOST:
        hours_east -= 24
    # POSIX names count hours to the west.
    return "Etc/GMT" if hours_east == 0 else f"Etc/GMT{-hours_east:+d}"
