"""A stand-in for an ntfy server on loopback, made from ntfy's documented protocol.

Publishing (POST or PUT to a topic, with a sequence id in the path or a header, or JSON to the root), action buttons in
both formats, updating and deleting by sequence id, and following a topic as a JSON stream.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.channels.ntfy_actions import YES, Refused, parse_actions

NAME = r"[-_A-Za-z0-9]{1,64}"
JSON_STREAM = re.compile(rf"/({NAME}(?:,{NAME})*)/json")
TOPIC = re.compile(rf"/({NAME})")
SEQUENCE = re.compile(rf"/({NAME})/({NAME})")
CLEARED = re.compile(rf"/({NAME})/({NAME})/(?:clear|read)")
MESSAGE_BYTES_AT_MOST = 4096
JSON_FIELDS = {"title": str, "click": str, "delay": str, "sequence_id": str}


@dataclass
class Seen:
    """One request as it came: the headers have lower-case names."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int = 0


@dataclass
class NtfyServer:
    """What the server holds, and how it is to behave.

    ``is_old`` = a server before sequence ids: it ignores them and knows no DELETE. ``login`` is the value of the
    Authorization header it wants, None = nobody logs in; ``open_topics`` want none even so. ``refuses`` is a status
    that every request gets, ``refusal`` the one that those of ``refuses_methods`` get. ``keepalive_seconds`` is the
    time between signs of life on a stream. ``forgets`` = nothing is kept for those who come later.
    """

    port: int = 0
    is_old: bool = False
    login: str | None = None
    open_topics: frozenset[str] = frozenset()
    refuses: int | None = None
    refuses_methods: frozenset[str] = frozenset()
    refusal: int = 405
    keepalive_seconds: float = 45.0
    forgets: bool = False
    seen: list[Seen] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    over: bool = False
    streams: int = 0
    cut: int = 0

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def url(self, topic: str = "health-topic", *, user: str = "", query: str = "") -> str:
        """Return an Apprise URL that leads here; ``user`` ends with @."""
        return f"ntfy://{user}127.0.0.1:{self.port}/{topic}{query}"

    def requires(self, user: str, password: str) -> None:
        """Want this name and password from now on."""
        self.login = f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"

    def messages(self, topic: str = "health-topic") -> list[dict[str, Any]]:
        """Return every message published to a topic, deleted ones included."""
        return [event for event in list(self.events) if event["event"] == "message" and event["topic"] == topic]

    def shown(self, topic: str = "health-topic") -> list[dict[str, Any]]:
        """Return what a phone that follows the topic shows: the newest of each sequence, without the deleted ones."""
        standing: dict[str, dict[str, Any]] = {}
        for event in list(self.events):
            if event["topic"] != topic:
                continue
            key = event.get("sequence_id", event["id"])
            standing.pop(key, None)
            if event["event"] == "message":
                standing[key] = event
        return list(standing.values())

    def publish(self, topic: str, text: str, **fields: Any) -> dict[str, Any]:
        """Publish as somebody else would, and return the message."""
        return self.add("message", topic, message=text, **fields)

    def cut_streams(self) -> None:
        """Close every stream that is open now, as a server that restarts."""
        with self.news:
            self.cut += 1
            self.news.notify_all()
            self.news.wait_for(lambda: self.streams == 0, 10)

    def add(self, kind: str, topic: str, **fields: Any) -> dict[str, Any]:
        """Put an event on a topic and tell those who follow it."""
        now = int(time.time())
        event = {"id": secrets.token_hex(6), "time": now, "expires": now + 43200, "event": kind, "topic": topic}
        event |= {name: value for name, value in fields.items() if value}
        with self.news:
            self.events.append(event)
            self.news.notify_all()
        return event


