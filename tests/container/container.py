"""Runs an image as ``docker-compose.yml`` says: read-only root, no rights, its own network, one writable folder."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.container.image import Image, entering

# What a published port comes in by: an address that is not the loopback one.
ADDRESS = "192.0.2.10"
DEADLINE_SECONDS = 60
STEPS_OUT_SECONDS = 10
ASK = """
import http.client, json, sys
address, method, path, headers, body = sys.argv[1:]
connection = http.client.HTTPConnection(address, 8377, timeout=20)
connection.request(method, path, body=body or None, headers=json.loads(headers))
reply = connection.getresponse()
print(json.dumps([reply.status, dict(reply.getheaders()), reply.read().decode()]))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """What the compose file says of the daemon, its variables filled in."""

    environment: dict[str, str]
    tmpfs: list[str]
    port: str


def read_service(path: Path, variables: Mapping[str, str]) -> Service:
    """Read the daemon's part of a compose file. Raises ValueError for a variable that is needed and empty."""
    about: dict[str, Any] = yaml.safe_load(path.read_text())["services"]["reminders"]
    assert (about["read_only"], about["cap_drop"]) == (True, ["ALL"])
    environment = {name: _filled(str(value), variables) for name, value in about["environment"].items()}
    return Service(environment=environment, tmpfs=about["tmpfs"], port=about["ports"][0])


def _filled(text: str, variables: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        if variables.get(name):
            return variables[name]
        if kind == "?":
            raise ValueError(f"{name}: {rest}")
        return str(rest or "")

    return re.sub(r"\$\{(\w+)(?::([-?])([^}]*))?\}", value, text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the page answered; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: str


class Container:
    """A started image; the daemon is the first process of its namespace, and ``kill`` ends all of it."""

    def __init__(self, image: Image, service: Service, *, data: Path, config: Path, log: Path) -> None:
        """Start it on a folder for its data and one with its schedule; ``log`` takes what it says."""
        self._image, self._log = image, log
        self._environment = {**image.environment, **service.environment}
        folders = [f"mount --bind {_in(data)} {self._at('data')}", *self._read_only(config, "config")]
        for line in service.tmpfs:
            target, _, options = line.partition(":")
            folders.append(f"mount -t tmpfs -o {shlex.quote(options)} tmpfs {self._at(target.lstrip('/'))}")
        network = ["ip link set lo up", f"ip address add {ADDRESS}/24 dev lo"]
        root = f"mount -o remount,bind,ro {_in(image.root)}"
        command = entering(image.root, [*network, *folders, root], self._as_nobody(image.command))
        command[1:1] = ["--net", "--ipc"]
        with log.open("ab") as file:
            self._process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text()

    def until(self, met: Callable[[], bool], seconds: float = DEADLINE_SECONDS) -> float:
        """Wait for something to come to pass, and return how many seconds that took."""
        began = time.monotonic()
        while not met():
            assert time.monotonic() < began + seconds, f"it did not come to pass: {self.log}"
            assert self._process.poll() is None, f"it ended: {self.log}"
            time.sleep(0.2)
        return time.monotonic() - began

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside, as the same user."""
        return self._inside("chroot", str(self._image.root), *self._as_nobody(command))

    def is_healthy(self) -> bool:
        """Ask as the engine does."""
        return self._children() != [] and self.run(*self._image.health_command).returncode == 0

    def ask(self, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: str = "") -> Reply:
        """Ask the page as one does through the published port of this machine."""
        told = json.dumps({"Host": "127.0.0.1:8377", **(headers or {})})
        done = self._inside(sys.executable, "-c", ASK, ADDRESS, method, path, told, body)
        assert done.returncode == 0, done.stderr
        status, found, text = json.loads(done.stdout)
        return Reply(status=status, headers={name.lower(): value for name, value in found.items()}, body=text)

    def signal(self, number: signal.Signals) -> None:
        """Send the daemon a signal."""
        os.kill(self._first(), number)

    def stop(self, seconds: float) -> int:
        """Ask it to end, as the engine does, and return its exit code. Raises TimeoutExpired."""
        self.signal(signal.SIGTERM)
        return self.wait(seconds)

    def wait(self, seconds: float = DEADLINE_SECONDS) -> int:
        """Return its exit code once it has ended. Raises TimeoutExpired."""
        return self._process.wait(seconds)

    def kill(self) -> None:
        """End it, and with it everything inside."""
        # What ends a child with its parent is lost when the child changes its user, so the child is ended itself.
        for pid in self._children():
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STEPS_OUT_SECONDS)
        self._process.kill()
        self._process.wait(DEADLINE_SECONDS)

    def _first(self) -> int:
        """Return the pid, as this machine counts, of the first process inside."""
        (pid,) = self._children()
        return pid

    def _children(self) -> list[int]:
        """Return the first process inside, or nothing when it has not begun or is over."""
        pid = self._process.pid
        try:
            return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def _inside(self, *command: str) -> subprocess.CompletedProcess[str]:
        enter = ["nsenter", "--target", str(self._first()), "--mount", "--pid", "--net", "--ipc"]
        return subprocess.run([*enter, *command], capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=False)

    def _as_nobody(self, command: list[str] | tuple[str, ...]) -> list[str]:
        user = str(self._image.user)
        who = ["--reuid", user, "--regid", user, "--clear-groups", "--bounding-set", "-all", "--no-new-privs"]
        variables = [f"{name}={value}" for name, value in self._environment.items()]
        return ["/usr/bin/setpriv", *who, "--", "/usr/bin/env", "-i", *variables, *command]

    def _read_only(self, source: Path, target: str) -> list[str]:
        return [f"mount --bind {_in(source)} {self._at(target)}", f"mount -o remount,bind,ro {self._at(target)}"]

    def _at(self, inside: str) -> str:
        return _in(self._image.root / inside)


def _in(path: Path) -> str:
    return shlex.quote(str(path))
