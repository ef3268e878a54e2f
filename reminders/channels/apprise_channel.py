"""Any Apprise URL as a channel. The only module that knows Apprise.

The daemon's side (``AppriseChannel``) asks a short-lived child to send. The child's side (``main``) completes the URL,
loads the one plug-in it needs, sends once within its time and says honestly what became of it. The child's own output
is a single JSON reply: whatever a plug-in prints or logs goes nowhere, because it may hold the URL.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from reminders.catalogue.phrases import phrase
from reminders.channels import sender_reply, sender_request
from reminders.channels.begun_mark import BegunMarks
from reminders.channels.channel_url import complete_url, fill_in, refuse_keys, schema_of
from reminders.channels.ntfy_address import SCHEMAS, ntfy_address
from reminders.channels.ntfy_message import SEQUENCE, confirmed_sequence, parts_of, sequence_id
from reminders.channels.unbuildable import ChannelUnbuildable
from reminders.channels.withdrawals import Withdrawals
from reminders.domain.channel import ChannelSpec
from reminders.domain.delivery import Message, SendOutcome, SendResult
from reminders.domain.errors import ChildFailed
from reminders.domain.service_words import ENGLISH, ServiceWords
from reminders.ports import ChildRunner

if TYPE_CHECKING:
    from reminders.channels.verdict import Judgement, Service
    from reminders.channels.wire_trace import WireTrace

_ELSEWHERE = phrase("another operating system")
_NO_MEMORY = phrase("the sender ran out of memory before anything left")
_LACKING = phrase("{schema}:// cannot be used here: it needs {needs}")
_OF = phrase('channel "{channel}": {reason}')
_UNCHECKED = phrase("the check could not be made: {reason}")
MODULE = "reminders.channels.apprise_channel"
WITHDRAWAL_MODULE = "reminders.channels.ntfy_withdrawal"
MEMORY_LIMIT_BYTES = 512 * 1024 * 1024
CONNECT_SECONDS = 10.0
VALIDATE_SECONDS = 15.0
# The child answers before the daemon gives up on it: starting Python and Apprise, and handing back the reply.
HEAD_START_SECONDS = 1.0
WITHDRAW_SECONDS = 4.5  # less than whoever asks for it waits


class AppriseChannel:
    """One Apprise URL, sent from a child process with a deadline and a memory cap.

    On ntfy a message has buttons and can be taken back; an external id is the sequence it stands in there.
    """

    hears_presses = False

    def __init__(
        self,
        spec: ChannelSpec,
        run_child: ChildRunner,
        *,
        marks: BegunMarks | None = None,
        has_public_page: Callable[[], bool] = lambda: False,
        usual_words: Callable[[], ServiceWords] = lambda: ENGLISH,
    ) -> None:
        """Keep the spec; nothing is loaded yet. ``marks`` None = temporary files.

        ``has_public_page`` tells whether answers can be given on the page from anywhere. ``usual_words`` returns the
        words of who is written to here, for what is taken back before anything was sent.
        """
        self._spec = spec
        self._run_child = run_child
        self._marks = marks or BegunMarks()
        self._has_public_page = has_public_page
        self._is_ntfy = _is_ntfy(spec)
        self._withdrawals = Withdrawals(self._take_back)
        self._words = usual_words  # then those of the newest message: a channel speaks one language, as a rule

    @property
    def name(self) -> str:
        """The channel's name in the file."""
        return self._spec.name

    @property
    def has_buttons(self) -> bool:
        """True for ntfy when an answer has a way back: through a topic or the page."""
        return self._is_ntfy and (self._spec.hears_answers or self._has_public_page())

    async def send(self, message: Message, deadline_seconds: float) -> SendResult:
        """Send once; unknown when the message may have left and nobody can say what became of it."""
        words = message.words  # and nothing else of a message is kept
        self._words = lambda: words
        sequence = sequence_id(message.nudge_id, message.replaces)
        began_at = time.monotonic()
        with self._withdrawals.sending(sequence), self._marks.new() as mark:
            await self._withdrawals.settle(sequence)
            seconds_left = max(deadline_seconds - (time.monotonic() - began_at), deadline_seconds / 2)
            request = self._request("send", seconds_left) | {
                "message": sender_request.written(message, sequence),
                "begun_mark": None if mark is None else str(mark),
            }
            try:
                return sender_reply.read(await self._ask(request, seconds_left))
            except ChildFailed as error:
                return sender_reply.of_failure(error, mark)

    async def validate(self) -> str | None:
        """Return why the URL cannot be used, after loading its plug-in but without any network; None = it can."""
        try:
            reply = await self._ask(self._request("validate", VALIDATE_SECONDS), VALIDATE_SECONDS)
        except ChildFailed as error:
            return _UNCHECKED.format(reason=sender_reply.kind_words(error))
        result = sender_reply.read(reply)
        return None if result.outcome is SendOutcome.ACCEPTED else result.detail

    async def withdraw(self, external_id: str) -> None:
        """Take an ntfy message back, or do nothing: what went to any other service stays."""
        if self._is_ntfy and SEQUENCE.match(external_id):
            await self._withdrawals.add(external_id)

    async def close(self) -> None:
        """Do nothing: no connection outlives a send."""

    async def _take_back(self, external_ids: Sequence[str]) -> None:
        words = self._words()
        over = {"over_title": words.name, "over_text": words.over}
        request = self._request("withdraw", WITHDRAW_SECONDS) | over | {"external_ids": list(external_ids)}
        with suppress(ChildFailed):  # it stays where it is; its buttons say what was answered
            await self._run_child(
                WITHDRAWAL_MODULE,
                request,
                deadline_seconds=WITHDRAW_SECONDS,
                memory_limit_bytes=MEMORY_LIMIT_BYTES,
            )

    def _request(self, mode: str, deadline_seconds: float) -> dict[str, Any]:
        total = max(deadline_seconds - HEAD_START_SECONDS, deadline_seconds / 2)
        return {
            "mode": mode,
            "channel": self._spec.name,
            "url": self._spec.url,
            "url_file": self._spec.url_file,
            "hears_answers": self._spec.hears_answers,
            "answer_topic": self._spec.answer_topic,
            "connect_seconds": min(CONNECT_SECONDS, total),
            "total_seconds": total,
        }

    async def _ask(self, request: Mapping[str, Any], deadline_seconds: float) -> object:
        return await self._run_child(
            MODULE, request, deadline_seconds=deadline_seconds, memory_limit_bytes=MEMORY_LIMIT_BYTES
        )


