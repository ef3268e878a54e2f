"""A real desktop: a session bus of its own, and dunst on an X display nobody sees."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.channels.servers import eventually, need

BUS_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>ADDRESS</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass
class SessionBus:
    """A D-Bus session bus at a fixed address. It starts no service by itself."""

    address: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        socket_file = Path(self.address.partition("=")[2])
        configuration = socket_file.with_suffix(".conf")
        configuration.write_text(BUS_CONFIGURATION.replace("ADDRESS", self.address))
        self.process = subprocess.Popen(
            ["dbus-daemon", "--nofork", f"--config-file={configuration}"], stderr=subprocess.DEVNULL
        )
        eventually(lambda: socket_file.is_socket() and _accepts(socket_file), "the session bus is there")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None


def _accepts(socket_file: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as sock:
        return sock.connect_ex(str(socket_file)) == 0


DUNSTRC = """[global]
    width = 420
    height = 300
    offset = 10x10
    origin = top-left
    markup = full
    format = "<b>%s</b>\\n%b"
    font = Sans 11
    show_indicators = yes
    history_length = 20
    dmenu = MENU
[urgency_normal]
    timeout = 60
"""


@dataclass
class Desktop:
    """An X display with a session bus and dunst on it."""

    environment: Mapping[str, str]
    configuration: Path
    dunst: subprocess.Popen[bytes] | None = None

    def start_dunst(self) -> None:
        self.dunst = subprocess.Popen(
            ["dunst", "-config", str(self.configuration)], env=self.environment, stderr=subprocess.DEVNULL
        )
        eventually(lambda: self.ask("count") is not None, "dunst answers")

    def stop_dunst(self) -> None:
        if self.dunst is not None:
            self.dunst.terminate()
            self.dunst.wait()
            self.dunst = None

    def ask(self, *words: str) -> str | None:
        """Run dunstctl and return what it prints; None when dunst does not answer."""
        done = subprocess.run(
            ["dunstctl", *words], env=self.environment, capture_output=True, text=True, check=False, timeout=10
        )
        return done.stdout.strip() if done.returncode == 0 else None

    def shown(self) -> int:
        return int(self.ask("count", "displayed") or 0)

    def history(self) -> list[dict[str, Any]]:
        """Return what dunst has put away, newest first, as {field: value}."""
        (entries,) = json.loads(self.ask("history") or '{"data":[[]]}')["data"]
        return [{name: told["data"] for name, told in entry.items()} for entry in entries]

    def press(self, key: str) -> None:
        """Press the button with this action key, in the menu dunst offers for what it shows."""
        self.configuration.with_name("choice").write_text(f",{key}]\n")
        self.ask("context")

    def screenshot(self, path: Path) -> None:
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True, timeout=20)


@contextlib.contextmanager
def running_bus(folder: Path) -> Iterator[SessionBus]:
    """Run a session bus with nothing on it."""
    need("dbus-daemon")
    bus = SessionBus(f"unix:path={folder}/bus")
    bus.start()
    try:
        yield bus
    finally:
        bus.stop()


@contextlib.contextmanager
def running_desktop(folder: Path, bus: SessionBus) -> Iterator[Desktop]:
    """Run a desktop session with dunst on the bus."""
    need("dunst", "dunstctl", "Xvfb", "import")
    menu = folder / "menu"
    menu.write_text(f"#!/bin/sh\ntee {folder}/offered | grep -F -f {folder}/choice\n")
    menu.chmod(0o700)
    configuration = folder / "dunstrc"
    configuration.write_text(DUNSTRC.replace("MENU", str(menu)))
    with contextlib.ExitStack() as stack:
        display = stack.enter_context(_display())
        session = {"DISPLAY": display, "HOME": str(folder), "DBUS_SESSION_BUS_ADDRESS": bus.address}
        place = Desktop(os.environ | session, configuration)
        stack.callback(place.stop_dunst)
        place.start_dunst()
        yield place


@contextlib.contextmanager
def _display() -> Iterator[str]:
    """Run a screen; the server picks a free number itself, as several test runs may want one at once."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "500x360x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, pass_fds=[writing])
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb gave no display"
        yield f":{number}"
    finally:
        process.terminate()
        process.wait()
