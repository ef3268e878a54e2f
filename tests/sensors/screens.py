"""X servers to touch, to hang and to hurry."""

from __future__ import annotations

import contextlib
import os
import signal
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from tests.channels.servers import need


@dataclass
class Screen:
    """An X server; ``display`` is what DISPLAY says."""

    display: str
    process: subprocess.Popen[bytes]

    def touch(self) -> None:
        """Move the mouse."""
        for step in ("1", "-1"):
            command = ["xdotool", "mousemove_relative", "--", step, step]
            subprocess.run(command, env={**os.environ, "DISPLAY": self.display}, check=True, timeout=20)

    def press(self, key: str) -> None:
        """Press a key."""
        environment = {**os.environ, "DISPLAY": self.display}
        subprocess.run(["xdotool", "key", key], env=environment, check=True, timeout=20)

    def change_keyboard(self) -> None:
        """Let every client be told of a change that nobody asked about."""
        environment = {**os.environ, "DISPLAY": self.display}
        subprocess.run(["xdotool", "key", "eacute"], env=environment, check=True, timeout=20)

    @contextlib.contextmanager
    def hung(self) -> Iterator[None]:
        """Let it answer nothing for a while."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Take it away."""
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait()


def entry(family: int, address: bytes, number: bytes, name: bytes, data: bytes) -> bytes:
    """Return one entry of an authority file."""
    parts = (address, number, name, data)
    return struct.pack(">H", family) + b"".join(struct.pack(">H", len(part)) + part for part in parts)


@contextlib.contextmanager
def running_screen(*before: str) -> Iterator[Screen]:
    """Run an X server on a free number; ``before`` are the words of a command in front of it."""
    need("Xvfb", "xdotool")
    reading, writing = os.pipe()
    command = [
        *before,
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "320x200x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, pass_fds=[writing])
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb gave no display"
        screen = Screen(f":{number}", process)
        yield screen
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        process.wait()