def _is_ntfy(spec: ChannelSpec) -> bool:
    try:
        return schema_of(complete_url(spec.url, spec.url_file, os.environ)) in SCHEMAS
    except ChannelUnbuildable:
        return False


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
    json.dump(sender_reply.written(_answer(json.load(sys.stdin))), reply_to)
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
        detail = str(error) if request["mode"] == "validate" else _OF.format(channel=request["channel"], reason=error)
        return SendResult(outcome=SendOutcome.REJECTED, detail=detail)
    except MemoryError:
        return SendResult(outcome=SendOutcome.FAILED, detail=_NO_MEMORY)
    except ImportError:
        return SendResult(outcome=SendOutcome.FAILED, detail=phrase("Apprise cannot be loaded: is it installed whole?"))
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
        needs = ", ".join(apprise.plugins.requirements(plugin)["packages_required"]) or _ELSEWHERE
        raise ChannelUnbuildable(_LACKING.format(schema=schema, needs=needs))
    if schema in SCHEMAS:
        _add_answers(parts, url, request)
    parts |= _bounds(request) | {"asset": _asset(apprise), "retry": 0, "optional": False, "tag": set()}
    parts.setdefault("overflow", "truncate")
    instance = _built(lambda: plugin(**parts))
    speaks_http = hasattr(sys.modules[type(instance).__module__], "requests")
    return Plugin(instance=instance, schema=schema, service=Service(speaks_http=speaks_http, targets=len(instance)))


def _add_answers(parts: dict[str, Any], url: str, request: Mapping[str, Any]) -> None:
    """Add to the parts of an ntfy URL how the message is answered; a tap leads where the URL says, if it says so."""
    try:
        address = ntfy_address(url, _answer_topic(request)) if request["hears_answers"] else None
    except ChannelUnbuildable:
        address = None  # a nudge without buttons is better than none, and the daemon tells that it cannot listen
    added = parts_of(request["message"], address) if "message" in request else {}
    parts |= {name: value for name, value in added.items() if name != "click" or "click" not in parts}


def _answer_topic(request: Mapping[str, Any]) -> str | None:
    return None if request["answer_topic"] is None else fill_in(request["answer_topic"], os.environ)


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
        raise ChannelUnbuildable(phrase("Apprise knows no service for the URL, or a part of it is missing"))
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
        raise ChannelUnbuildable(phrase("a part of the URL is missing or wrong for this service")) from None


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
    title, text = sender_request.words(message, plugin.schema, plugin.instance.body_maxlen)
    if not title and not text:
        return SendResult(outcome=SendOutcome.REJECTED, detail=phrase("the message is empty"))
    sequences: list[str] = []
    trace = _watched(plugin, request, sequences)
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
    result = verdict(judgements[0] if judgements else Judgement.UNFINISHED, trace, plugin.service)
    is_known = result.outcome is SendOutcome.ACCEPTED and sequences
    return replace(result, external_id=sequences[0]) if is_known else result


def _watched(plugin: Plugin, request: Mapping[str, Any], sequences: list[str]) -> WireTrace:
    """Start the clock of the send and watch the doors it may go through."""
    from reminders.channels.wire_trace import (  # noqa: PLC0415 - the child only
        WireTrace,
        watch_connections,
        watch_http,
        watch_smtp,
    )

    deadline = time.monotonic() + request["total_seconds"]
    trace = WireTrace(deadline=deadline, connect_seconds=request["connect_seconds"])
    message = request["message"]

    def taken(body: bytes) -> None:
        sequence = confirmed_sequence(body, message["sequence"]) if plugin.schema in SCHEMAS else None
        sequences.extend([] if sequence is None else [sequence])

    watch_connections(trace)
    watch_http(trace, lambda count: sender_request.headers(message, plugin.schema, count), taken)
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


def _name_mail(instance: Any, nudge_id: str) -> None:
    """Give a mail the same Message-ID in every attempt, so that a mail program can see a repeat as one."""
    module = sys.modules[type(instance).__module__]
    if hasattr(module, "make_msgid"):
        vars(module)["make_msgid"] = lambda domain="localhost": f"<{sequence_id(nudge_id)}@{domain}>"


if __name__ == "__main__":
    main()
