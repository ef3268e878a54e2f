"""A calendar's server on loopback: each path is answered by a function that may misbehave as it likes."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class CalendarServer:
    """``answers`` by path; ``asked`` are (path, headers) of the requests so far, ``over`` = the test has ended."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/cal.ics", host: str = "127.0.0.1", login: str = "") -> str:
        return f"http://{login}{host}:{self.port}{path}"

    def serves(self, data: bytes, path: str = "/cal.ics") -> str:
        """Answer with this from now on; return the address."""
        self.answers[path] = lambda request: plainly(request, data)
        return self.url(path)

    def redirects(self, path: str, to: str, status: int = 302) -> str:
        self.answers[path] = lambda request: moved(request, to, status)
        return self.url(path)

    def says(self, status: int, path: str = "/cal.ics") -> str:
        self.answers[path] = lambda request: request.send_error(status)
        return self.url(path)

    def streams(self, piece: bytes, every: float = 0, path: str = "/cal.ics") -> str:
        """Send that piece again and again, until nobody takes it any more; return the address."""

        def stream(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Type", "text/calendar")
            request.end_headers()
            with contextlib.suppress(OSError):
                while not self.over.wait(every):
                    request.wfile.write(piece)

        self.answers[path] = stream
        return self.url(path)

    def trickles_the_head(self, path: str = "/cal.ics", every: float = 0.05) -> str:
        """Begin an answer whose head never ends."""

        def trickle(request: BaseHTTPRequestHandler) -> None:
            with contextlib.suppress(OSError):
                request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not self.over.wait(every):
                    request.wfile.write(b"x")

        self.answers[path] = trickle
        return self.url(path)


def plainly(request: BaseHTTPRequestHandler, data: bytes, **headers: str) -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(len(data)))
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(data)


def moved(request: BaseHTTPRequestHandler, to: str, status: int) -> None:
    request.send_response(status)
    request.send_header("Location", to)
    request.send_header("Content-Length", "0")
    request.end_headers()


@contextlib.contextmanager
def running_server(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[CalendarServer]:
    found = CalendarServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers)))
            answer = found.answers.get(self.path.partition("?")[0])
            self.close_connection = True
            if answer is None:
                self.send_error(404)
            else:
                answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name in the library
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Let those go who hang up early."""

    with Server((host, 0), Handler) as server:
        found.port = server.server_address[1]
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield found
        finally:
            found.over.set()
            server.shutdown()
            thread.join()
