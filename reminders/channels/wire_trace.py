"""What a send really did on the wire, and the bounds it is held to. Lives in the sender's child process only.

Apprise answers yes or no. Whether a no may be tried again depends on what happened underneath, so the few doors that
plug-ins go through are watched: requests (every HTTP service), ``create_connection`` and smtplib. Nothing kept here
holds an address, a header of the request or a body.
"""

from __future__ import annotations

import smtplib
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import ModuleType
from typing import Any

from reminders.catalogue.phrases import phrase

BODY_LIMIT_BYTES = 64 * 1024
REDIRECTS_AT_MOST = 3
RETRY_AFTER_AT_MOST_SECONDS = 86_400.0
# What is left of the time for the plug-in to judge an answer whose body never ends.
JUDGEMENT_SECONDS = 0.4
LEAST_TIMEOUT_SECONDS = 0.1
READ_BYTES = 16 * 1024

REDIRECTS_THAT_DROP_THE_BODY = frozenset({301, 302, 303})
METHODS_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
SMTP_GREETINGS = frozenset({"connect", "ehlo", "helo", "rset", "quit", "noop"})
SMTP_VERBS = SMTP_GREETINGS | {"auth", "starttls", "mail", "rcpt", "data"}


class Fault(StrEnum):
    """Why one HTTP exchange ended without a usable answer."""

    UNREACHABLE = "unreachable"  # no connection, so nothing was handed over
    TLS = "tls"  # the handshake failed
    NO_ANSWER = "no_answer"  # the request left and nothing came back in time
    DROPPED = "dropped"  # the request left and the connection broke
    REDIRECTED = "redirected"  # sent on in circles, or to where the message would be lost
    MALFORMED = "malformed"  # no request could be made from the URL


@dataclass(kw_only=True, slots=True)
class Exchange:
    """One HTTP request and its answer.

    ``status`` None = no answer. ``is_cut`` marks a body that was left before its end.
    ``retry_after_seconds`` is the wait the other side asked for, None = none.
    """

    status: int | None = None
    fault: Fault | None = None
    retry_after_seconds: float | None = None
    seconds: float = 0.0
    is_cut: bool = False


@dataclass(kw_only=True, slots=True)
class WireTrace:
    """What was seen so far. ``deadline`` is the end of the send as ``time.monotonic()`` counts.

    ``refusals`` are the reasons of connections that failed. ``smtp`` holds (command, reply code); None = no reply yet.
    ``mqtt_welcomes`` holds the broker's answers to our name and password, True = come in. ``has_mqtt_answered`` is set
    with the first of them.
    """

    deadline: float
    connect_seconds: float
    exchanges: list[Exchange] = field(default_factory=list)
    connections: int = 0
    refusals: list[str] = field(default_factory=list)
    smtp: list[tuple[str, int | None]] = field(default_factory=list)
    mqtt_welcomes: list[bool] = field(default_factory=list)
    has_mqtt_answered: threading.Event = field(default_factory=threading.Event)

    def remaining(self) -> float:
        """Return the seconds left, never less than a tenth, because zero means "no limit" to many libraries."""
        return max(LEAST_TIMEOUT_SECONDS, self.deadline - time.monotonic())

    def timeouts(self) -> tuple[float, float]:
        """Return the connect and read timeout of the next request in seconds; a little time is left to judge."""
        read = max(LEAST_TIMEOUT_SECONDS, self.remaining() - JUDGEMENT_SECONDS)
        return min(self.connect_seconds, read), read


def watch_connections(trace: WireTrace) -> None:
    """Note every connection that plug-ins open through ``create_connection``, and why one failed."""
    from urllib3.util import connection  # noqa: PLC0415 - the child only

    for module in (socket, connection):
        module.create_connection = _watched_connect(trace, module)  # type: ignore[attr-defined]


def _watched_connect(trace: WireTrace, module: ModuleType) -> Callable[..., Any]:
    connect: Callable[..., Any] = module.create_connection

    def create_connection(*arguments: Any, **options: Any) -> Any:
        try:
            opened = connect(*arguments, **options)
        except Exception as error:
            trace.refusals.append(refusal(error))
            raise
        trace.connections += 1
        return opened

    return create_connection


def refusal(error: Exception) -> str:
    """Say why no connection came about, without naming the other side."""
    if isinstance(error, socket.gaierror):
        return phrase("the name of its server cannot be resolved")
    if isinstance(error, ConnectionRefusedError):
        return phrase("its server refuses connections")
    if isinstance(error, TimeoutError):
        return phrase("its server does not take the connection in time")
    return phrase("its server cannot be reached")


def watch_smtp(trace: WireTrace) -> None:
    """Note every SMTP command (its verb only) and the code of its reply."""
    put, get = smtplib.SMTP.putcmd, smtplib.SMTP.getreply
    last = "connect"

    def putcmd(self: smtplib.SMTP, cmd: str, args: str = "") -> None:
        nonlocal last
        # An answer to an AUTH challenge comes through here too, and is a secret: only known verbs are kept.
        last = cmd.lower() if cmd.lower() in SMTP_VERBS else last
        put(self, cmd, args)

    def getreply(self: smtplib.SMTP) -> tuple[int, bytes]:
        trace.smtp.append((last, None))
        code, text = get(self)
        trace.smtp[-1] = (last, code)
        return code, text

    smtplib.SMTP.putcmd = putcmd  # type: ignore[method-assign]
    smtplib.SMTP.getreply = getreply  # type: ignore[method-assign]


