"""What a send amounted to: the plug-in's yes or no, and what the wire saw, become one of four outcomes.

The rule behind every line: what may have been accepted is never called a failure, what was certainly not accepted is
never called unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus

from reminders.catalogue.phrases import phrase
from reminders.channels.wire_trace import SMTP_GREETINGS, Exchange, Fault, WireTrace
from reminders.domain.delivery import SendOutcome, SendResult

# These say "not now"; every other 4xx says "not like this".
PASSING_STATUSES = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
SMTP_SEND_THE_TEXT = 354
SMTP_REFUSED = 400
SMTP_REFUSED_FOR_GOOD = 500
# A plug-in without HTTP that gives up this near the end has waited for its answer in vain.
TIME_IS_UP_SECONDS = 1.0

STATUS_WORDS = {
    401: phrase("it does not accept the user name, password or token"),
    403: phrase("it does not allow this sender"),
    404: phrase("it knows no such address"),
    408: phrase("it waited too long for the request"),
    410: phrase("the address is gone"),
    413: phrase("the message is too long for it"),
    429: phrase("it has had too many messages"),
}
FAULT_WORDS = {
    Fault.TLS: phrase("no secure connection to its server could be made"),
    Fault.NO_ANSWER: phrase("its server took the message and did not answer in time; it may have been accepted"),
    Fault.DROPPED: phrase("its server took the message and dropped the connection; it may have been accepted"),
    Fault.REDIRECTED: phrase("its server sends messages on to another address; the URL should name that one (https?)"),
    Fault.MALFORMED: phrase("no request can be made from the URL"),
}
_NOT_NOW = phrase("it cannot take messages now")
_NOT_THIS = phrase("it does not take this message")
_ANSWERED = phrase("its server answered {status}: {words}")
_CUT_ANSWER = phrase("its server answered {status}, but the answer broke off; it may have been accepted")
_DENIED = phrase("its server answered {status}, yet refused the message in its answer")
_WAITED = phrase("{words} (waited {seconds} s)")
_MAIL_ANSWERED = phrase("the mail server answered {code}")
_MAIL_ANSWERED_FOR_NOW = phrase("the mail server answered {code} (for now)")
FAULT_OUTCOMES = {
    Fault.UNREACHABLE: SendOutcome.FAILED,
    Fault.TLS: SendOutcome.FAILED,
    Fault.NO_ANSWER: SendOutcome.UNKNOWN,
    Fault.DROPPED: SendOutcome.UNKNOWN,
    Fault.REDIRECTED: SendOutcome.FAILED,
    Fault.MALFORMED: SendOutcome.REJECTED,
}


class Judgement(StrEnum):
    """What the plug-in itself made of the send."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # it said no, for whatever reason
    CRASHED = "crashed"  # it raised or tried to end the process
    UNFINISHED = "unfinished"  # it was still at work when the time was over


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """What kind of plug-in sent: ``speaks_http`` through requests, to ``targets`` addresses."""

    speaks_http: bool
    targets: int


def verdict(judgement: Judgement, trace: WireTrace, service: Service) -> SendResult:
    """Return what became of the message, in words without any part of the URL."""
    is_turned_away = bool(trace.mqtt_welcomes) and not any(trace.mqtt_welcomes)
    if judgement is Judgement.ACCEPTED and not is_turned_away:
        return SendResult(outcome=SendOutcome.ACCEPTED)
    if trace.exchanges:
        return _of_http(judgement, trace, service)
    if trace.smtp:
        return _of_smtp(trace)
    if is_turned_away:
        return SendResult(
            outcome=SendOutcome.REJECTED, detail=phrase("the broker turns this user name and password away")
        )
    if trace.refusals and not trace.connections:
        return SendResult(outcome=SendOutcome.FAILED, detail=trace.refusals[-1])
    return _of_other(judgement, trace, service)


def _of_http(judgement: Judgement, trace: WireTrace, service: Service) -> SendResult:
    taken = sum(1 for exchange in trace.exchanges if _is_success(exchange))
    if service.targets > 1 and 0 < taken < len(trace.exchanges):
        return _unknown(phrase("some of the channel's addresses took the message and some did not"))
    last = trace.exchanges[-1]
    if last.fault is not None:
        return _of_fault(last.fault, trace)
    if last.status is None:
        return _unfinished(trace)
    if _is_success(last):
        return _of_success_denied(judgement, last)
    return _of_status(last.status, last.retry_after_seconds)


