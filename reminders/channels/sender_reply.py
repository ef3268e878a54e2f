"""What the sender's child says of a send, and what its silence means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from reminders.catalogue.phrases import phrase
from reminders.domain.delivery import SendOutcome, SendResult
from reminders.domain.errors import ChildFailed

_STOPPED_BEFORE = phrase("the sender stopped before anything left: {reason}")
_STOPPED_HALF_WAY = phrase("the sender stopped half-way ({reason}); it may have been accepted")


def written(result: SendResult) -> dict[str, str | float | None]:
    """Return a result as JSON may hold it."""
    wait = result.retry_after
    return {
        "outcome": result.outcome.value,
        "detail": result.detail,
        "retry_after_seconds": None if wait is None else wait.total_seconds(),
        "external_id": result.external_id,
    }


def read(reply: object) -> SendResult:
    """Return the result that a child's reply holds; raises ChildFailed when it is none."""
    try:
        given: Mapping[str, Any] = dict(reply)  # type: ignore[call-overload]
        wait, external_id = given["retry_after_seconds"], given["external_id"]
        return SendResult(
            outcome=SendOutcome(given["outcome"]),
            detail=str(given["detail"]),
            retry_after=None if wait is None else timedelta(seconds=float(wait)),
            external_id=None if external_id is None else str(external_id),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ChildFailed("the sender's reply makes no sense", kind="output") from error


def of_failure(error: ChildFailed, mark: Path | None) -> SendResult:
    """Return the result of a child that gave no reply; ``mark`` is there once it has begun, None = nobody knows."""
    if error.kind == "start" or (mark is not None and not mark.exists()):
        detail = _STOPPED_BEFORE.format(reason=kind_words(error))
        return SendResult(outcome=SendOutcome.FAILED, detail=detail)
    detail = _STOPPED_HALF_WAY.format(reason=kind_words(error))
    return SendResult(outcome=SendOutcome.UNKNOWN, detail=detail)


def kind_words(error: ChildFailed) -> str:
    """Say how a child failed, for people."""
    words = {
        "deadline": phrase("it took too long"),
        "output": phrase("its reply could not be read"),
        "start": phrase("it could not be started"),
    }
    return words.get(error.kind, phrase("it broke down"))
