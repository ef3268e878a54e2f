"""What receives: a server on loopback that remembers every message and how it answered."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

POLL_SECONDS = 0.02


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How a message is answered, and after how long unless the inbox closes; ``status`` None = never."""

    status: int | None = HTTPStatus.OK
    after_seconds: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One message that came in whole; ``is_taken`` = the answer decided on was yes."""

    nudge_id: str
    topic: str
    title: str
    is_taken: bool

    @property
    def is_marked_again(self) -> bool:
        return self.title.endswith("(again)")


def _take(_: str) -> Answer:
    return Answer()


@dataclass
class Inbox:
    """``answer`` decides about each message, given the nudge's id, as soon as it is read whole."""

    port: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    answer: Callable[[str], Answer] = _take
    news: threading.Condition = field(default_factory=threading.Condition)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, topic: str = "back") -> str:
        return f"ntfy://127.0.0.1:{self.port}/{topic}"

    def of(self, nudge_id: str) -> list[Arrival]:
        with self.news:
            return [arrival for arrival in self.arrivals if arrival.nudge_id == nudge_id]

    def answers(self, status: int | None, **headers: str) -> None:
        """Answer so from now on; a header's name is written with underscores."""
        told = Answer(status=status, headers=tuple((name.replace("_", "-"), text) for name, text in headers.items()))
        self.answer = lambda _: told

    def wait_for_more_than(self, count: int, seconds: float) -> bool:
        """Tell whether more than ``count`` messages have come in, waiting that long for it."""
        with self.news:
            return self.news.wait_for(lambda: len(self.arrivals) > count, seconds)

    def note(self, nudge_id: str, told: Mapping[str, str]) -> Answer:
        answer = self.answer(nudge_id)
        is_taken = answer.status == HTTPStatus.OK
        with self.news:
            self.arrivals.append(
                Arrival(nudge_id=nudge_id, topic=told["topic"], title=told.get("title", ""), is_taken=is_taken)
            )
            self.news.notify_all()
        return answer


class _Door(BaseHTTPRequestHandler):
    inbox: Inbox

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["content-length"])))
        answer = self.inbox.note(unquote(self.headers["idempotency-key"]), told)
        self.close_connection = True
        if answer.status is None:
            self.inbox.over.wait()
            return
        self.inbox.over.wait(answer.after_seconds)
        with contextlib.suppress(OSError):
            self.send_response(answer.status)
            for name, text in (*answer.headers, ("Content-Length", "2"), ("Connection", "close")):
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the library
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a sender that was killed leaves its request unfinished."""


@contextlib.contextmanager
def running_inbox(address: str = "127.0.0.1") -> Iterator[Inbox]:
    """Run an inbox on a free port of that address."""
    place = Inbox()
    with _Server((address, 0), type("Door", (_Door,), {"inbox": place})) as server:
        place.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,))
        thread.start()
        try:
            yield place
        finally:
            place.over.set()
            server.shutdown()
            thread.join()


def until(condition: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Wait for a condition that has a name."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"never came true: {what}"
        time.sleep(POLL_SECONDS)
