"""Real servers to send to, on loopback: mail, an MQTT broker, and one that behaves like ntfy."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

PATIENCE_SECONDS = 15.0
SEARCH_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
DESKTOP_PARTS = "apt-get install -y dunst xvfb dbus imagemagick"
INSTALL = {
    program: f"apt-get install -y {program}"
    for program in ("chromium", "debootstrap", "faketime", "mosquitto", "openssl", "tmux")
}
INSTALL |= {"systemd-analyze": "apt-get install -y systemd", "ip": "apt-get install -y iproute2"}
INSTALL |= dict.fromkeys(("unshare", "nsenter"), "apt-get install -y util-linux")


def need(*programs: str) -> None:
    """Skip with the install line when a program is missing; fail where nothing may be skipped."""
    for program in programs:
        if shutil.which(program, path=SEARCH_PATH) is None:
            unmet(f"{program} is missing: {INSTALL.get(program, DESKTOP_PARTS)}")


def unmet(line: str) -> NoReturn:
    """Skip, saying what this machine lacks; fail where nothing may be skipped."""
    if os.environ.get("REMINDERS_TEST_NO_SKIPS") == "1":
        pytest.fail(line)
    pytest.skip(line)


def eventually(condition: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """Return the condition's first true value; fail after that long without one."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"never came true: {what}")
        time.sleep(0.02)
    return value


@dataclass
class Request:
    """One request a sink has read whole."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def login(self) -> str:
        """The user and password of basic authentication."""
        return base64.b64decode(self.headers["authorization"].removeprefix("Basic ")).decode()


Behaviour = Callable[[socket.socket, threading.Event], None]


def _answering(status: int, body: bytes, headers: dict[str, str]) -> Behaviour:
    lines = [f"HTTP/1.1 {status} Told", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return lambda sock, _: sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def _dripping(head: bytes, piece: bytes) -> Behaviour:
    def drip(sock: socket.socket, over: threading.Event) -> None:
        sock.sendall(head)
        while not over.wait(0.1):
            sock.sendall(piece)

    return drip


@dataclass
class Sink:
    """A loopback HTTP server that remembers every request and answers as it is told."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    behaviours: list[Behaviour] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, topic: str = "health-topic", *, user: str = "", query: str = "", schema: str = "ntfy") -> str:
        """Return an Apprise URL that leads here."""
        return f"{schema}://{user}127.0.0.1:{self.port}/{topic}{query}"

    def answers(self, status: int, body: bytes = b'{"id":"m1"}', **headers: str) -> None:
        """Answer this from now on; a header's name is written with underscores."""
        self._becomes(_answering(status, body, {name.replace("_", "-"): value for name, value in headers.items()}))

    def answers_in_turn(self, *statuses: int) -> None:
        """Answer the next requests with these; the last one stays."""
        self.behaviours = [_answering(status, b"{}", {}) for status in statuses]

    def hangs(self) -> None:
        """Read requests and say nothing."""
        self._becomes(lambda _, over: over.wait(60) and None)

    def drops(self) -> None:
        """Read requests and close the connection."""
        self._becomes(lambda _sock, _over: None)

    def drips_its_body(self) -> None:
        """Answer 200 at once, then a byte of body now and again, for ever."""
        self._becomes(_dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "))

    def drips_its_head(self) -> None:
        """Never come to the end of the answer's head."""
        self._becomes(_dripping(b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"))

    def breaks_off(self) -> None:
        """Answer 200, promise a body and close in the middle of it."""
        self._becomes(lambda sock, _: sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"))

    def _becomes(self, behaviour: Behaviour) -> None:
        self.behaviours = [behaviour]

    def next_behaviour(self) -> Behaviour:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]


def _read_request(sock: socket.socket) -> Request | None:
    stream = sock.makefile("rb")
    first = stream.readline().decode("latin-1").split()
    if len(first) < 2 or not first[1].startswith("/"):
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    return Request(first[0], first[1], headers, stream.read(int(headers.get("content-length", 0))))


@contextlib.contextmanager
def running_sink() -> Iterator[Sink]:
    """Run a server that takes messages the way ntfy does."""
    place = Sink()
    place.answers(200)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            request = _read_request(self.request)
            if request is not None:
                place.requests.append(request)
                with contextlib.suppress(OSError):
                    place.next_behaviour()(self.request, place.over)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        place.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield place
        finally:
            place.over.set()
            server.shutdown()
            thread.join()


def free_port() -> int:
    """Return a loopback port nobody listens on right now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@dataclass
class MailServer:
    """A real SMTP server: the mails it took, and what to answer to the text of one."""

    port: int = 0
    mails: list[Any] = field(default_factory=list)
    reply: str = "250 taken"
    accepts_login: bool = True

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.reply == "drop":
            server.transport.abort()
            return ""
        if self.reply.startswith("250"):
            self.mails.append(envelope)
        return self.reply

    def login(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, _data: Any) -> AuthResult:
        return AuthResult(success=self.accepts_login, handled=self.accepts_login)


@contextlib.contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """Run an SMTP server on loopback that offers a login."""
    server = MailServer(port=free_port())
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=server.port,
        authenticator=server.login,
        auth_require_tls=False,
        auth_required=False,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@dataclass
class Broker:
    """A running mosquitto and what a subscriber to everything has heard."""

    port: int
    heard: list[tuple[str, str]] = field(default_factory=list)


@contextlib.contextmanager
def running_broker(folder: Path) -> Iterator[Broker]:
    """Run an MQTT broker on loopback that wants user "me" with password "pw"."""
    need("mosquitto")
    from paho.mqtt import client as mqtt  # noqa: PLC0415 - after the skip
    from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415

    place = Broker(free_port())
    salt, rounds = b"salt56789012", 101
    digest = hashlib.pbkdf2_hmac("sha512", b"pw", salt, rounds)
    secret = f"$7${rounds}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
    (folder / "users").write_text(f"me:{secret}\n")
    (folder / "users").chmod(0o644)
    folder.chmod(0o755)
    configuration = folder / "mosquitto.conf"
    configuration.write_text(
        f"listener {place.port} 127.0.0.1\nallow_anonymous false\npassword_file {folder}/users\nuser root\n"
    )
    program = shutil.which("mosquitto", path=SEARCH_PATH)
    process = subprocess.Popen([str(program), "-c", str(configuration)], stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: _listens(place.port), "mosquitto listens")
        client = mqtt.Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set("me", "pw")
        ready = threading.Event()
        client.on_subscribe = lambda *_: ready.set()
        client.on_message = lambda _client, _data, told: place.heard.append((told.topic, told.payload.decode()))
        client.on_connect = lambda *_: client.subscribe("#", qos=1)
        client.connect("127.0.0.1", place.port)
        client.loop_start()
        try:
            assert ready.wait(PATIENCE_SECONDS)
            yield place
        finally:
            client.disconnect()
            client.loop_stop()
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0
