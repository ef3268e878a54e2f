"""Any Apprise URL as a channel. The only module that knows Apprise.

The daemon's side (``AppriseChannel``) asks a short-lived child to send. The child's side (``main``) completes the URL,
loads the one plug-in it needs, sends once within its time and says honestly what became of it. The child's own output
is a single JSON reply: whatever a plug-in prints or logs goes nowhere, because it may hold the URL.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from reminders.channels.channel_url import complete_url, refuse_keys, schema_of
from reminders.channels.message_text import clean_text, clean_title
from reminders.channels.unbuildable import ChannelUnbuildable
from reminders.domain.channel import ChannelSpec
from reminders.domain.delivery import Message, SendOutcome, SendResult
from reminders.domain.errors import ChildFailed
from reminders.ports import ChildRunner

if TYPE_CHECKING:
    from reminders.channels.verdict import Judgement, Service
    from reminders.channels.wire_trace import WireTrace

MODULE = "reminders.channels.apprise_channel"
MEMORY_LIMIT_BYTES = 512 * 1024 * 1024
CONNECT_SECONDS = 10.0
VALIDATE_SECONDS = 15.0
# The child answers before the daemon gives up on it: starting Python and Apprise, and handing back the reply.
HEAD_START_SECONDS = 1.0
NTFY_SCHEMAS = frozenset({"ntfy", "ntfys"})
SEQUENCE_ID_LENGTH = 32


class AppriseChannel:
    """One Apprise URL, sent from a child process with a deadline and a memory cap."""

    has_buttons = False

    def __init__(self, spec: ChannelSpec, run_child: ChildRunner) -> None:
        """Keep the spec; nothing is read or loaded yet."""
        self._spec = spec
        self._run_child = run_child

    @property
    def name(self) -> str:
        """The channel's name in the file."""
        return self._spec.name

    async def send(self, message: Message, deadline_seconds: float) -> SendResult:
        """Send once; unknown when the message may have left and nobody can say what became of it."""
        with _begun_mark() as mark:
            request = self._request("send", deadline_seconds) | {
                "message": {"nudge_id": message.nudge_id, "title": message.title, "text": message.text},
                "begun_mark": None if mark is None else str(mark),
            }
            try:
                return _result_of(await self._ask(request, deadline_seconds))
            except ChildFailed as error:
                return _result_of_failure(error, mark)

    async def validate(self) -> str | None:
        """Return why the URL cannot be used, after loading its plug-in but without any network; None = it can."""
        try:
            reply = await self._ask(self._request("validate", VALIDATE_SECONDS), VALIDATE_SECONDS)
        except ChildFailed as error:
            return f"the check could not be made: {_kind(error)}"
        result = _result_of(reply)
        return None if result.outcome is SendOutcome.ACCEPTED else result.detail

    async def withdraw(self, external_id: str) -> None:
        """Do nothing: what has been sent through Apprise cannot be taken back."""

    async def close(self) -> None:
        """Do nothing: no connection outlives a send."""

    def _request(self, mode: str, deadline_seconds: float) -> dict[str, Any]:
        total = max(deadline_seconds - HEAD_START_SECONDS, deadline_seconds / 2)
        return {
            "mode": mode,
            "channel": self._spec.name,
            "url": self._spec.url,
            "url_file": self._spec.url_file,
            "connect_seconds": min(CONNECT_SECONDS, total),
            "total_seconds": total,
        }

    async def _ask(self, request: Mapping[str, Any], deadline_seconds: float) -> object:
        return await self._run_child(
            MODULE, request, deadline_seconds=deadline_seconds, memory_limit_bytes=MEMORY_LIMIT_BYTES
        )


