"""A tiny journal in memory: takes what planning decides, answers at once or not at all, gives back Facts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from reminders.domain.answer import Answer, Verb
from reminders.domain.context import Context, RealBreak
from reminders.domain.decision import Decision, Defer, Send
from reminders.domain.facts import Facts
from reminders.domain.occurrence import Occurrence, OccurrenceState
from reminders.domain.pause import Pause
from reminders.domain.person import Person
from reminders.planning.answering import ended
from reminders.planning.due import DueNow, due_now
from reminders.planning.followup import FollowUpDue


@dataclass
class Diary:
    """One person's record; ``sent`` maps a nudge to when it left and what it asks for."""

    who: Person
    zone: ZoneInfo
    answers_at_once: bool = True
    planned_until: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    breaks: tuple[RealBreak, ...] = ()
    context: Context | None = None
    occurrences: dict[str, Occurrence] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    asked_at: list[datetime] = field(default_factory=list)
    sent: dict[str, tuple[datetime, list[str]]] = field(default_factory=dict)
    amounts: dict[str, int | None] = field(default_factory=dict)
    followed_up: dict[str, tuple[datetime, list[str]]] = field(default_factory=dict)

    def facts(self) -> Facts:
        return Facts(
            occurrences=tuple(self.occurrences.values()),
            answers=tuple(self.answers),
            pauses=self.pauses,
            breaks=self.breaks,
            context=self.context,
            asked_at=tuple(self.asked_at),
            planned_until=self.planned_until,
        )

    def turn(self, now: datetime) -> DueNow:
        """Let one turn of the daemon pass, its decisions recorded."""
        self._close_expired(now)
        due = due_now(self.who, self.zone, self.facts(), now)
        names = [decision.occurrence_id for decision in due.decisions]
        assert len(names) == len(set(names)), f"decided twice in one turn: {names}"
        for decision in due.decisions:
            self._record(decision, now)
        for again in due.follow_ups:
            self._follow_up(again, now)
        self.planned_until = now
        assert due.next_at > now
        return due

    def _follow_up(self, again: FollowUpDue, now: datetime) -> None:
        assert again.nudge_id not in self.followed_up
        self.followed_up[again.nudge_id] = (now, [one.id for one in again.occurrences])
        for one in again.occurrences:
            before = self.occurrences[one.id]
            assert before.state is OccurrenceState.SENT
            assert before.nudge_id == again.about
            count = before.follow_ups + 1
            self.occurrences[one.id] = replace(before, nudge_id=again.nudge_id, nudged_at=now, follow_ups=count)

    def _close_expired(self, now: datetime) -> None:
        for name, occurrence in self.occurrences.items():
            self.occurrences[name] = ended(occurrence, now, ())

    def skip(self, occurrence_id: str, now: datetime) -> None:
        """Say Skip to an occurrence."""
        before = self.occurrences[occurrence_id]
        self.occurrences[occurrence_id] = replace(before, state=OccurrenceState.SKIPPED, answered_at=now)
        self._answer(before.habit, now, occurrence_id, None, Verb.SKIP)

    def answer_late(self, occurrence_id: str, now: datetime) -> None:
        """Say Done to an occurrence that has lapsed."""
        before = self.occurrences[occurrence_id]
        assert before.state is OccurrenceState.LAPSED
        self.occurrences[occurrence_id] = replace(before, answered_at=now, answered_late=True)
        self._answer(before.habit, now, occurrence_id, before.amount_ml)

    def done(self, habit: str, now: datetime, amount_ml: int | None = None) -> None:
        """Say Done of the habit with nothing open."""
        self._answer(habit, now, None, amount_ml)

    def snooze(self, occurrence_id: str, now: datetime, until: datetime) -> None:
        before = self.occurrences[occurrence_id]
        self.occurrences[occurrence_id] = replace(
            before, state=OccurrenceState.PLANNED, waiting=True, due_at=until, snoozes=before.snoozes + 1
        )
        self._answer(before.habit, now, occurrence_id, None, Verb.SNOOZE)

    def answer(self, occurrence_id: str, now: datetime) -> None:
        """Say Done to an occurrence."""
        before = self.occurrences[occurrence_id]
        assert before.state is OccurrenceState.SENT
        self.occurrences[occurrence_id] = replace(before, state=OccurrenceState.DONE, answered_at=now)
        self._answer(before.habit, now, occurrence_id, before.amount_ml)

    def _answer(
        self,
        habit: str,
        now: datetime,
        occurrence_id: str | None,
        amount_ml: int | None,
        verb: Verb = Verb.DONE,
    ) -> None:
        self.answers.append(
            Answer(
                id=len(self.answers) + 1,
                person=self.who.id,
                habit=habit,
                verb=verb,
                at=now,
                via="command",
                occurrence_id=occurrence_id,
                amount_ml=amount_ml,
            )
        )

    def _record(self, decision: Decision, now: datetime) -> None:
        verdict = decision.verdict
        name = decision.occurrence_id
        known = self.occurrences.get(name)
        assert known is None or known.waiting, f"{name} was decided before"
        before = known or Occurrence(
            person=decision.person,
            habit=decision.habit,
            slot_key=decision.slot_key,
            first_due_at=decision.due_at,
            due_at=decision.due_at,
            expires_at=decision.expires_at,
            state=OccurrenceState.PLANNED,
        )
        if isinstance(verdict, Defer):
            self.occurrences[name] = replace(
                before, waiting=True, due_at=verdict.until, expires_at=decision.expires_at, reason=verdict.reason
            )
        elif isinstance(verdict, Send):
            self._send(replace(before, expires_at=decision.expires_at), verdict, now)
        else:
            self.occurrences[name] = replace(before, waiting=False, state=verdict.state, reason=verdict.reason)

    def _send(self, before: Occurrence, verdict: Send, now: datetime) -> None:
        name = before.id
        self.occurrences[name] = replace(
            before,
            waiting=False,
            state=OccurrenceState.SENT,
            nudge_id=verdict.nudge_id,
            nudged_at=now,
            sent_at=before.sent_at or now,
            amount_ml=verdict.amount_ml,
            reason=verdict.reason,
        )
        if verdict.nudge_id not in self.sent:
            self.sent[verdict.nudge_id] = (now, [])
            if "#" not in verdict.nudge_id:
                self.asked_at.append(now)
        self.sent[verdict.nudge_id][1].append(name)
        self.amounts[name] = verdict.amount_ml
        if self.answers_at_once:
            self.answer(name, now)
