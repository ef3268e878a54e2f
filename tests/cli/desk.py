"""A household in a file and a journal in a temporary directory: where the commands are run."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from reminders.cli import main
from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.delivery import DeliveryState, SendOutcome, SendResult
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.occurrence import Reason, occurrence_id
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal

# A Tuesday, 11:20 in Berlin.
NOW = datetime(2026, 3, 24, 10, 20, tzinfo=UTC)

FILE = """\
timezone: Europe/Berlin
me:
  name: Alex
  awake: 07:00-22:30
  work: {hours: 09:00-17:30, days: mon-fri}
channels:
  here: console://
habits:
  hydration: {every: 2h, within: awake}
  movement: {every: 60min, within: work}
  warm_up: {before: training, lead: 10min}
  potassium_meal: {at: ["12:15"]}
  walk: off
training:
  - {name: Gym, days: [tue, thu], at: "18:30", lasts: 60min}
"""

HOUSEHOLD = """\
timezone: Europe/Berlin
people:
  alex: {name: Alex}
  sam: {name: Sam, timezone: America/New_York}
channels: {here: console://}
habits:
  hydration:
  potassium_meal:
"""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where the commands are run: a configuration file and a data directory that need not exist."""

    config: Path
    data_dir: Path

    def run(self, *words: str) -> Result:
        """Run a command on this file and directory."""
        return CliRunner().invoke(main, [*words, *self.places])

    def json(self, *words: str) -> Any:
        """Run a reading command and return what it printed as JSON."""
        return json.loads(self.run(*words, "--json").stdout)

    @property
    def places(self) -> tuple[str, ...]:
        """The options that name the file and the directory."""
        return ("--config", str(self.config), "--data-dir", str(self.data_dir))

    def journal(self) -> SqliteJournal:
        """Open the journal that the commands use."""
        return SqliteJournal.open(self.data_dir / "journal.db")

    def put(self, habit: str, at: datetime, *, lasts: timedelta = timedelta(hours=1), **more: Any) -> str:
        """Let a habit be asked at a moment, as the daemon records it; return the occurrence's id."""
        key = f"{at:%Y-%m-%dT%H:%M}"
        name = occurrence_id(more.get("person", "me"), habit, key)
        with_amount = more.get("amount_ml")
        send = Send(at, f"nudge-{name}", more.get("reason"), with_amount)
        self._record(habit, key, at, lasts, send, more.get("person", "me"))
        journal = self.journal()
        outcome = more.get("outcome", SendOutcome.ACCEPTED)
        state = {SendOutcome.ACCEPTED: DeliveryState.ACCEPTED, SendOutcome.REJECTED: DeliveryState.REJECTED}[outcome]
        for delivery in journal.deliveries_of(send.nudge_id):
            journal.begin(delivery.id, at)
            journal.finish(delivery.id, SendResult(outcome=outcome, detail=more.get("detail", "")), state, at, None)
        journal.close()
        return name

    def ask_again(self, name: str, at: datetime, channel: str) -> None:
        """Let an unanswered occurrence be followed up on a channel that takes it."""
        journal = self.journal()
        about = journal.nudge(f"nudge-{name}")
        nudge_id = f"{name}~1"
        again = replace(about, id=nudge_id, kind=NudgeKind.FOLLOW_UP, created_at=at, send_to=(channel,))
        journal.record(TurnRecord(person=about.person, decided_at=at, planned_until=at, follow_ups=(again,)))
        (delivery,) = journal.deliveries_of(nudge_id)
        journal.begin(delivery.id, at)
        accepted = SendResult(outcome=SendOutcome.ACCEPTED)
        journal.finish(delivery.id, accepted, DeliveryState.ACCEPTED, at, None)
        journal.close()

    def hold_back(
        self, habit: str, at: datetime, reason: Reason, detail: str | None = None, *, person: str = "me"
    ) -> None:
        """Let a habit be suppressed at a moment, as the daemon records it."""
        self._record(habit, f"{at:%Y-%m-%dT%H:%M}", at, timedelta(hours=1), Suppress(reason, detail), person)

    def hold_back_late(self, habit: str, due_at: datetime, decided_at: datetime, reason: Reason) -> None:
        """Let a habit be settled at a moment after it fell due, as a daemon does that was not awake."""
        decision = Decision(
            "me", habit, f"{due_at:%Y-%m-%dT%H:%M}", due_at, due_at + timedelta(hours=1), Suppress(reason)
        )
        turn = TurnRecord(person="me", decided_at=decided_at, planned_until=decided_at, decisions=(decision,))
        journal = self.journal()
        journal.record(turn)
        journal.close()

    def expire(self, now: datetime) -> None:
        """End what is over at a moment."""
        journal = self.journal()
        journal.close_expired(now)
        journal.close()

    def _record(
        self, habit: str, key: str, at: datetime, lasts: timedelta, verdict: Send | Suppress, person: str
    ) -> None:
        decision = Decision(person, habit, key, at, at + lasts, verdict)
        nudges = (_nudge(decision, verdict),) if isinstance(verdict, Send) else ()
        turn = TurnRecord(person=person, decided_at=at, planned_until=at, decisions=(decision,), nudges=nudges)
        journal = self.journal()
        journal.record(turn)
        journal.close()


def _nudge(decision: Decision, send: Send) -> Nudge:
    ask = Ask(occurrence_id=decision.occurrence_id, habit=decision.habit, text="Now", amount_ml=send.amount_ml)
    return Nudge(
        id=send.nudge_id,
        person=decision.person,
        kind=NudgeKind.ASK,
        asks=(ask,),
        title="Now",
        text="Now",
        discreet_text="Now",
        created_at=send.at,
        expires_at=decision.expires_at,
        send_to=("here",),
    )