class _Handler(BaseHTTPRequestHandler):
    """One request of one client."""

    protocol_version = "HTTP/1.1"
    place: NtfyServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(self._follow)

    def do_DELETE(self) -> None:
        self._answer(self._delete)

    def do_POST(self) -> None:
        self._answer(self._publish)

    do_PUT = do_POST  # noqa: N815 - the base class's name

    def _answer(self, act: Callable[[bytes], dict[str, Any] | None]) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, self.path, headers, body)
        self.place.seen.append(seen)
        try:
            self._let_in()
            told = act(body)
            seen.status = 200
        except Refused as error:
            seen.status = error.status
            told = {"code": error.status * 100, "http": error.status, "error": error.reason}
        if told is not None:
            with contextlib.suppress(OSError):
                self._say(seen.status, told)

    def _say(self, status: int, told: dict[str, Any]) -> None:
        text = json.dumps(told).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _let_in(self) -> None:
        if self.place.refuses is not None or self.command in self.place.refuses_methods:
            raise Refused(self.place.refuses or self.place.refusal, "told to refuse")

    def _admit(self, topic: str) -> None:
        place = self.place
        if place.login is None or topic in place.open_topics:
            return
        given = self.headers.get("Authorization")
        if given != place.login:
            raise Refused(401 if given else 403, "unauthorized" if given else "forbidden")

    # Publishing, updating, deleting

    def _publish(self, body: bytes) -> dict[str, Any]:
        path = urlsplit(self.path).path
        if self.command == "PUT" and (match := CLEARED.fullmatch(path)):
            return self._mark("message_clear", match[1], match[2])
        if path == "/":
            return self._publish_json(body)
        if match := SEQUENCE.fullmatch(path):
            if self.place.is_old:
                raise Refused(404, "page not found")
            return self._take(match[1], body.decode(), {"sequence_id": match[2]})
        if not (match := TOPIC.fullmatch(path)):
            raise Refused(404, "page not found")
        return self._take(match[1], body.decode(), {})

    def _publish_json(self, body: bytes) -> dict[str, Any]:
        try:
            given = json.loads(body)
        except ValueError as error:
            raise Refused(400, "the body is no JSON") from error
        if not re.fullmatch(NAME, str(given.get("topic"))):
            raise Refused(400, "topic invalid")
        fields = {name: given[name] for name in JSON_FIELDS if given.get(name)}
        fields |= {"priority": given.get("priority"), "tags": given.get("tags")}
        if given.get("actions"):
            fields["actions"] = json.dumps(given["actions"])
        return self._take(given["topic"], given.get("message") or "triggered", fields)

    def _take(self, topic: str, text: str, fields: dict[str, Any]) -> dict[str, Any]:
        self._admit(topic)
        if len(text.encode()) > MESSAGE_BYTES_AT_MOST:
            raise Refused(413, "the message is too long")
        actions = parse_actions(fields.get("actions") or self._parameter("actions") or "")
        sequence = fields.get("sequence_id") or self._parameter("sequence-id")
        if sequence and not re.fullmatch(NAME, sequence):
            raise Refused(400, "sequence ID invalid")
        priority = fields.get("priority") or self._parameter("priority")
        return self.place.add(
            "message",
            topic,
            sequence_id=None if self.place.is_old else sequence,
            title=fields.get("title") or self._parameter("title"),
            message=text or "triggered",
            priority={"min": 1, "low": 2}.get(str(priority), int(priority)) if priority else None,
            tags=fields.get("tags") or [tag for tag in (self._parameter("tags") or "").split(",") if tag],
            click=fields.get("click") or self._parameter("click"),
            actions=[vars(action) for action in actions],
        )

    def _parameter(self, name: str) -> str | None:
        value = self.headers.get(f"X-{name}") or self.headers.get(name)
        if value is None:
            return (parse_qs(urlsplit(self.path).query).get(name) or [None])[0]
        return str(make_header(decode_header(value)))

    def _delete(self, _body: bytes) -> dict[str, Any]:
        match = SEQUENCE.fullmatch(urlsplit(self.path).path)
        if match is None:
            raise Refused(404, "page not found")
        return self._mark("message_delete", match[1], match[2])

    def _mark(self, kind: str, topic: str, sequence: str) -> dict[str, Any]:
        if self.place.is_old:
            raise Refused(404, "page not found")
        self._admit(topic)
        return self.place.add(kind, topic, sequence_id=sequence)

    # Following

    def _follow(self, _body: bytes) -> dict[str, Any] | None:
        split = urlsplit(self.path)
        match = JSON_STREAM.fullmatch(split.path)
        if match is None:
            raise Refused(404, "page not found")
        topics = match[1].split(",")
        for topic in topics:
            self._admit(topic)
        query = parse_qs(split.query)
        since = (query.get("since") or ["none"])[0]
        is_poll = (query.get("poll") or [""])[0] in YES
        with contextlib.suppress(OSError):
            self._stream(topics, "all" if is_poll and since == "none" else since, is_poll=is_poll)
        self.close_connection = True
        return None

    def _stream(self, topics: list[str], since: str, *, is_poll: bool) -> None:
        place = self.place
        with place.news:
            cut, position = place.cut, len(place.events)
            old = [] if place.forgets else _since(place.events, topics, since)
            place.streams += not is_poll
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            if not is_poll:
                self._line({"event": "open", "topic": ",".join(topics)})
            for event in old:
                self._line(event)
            while not is_poll and not place.over and place.cut == cut:
                position = self._pass_on(topics, position, cut)
        finally:
            with place.news:
                place.streams -= not is_poll
                place.news.notify_all()

    def _pass_on(self, topics: list[str], position: int, cut: int) -> int:
        place = self.place
        with place.news:
            place.news.wait_for(
                lambda: len(place.events) > position or place.over or place.cut != cut, place.keepalive_seconds
            )
            fresh = place.events[position:]
        if not fresh and not place.over and place.cut == cut:
            self._line({"event": "keepalive", "topic": ",".join(topics)})
        for event in fresh:
            if event["topic"] in topics:
                self._line(event)
        return position + len(fresh)

    def _line(self, event: dict[str, Any]) -> None:
        stamped = {"id": secrets.token_hex(6), "time": int(time.time())} | event
        self.wfile.write(json.dumps(stamped).encode() + b"\n")
        self.wfile.flush()


def _since(events: list[dict[str, Any]], topics: list[str], since: str) -> list[dict[str, Any]]:
    """Return what is kept from ``since`` on: "none", "all", "latest", seconds of 1970, a length of time, or an id."""
    kept = [event for event in events if event["topic"] in topics]
    if since == "none":
        return []
    if since == "latest":
        return kept[-1:]
    if since == "all":
        return kept
    if since.isdecimal() and len(since) > len("100000"):
        return [event for event in kept if event["time"] >= int(since)]
    if match := re.fullmatch(r"(\d+)([smhd])", since):
        begin = time.time() - int(match[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[match[2]]
        return [event for event in kept if event["time"] >= begin]
    places = [place for place, event in enumerate(kept) if event["id"] == since]
    return kept[places[0] + 1 :] if places else kept


@contextlib.contextmanager
def running_ntfy(**behaviour: Any) -> Iterator[NtfyServer]:
    """Run the stand-in on a free loopback port; ``behaviour`` sets fields of ``NtfyServer``."""
    place = NtfyServer(**behaviour)
    handler = type("Handler", (_Handler,), {"place": place})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        place.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield place
        finally:
            with place.news:
                place.over = True
                place.news.notify_all()
            server.shutdown()
            thread.join()