@contextmanager
def _begun_mark() -> Iterator[Path | None]:
    """Give a path that exists once the child has begun to send; None where no file can be made."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="reminders-", ignore_cleanup_errors=True)
    except OSError:
        yield None
        return
    with folder as path:
        yield Path(path) / "begun"


def _result_of(reply: object) -> SendResult:
    """Read the child's reply; raises ChildFailed when it is not one."""
    try:
        wait = reply["retry_after_seconds"]  # type: ignore[index]
        return SendResult(
            outcome=SendOutcome(reply["outcome"]),  # type: ignore[index]
            detail=str(reply["detail"]),  # type: ignore[index]
            retry_after=None if wait is None else timedelta(seconds=float(wait)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ChildFailed("the sender's reply makes no sense", kind="output") from error


def _result_of_failure(error: ChildFailed, mark: Path | None) -> SendResult:
    if error.kind == "start" or (mark is not None and not mark.exists()):
        return SendResult(outcome=SendOutcome.FAILED, detail=f"the sender stopped before anything left: {_kind(error)}")
    return SendResult(
        outcome=SendOutcome.UNKNOWN, detail=f"the sender stopped half-way ({_kind(error)}); it may have been accepted"
    )


def _kind(error: ChildFailed) -> str:
    words = {
        "deadline": "it took too long",
        "output": "its reply could not be read",
        "start": "it could not be started",
    }
    return words.get(error.kind, "it broke down")


# From here on: the child's side.


@dataclass(frozen=True, kw_only=True, slots=True)
class Plugin:
    """A plug-in made from a URL, ready to send once."""

    instance: Any
    schema: str
    service: Service


def main() -> None:
    """Answer one request from standard input with one reply on standard output, and end the process at once."""
    reply_to = _take_output()
    result = _answer(json.load(sys.stdin))
    wait = result.retry_after
    reply = {
        "outcome": result.outcome.value,
        "detail": result.detail,
        "retry_after_seconds": None if wait is None else wait.total_seconds(),
    }
    json.dump(reply, reply_to)
    reply_to.flush()
    # A plug-in that still hangs must not hold up the reply: no thread is waited for.
    os._exit(0)


def _take_output() -> TextIO:
    """Keep the real standard output for the reply and send every other output of this process nowhere."""
    reply_to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return reply_to


def _answer(request: Mapping[str, Any]) -> SendResult:
    """Do what the request asks for; a failure before the message could leave is never unknown."""
    try:
        plugin = load(complete_url(request["url"], request["url_file"], os.environ), request)
    except ChannelUnbuildable as error:
        where = "" if request["mode"] == "validate" else f'channel "{request["channel"]}": '
        return SendResult(outcome=SendOutcome.REJECTED, detail=f"{where}{error}")
    except MemoryError:
        return SendResult(outcome=SendOutcome.FAILED, detail="the sender ran out of memory before anything left")
    except ImportError:
        return SendResult(outcome=SendOutcome.FAILED, detail="Apprise cannot be loaded: is it installed whole?")
    if request["mode"] == "validate":
        return SendResult(outcome=SendOutcome.ACCEPTED)
    return _send(plugin, request)


def load(url: str, request: Mapping[str, Any]) -> Plugin:
    """Make the plug-in for a complete URL; raises ChannelUnbuildable, whose text holds no part of the URL."""
    import logging  # noqa: PLC0415 - the child only

    from reminders.channels.verdict import Service  # noqa: PLC0415

    logging.disable(logging.CRITICAL)
    apprise: Any = import_module("apprise")
    schema = schema_of(url)
    found = find_plugin(schema, apprise)
    parts = _parts(lambda: found.parse_url(url.replace("/#", "/%23")) if found else apprise.plugins.url_to_dict(url))
    plugin = found or apprise.NotificationManager()[parts["schema"]]
    if not plugin.enabled:
        needs = ", ".join(apprise.plugins.requirements(plugin)["packages_required"]) or "another operating system"
        raise ChannelUnbuildable(f"{schema}:// cannot be used here: it needs {needs}")
    parts |= _bounds(request) | {"asset": _asset(apprise), "retry": 0, "optional": False, "tag": set()}
    parts.setdefault("overflow", "truncate")
    instance = _built(lambda: plugin(**parts))
    speaks_http = hasattr(sys.modules[type(instance).__module__], "requests")
    return Plugin(instance=instance, schema=schema, service=Service(speaks_http=speaks_http, targets=len(instance)))


def find_plugin(schema: str, apprise: Any) -> Any | None:
    """Import the one plug-in that serves ``schema``; None when it takes Apprise's own search through all of them."""
    from reminders.channels.plugin_search import modules_naming  # noqa: PLC0415

    for name in modules_naming(schema, Path(apprise.plugins.__file__).parent):
        module: Any = import_module(f"apprise.plugins.{name}")
        for candidate in vars(module).values():
            # Apprise tells its plug-ins by the same mark.
            if hasattr(candidate, "app_id") and isinstance(candidate, type) and schema in _schemas(candidate):
                return candidate
    return None


def _schemas(plugin: Any) -> set[str]:
    return set(plugin.schemas(plugin))


def _parts(parse: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
    parts: dict[str, Any] | None = _built(parse)
    if not parts:
        raise ChannelUnbuildable("Apprise knows no service for the URL, or a part of it is missing")
    # The same keys once more, as Apprise itself reads them.
    refuse_keys(parts.get("qsd") or {})
    return parts


def _built(build: Callable[[], Any]) -> Any:
    """Call into a plug-in that is being made; what it raises may quote the URL and is not passed on."""
    try:
        return build()
    except MemoryError:
        raise
    except (Exception, SystemExit):  # noqa: BLE001 - the plug-ins raise whatever they like
        raise ChannelUnbuildable("a part of the URL is missing or wrong for this service") from None


def _bounds(request: Mapping[str, Any]) -> dict[str, float]:
    from reminders.channels.wire_trace import JUDGEMENT_SECONDS  # noqa: PLC0415 - the child only

    return {"cto": request["connect_seconds"], "rto": max(request["total_seconds"] - JUDGEMENT_SECONDS, 0.1)}


def _asset(apprise: Any) -> Any:
    """Make the settings Apprise shares among plug-ins: our name, no pictures from the net, nothing kept on disk."""
    return apprise.AppriseAsset(
        app_id="Reminders",
        app_desc="Reminders",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        interpret_escapes=False,
        secure_logging=True,
        pgp_autogen=False,
        pem_autogen=False,
        storage_mode="memory",
        service_timeout=0,
    )


def _send(plugin: Plugin, request: Mapping[str, Any]) -> SendResult:
    from reminders.channels.verdict import Judgement, verdict  # noqa: PLC0415 - the child only
    from reminders.channels.wire_trace import watch_mqtt  # noqa: PLC0415

    message = request["message"]
    title, text = clean_title(message["title"]), clean_text(message["text"])
    if not title and not text:
        return SendResult(outcome=SendOutcome.REJECTED, detail="the message is empty")
    trace = _watched(plugin, request)
    speaks_mqtt = watch_mqtt(trace, plugin.instance)
    _name_mail(plugin.instance, message["nudge_id"])
    if request["begun_mark"] is not None:
        Path(request["begun_mark"]).touch(mode=0o600)
    judgements: list[Judgement] = []
    work = threading.Thread(target=_work, args=(plugin.instance, title, text, judgements), daemon=True)
    work.start()
    work.join(request["total_seconds"])
    # Without a receipt (qos 0) an MQTT plug-in says yes before the broker has looked at the password.
    if speaks_mqtt and trace.connections and not trace.has_mqtt_answered.wait(trace.remaining()):
        judgements.clear()
    return verdict(judgements[0] if judgements else Judgement.UNFINISHED, trace, plugin.service)


def _watched(plugin: Plugin, request: Mapping[str, Any]) -> WireTrace:
    """Start the clock of the send and watch the doors it may go through."""
    from reminders.channels.wire_trace import (  # noqa: PLC0415 - the child only
        WireTrace,
        watch_connections,
        watch_http,
        watch_smtp,
    )

    deadline = time.monotonic() + request["total_seconds"]
    trace = WireTrace(deadline=deadline, connect_seconds=request["connect_seconds"])
    nudge_id = request["message"]["nudge_id"]
    watch_connections(trace)
    watch_http(trace, lambda count: _headers(nudge_id, plugin.schema, count))
    watch_smtp(trace)
    return trace


def _work(instance: Any, title: str, text: str, judgements: list[Judgement]) -> None:
    """Hand the message to the plug-in and note what it says."""
    import apprise  # noqa: PLC0415 - the child only

    from reminders.channels.verdict import Judgement  # noqa: PLC0415

    is_broken = False
    notify = instance.notify

    def noted(**arguments: Any) -> Any:
        # Apprise turns what a plug-in raises into a plain no.
        nonlocal is_broken
        is_broken = True
        answer = notify(**arguments)
        is_broken = False
        return answer

    instance.notify = noted
    is_accepted = False
    try:
        sender = apprise.Apprise([instance], location=apprise.ContentLocation.HOSTED)
        result = sender.notify(body=text or title, title=title if text else "", body_format=apprise.NotifyFormat.TEXT)
        is_accepted = result.status is apprise.AppriseResultStatus.SUCCESS
    except BaseException:  # noqa: BLE001 - a plug-in may even call sys.exit
        is_broken = True
    if is_broken:
        judgements.append(Judgement.CRASHED)
    else:
        judgements.append(Judgement.ACCEPTED if is_accepted else Judgement.REFUSED)


def _headers(nudge_id: str, schema: str, count: int) -> dict[str, str]:
    """Return what marks the n-th request of a send as the same one in every attempt."""
    key = quote(nudge_id, safe="")
    headers = {"Idempotency-Key": key if count == 0 else f"{key}.{count + 1}"}
    if schema in NTFY_SCHEMAS:
        # ntfy shows a later message of the same sequence in the place of the earlier one.
        headers["X-Sequence-ID"] = _digest(nudge_id)
    return headers


def _digest(nudge_id: str) -> str:
    return sha256(nudge_id.encode()).hexdigest()[:SEQUENCE_ID_LENGTH]


def _name_mail(instance: Any, nudge_id: str) -> None:
    """Give a mail the same Message-ID in every attempt, so that a mail program can see a repeat as one."""
    module = sys.modules[type(instance).__module__]
    if hasattr(module, "make_msgid"):
        vars(module)["make_msgid"] = lambda domain="localhost": f"<{_digest(nudge_id)}@{domain}>"


if __name__ == "__main__":
    main()