def watch_mqtt(trace: WireTrace, instance: Any) -> bool:
    """Note what the broker says to an MQTT plug-in's name and password; False when this is no such plug-in."""
    client: Any = getattr(instance, "client", None)
    if not hasattr(client, "on_connect"):
        return False

    def on_connect(_client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        trace.mqtt_welcomes.append(not reason.is_failure)
        trace.has_mqtt_answered.set()

    client.on_connect = on_connect
    return True


def watch_http(
    trace: WireTrace, headers: Callable[[int], Mapping[str, str]], taken: Callable[[bytes], None] = lambda _: None
) -> None:
    """Hold every request of ``requests`` to the trace's bounds and note how it ended.

    ``headers`` gives what to add to the n-th request, counted from 0; a redirect is no request of its own. ``taken`` is
    given the body of every answer that says yes and came whole.
    """
    import requests  # noqa: PLC0415 - the child only, and not on the parent's path

    send_session, send_adapter = requests.Session.send, requests.adapters.HTTPAdapter.send
    asked = 0

    def session_send(session: Any, request: Any, **options: Any) -> Any:
        nonlocal asked
        added = headers(asked)
        if not any(name in request.headers for name in added):
            request.headers.update(added)
            asked += 1
        session.max_redirects = REDIRECTS_AT_MOST
        return send_session(session, request, **options)

    def adapter_send(adapter: Any, request: Any, **options: Any) -> Any:
        exchange = Exchange()
        trace.exchanges.append(exchange)
        began = time.monotonic()
        try:
            # Streamed, so that the body can be left; given a timeout whatever the plug-in says.
            options.update(stream=True, timeout=trace.timeouts())
            response = send_adapter(adapter, request, **options)
        except requests.RequestException as error:
            exchange.fault = fault_of(error)
            raise
        finally:
            exchange.seconds = time.monotonic() - began
        _note_answer(exchange, response)
        exchange.is_cut = not _take_body(response, trace)
        if response.status_code in REDIRECTS_THAT_DROP_THE_BODY and request.method not in METHODS_WITHOUT_BODY:
            # requests would go on with a GET: a friendly page would then look like a delivered message.
            exchange.fault = Fault.REDIRECTED
            raise requests.TooManyRedirects("the message would not go along")
        if response.ok and not exchange.is_cut:
            taken(response.content)
        return response

    requests.Session.send = session_send  # type: ignore[method-assign,assignment]
    requests.adapters.HTTPAdapter.send = adapter_send  # type: ignore[method-assign,assignment]


def _note_answer(exchange: Exchange, response: Any) -> None:
    exchange.status = response.status_code
    exchange.retry_after_seconds = retry_after(response.headers.get("Retry-After"), response.headers.get("Date"))


def _take_body(response: Any, trace: WireTrace) -> bool:
    """Read at most 64 KiB while there is time and keep that as the answer's body; False when it was cut."""
    body = bytearray()
    is_whole = False
    try:
        while len(body) < BODY_LIMIT_BYTES and trace.remaining() > JUDGEMENT_SECONDS:
            piece = response.raw.read1(READ_BYTES, decode_content=True)
            if not piece:
                is_whole = True
                break
            body += piece
    except Exception:  # noqa: BLE001 - the status has come; a body that breaks off is a body that was cut
        is_whole = False
    response._content = bytes(body[:BODY_LIMIT_BYTES])  # noqa: SLF001 - requests has no public way to set a body
    response._content_consumed = True  # noqa: SLF001
    if is_whole:
        response.raw.release_conn()
    else:
        response.raw.close()
    return is_whole


def fault_of(error: Exception) -> Fault:
    """Tell from an exception of requests whether the request can have reached the other side."""
    import requests  # noqa: PLC0415 - the child only
    from urllib3 import exceptions  # noqa: PLC0415

    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    if isinstance(error, requests.exceptions.SSLError):
        return Fault.TLS
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return Fault.UNREACHABLE
    if isinstance(reason, exceptions.NewConnectionError | exceptions.ConnectTimeoutError):
        return Fault.UNREACHABLE
    if isinstance(error, requests.ReadTimeout):
        return Fault.NO_ANSWER
    if isinstance(error, ValueError) and not isinstance(error, requests.ConnectionError):
        return Fault.MALFORMED
    return Fault.DROPPED


def retry_after(value: str | None, date: str | None) -> float | None:
    """Return the wait in seconds that a Retry-After header asks for, at most a day; None = none or not readable.

    A moment in time is measured against ``date``, the answer's own Date header.
    """
    if not value:
        return None
    try:
        wait = float(value) if value.strip().isdigit() else _seconds_between(date, value)
    except (TypeError, ValueError):
        return None
    return min(max(wait, 0.0), RETRY_AFTER_AT_MOST_SECONDS)


def _seconds_between(date: str | None, moment: str) -> float:
    if date is None:
        raise ValueError("no date to count from")
    return (parsedate_to_datetime(moment) - parsedate_to_datetime(date)).total_seconds()
