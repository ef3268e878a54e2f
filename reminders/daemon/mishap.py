"""Errors that nobody foresaw: told by type and place, never by their text, and kept from stopping everything else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import reminders
from reminders.catalogue.phrases import phrase
from reminders.daemon.heartbeat import BEAT
from reminders.domain.errors import JournalUnavailable
from reminders.domain.household import Household

LONGEST_WAIT = timedelta(minutes=5)
MOST_DOUBLINGS = 10
_FAILS = phrase("planning for {person} fails: {error}")
_OURS = str(Path(reminders.__file__).parent)
logger = logging.getLogger("reminders.daemon")
Result = TypeVar("Result")


def described(error: BaseException) -> str:
    """Return the type of an error and where in this package it came up: ``CronSimError at recurrence.py:163``."""
    place, trace = "", error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(_OURS):
            place = f" at {Path(file).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"


def spared(job: str, step: Callable[[], Result], otherwise: Result) -> Result:
    """Return what the step returns; ``otherwise`` when it raises, which is logged and stops nothing else."""
    try:
        return step()
    except Exception as error:  # noqa: BLE001  whatever it is, the alarm clock goes on
        logger.error("job.failed", extra={"fields": {"job": job, "error": described(error)}})  # noqa: TRY400
        return otherwise


@dataclass(slots=True)
class _Trouble:
    """How often in a row planning failed for a person, with what, and when it is tried again."""

    what: str
    failures: int
    retry_at: datetime


class PeopleInTrouble:
    """Serves people one by one; one whose planning fails is left out, longer each time, and nobody else waits."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._troubles: dict[str, _Trouble] = {}
        self._household: Household | None = None

    def begin(self, household: Household) -> None:
        """Give everybody a new chance when the configuration is another one."""
        if household is not self._household:
            self._household = household
            self._troubles.clear()

    def serve(self, person: str, now: datetime, step: Callable[[], datetime]) -> datetime:
        """Serve a person and return when to look again. Raises JournalUnavailable, which is nobody's own trouble."""
        trouble = self._troubles.get(person)
        if trouble is not None and now < trouble.retry_at <= now + LONGEST_WAIT:
            return trouble.retry_at
        try:
            next_at = step()
        except JournalUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  one person's plan must not stop everybody's
            return self._note(person, now, described(error))
        if self._troubles.pop(person, None) is not None:
            logger.info("planning.recovered", extra={"fields": {"person": person}})
        return next_at

    def words(self) -> str | None:
        """Return for whom planning fails, and how; None = for nobody."""
        found = [_FAILS.format(person=person, error=trouble.what) for person, trouble in self._troubles.items()]
        return "; ".join(found) or None

    def _note(self, person: str, now: datetime, what: str) -> datetime:
        before = self._troubles.get(person)
        failures = 1 if before is None else before.failures + 1
        doublings = min(failures - 1, MOST_DOUBLINGS)
        wait = min(BEAT * (1 << doublings), LONGEST_WAIT)
        self._troubles[person] = _Trouble(what, failures, now + wait)
        fields = {"person": person, "error": what, "failures": failures, "retry_seconds": wait.total_seconds()}
        logger.error("planning.failed", extra={"fields": fields})
        return now + wait