def _is_success(exchange: Exchange) -> bool:
    return exchange.status is not None and HTTPStatus.OK <= exchange.status < HTTPStatus.MULTIPLE_CHOICES


def _of_fault(fault: Fault, trace: WireTrace) -> SendResult:
    words = FAULT_WORDS.get(fault) or (trace.refusals[-1] if trace.refusals else phrase("its server cannot be reached"))
    if fault is Fault.NO_ANSWER:
        words = _WAITED.format(words=words, seconds=f"{trace.exchanges[-1].seconds:.0f}")
    return SendResult(outcome=FAULT_OUTCOMES[fault], detail=words)


def _unfinished(trace: WireTrace) -> SendResult:
    if not trace.connections:
        return SendResult(outcome=SendOutcome.FAILED, detail=phrase("its server could not be reached in time"))
    return _unknown(FAULT_WORDS[Fault.NO_ANSWER])


def _of_success_denied(judgement: Judgement, last: Exchange) -> SendResult:
    if last.is_cut or judgement is not Judgement.REFUSED:
        return _unknown(_CUT_ANSWER.format(status=last.status))
    return SendResult(outcome=SendOutcome.FAILED, detail=_DENIED.format(status=last.status))


def _of_status(status: int, retry_after_seconds: float | None) -> SendResult:
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return SendResult(outcome=SendOutcome.FAILED, detail=FAULT_WORDS[Fault.REDIRECTED])
    is_final = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    is_passing = not is_final or status in PASSING_STATUSES
    words = STATUS_WORDS.get(status, _NOT_NOW if is_passing else _NOT_THIS)
    return SendResult(
        outcome=SendOutcome.FAILED if is_passing else SendOutcome.REJECTED,
        detail=_ANSWERED.format(status=status, words=words),
        retry_after=timedelta(seconds=retry_after_seconds) if is_passing and retry_after_seconds is not None else None,
    )


def _of_smtp(trace: WireTrace) -> SendResult:
    handed_over = [code for verb, code in trace.smtp if verb == "data"]
    if handed_over and handed_over[-1] in (None, SMTP_SEND_THE_TEXT):
        return _unknown(phrase("the mail server took the text and did not confirm it; it may have been accepted"))
    codes = [code for verb, code in trace.smtp if verb not in SMTP_GREETINGS and code and code >= SMTP_REFUSED]
    if not codes:
        return SendResult(
            outcome=SendOutcome.FAILED, detail=phrase("the mail server did not get as far as taking the text")
        )
    is_final = codes[-1] >= SMTP_REFUSED_FOR_GOOD
    return SendResult(
        outcome=SendOutcome.REJECTED if is_final else SendOutcome.FAILED,
        detail=(_MAIL_ANSWERED if is_final else _MAIL_ANSWERED_FOR_NOW).format(code=codes[-1]),
    )


def _of_other(judgement: Judgement, trace: WireTrace, service: Service) -> SendResult:
    if judgement is Judgement.CRASHED:
        outcome = SendOutcome.UNKNOWN if trace.connections else SendOutcome.FAILED
        return SendResult(outcome=outcome, detail=phrase("the plug-in of this service broke down"))
    if judgement is Judgement.UNFINISHED and service.speaks_http:
        return _unfinished(trace)
    if judgement is Judgement.UNFINISHED or (trace.connections and trace.remaining() < TIME_IS_UP_SECONDS):
        return _unknown(phrase("the message left and no answer came in time; it may have been accepted"))
    if service.speaks_http:
        return SendResult(
            outcome=SendOutcome.REJECTED,
            detail=phrase("nothing was sent: the URL names no address the service can use"),
        )
    return SendResult(outcome=SendOutcome.FAILED, detail=phrase("the service did not take the message"))


def _unknown(detail: str) -> SendResult:
    return SendResult(outcome=SendOutcome.UNKNOWN, detail=detail)
