"""The plan in words: what would be sent, what would not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from reminders.composition.configuration import Loaded
from reminders.composition.surroundings import facts_for, now, open_journal, zone_of
from reminders.domain.decision import Decision, Defer, Send
from reminders.domain.facts import Facts
from reminders.domain.person import Person
from reminders.planning.plan_row import PlanRow

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.journal.sqlite_journal import SqliteJournal
    from reminders.planning.nudge_text import Composition


def plan_rows(
    loaded: Loaded, data_dir: Path, *, start: datetime, days: int, person: str | None = None
) -> list[PlanRow]:
    """Return what would be sent, what would not, and why; see ``planning.forecast``. Writes nothing."""
    journal = open_journal(data_dir, read_only=True)
    try:
        people = [p for p in loaded.household.people if person in (None, p.id)]
        rows = [row for who in people for row in _rows_of(who, journal, start, days)]
    finally:
        if journal is not None:
            journal.close()
    return sorted(rows, key=lambda row: (row.send_at or row.due_at, row.due_at))


def _rows_of(person: Person, journal: SqliteJournal | None, start: datetime, days: int) -> list[PlanRow]:
    from reminders.planning.forecast import forecast

    zone, moment = zone_of(person), now()
    facts = facts_for(journal, person, min(start, moment), max(start, moment) + timedelta(days=days + 1))
    # What was to be sent earlier today and is not on record went unanswered; of days gone by nothing is known.
    assumed_from = moment if start >= moment - timedelta(days=1) else None
    decisions = list(forecast(person, zone, start, days, facts, assumed_from))
    recent = {h.id: journal.recent_variants(person.id, h.id, 100) if journal else () for h in person.habits}
    words = _words_of(person, decisions, recent, zone, facts)
    return [_row(person, decision, words) for decision in decisions]


def _words_of(
    person: Person,
    decisions: Sequence[Decision],
    recent: dict[str, tuple[str, ...]],
    zone: ZoneInfo,
    facts: Facts,
) -> dict[str, Composition]:
    """Put each nudge of the plan into words, remembering what was said before it."""
    from reminders.catalogue.content import load_content
    from reminders.planning.wording import compose

    content = load_content(person.language)
    together: dict[str, list[Decision]] = {}
    for decision in decisions:
        if isinstance(decision.verdict, Send):
            together.setdefault(decision.verdict.nudge_id, []).append(decision)
    words = {}
    for name, sends in sorted(together.items(), key=lambda item: cast("Send", item[1][0].verdict).at):
        at = cast("Send", sends[0].verdict).at
        flare = any(pause.flare and pause.starts_at <= at < pause.ends_at for pause in facts.pauses)
        words[name] = compose(person, tuple(sends), content, recent, zone, flare=flare)
        for ask in words[name].asks:
            recent[ask.habit] = (ask.variant, *recent.get(ask.habit, ()))
    return words


def _row(person: Person, decision: Decision, words: dict[str, Composition]) -> PlanRow:
    verdict = decision.verdict
    base = PlanRow(
        due_at=decision.due_at,
        send_at=None,
        person=person.id,
        habit=decision.habit,
        slot_key=decision.slot_key,
        decision=type(verdict).__name__.lower(),
        reason=verdict.reason.value if verdict.reason else None,
        detail=None,
        nudge=None,
        title=None,
        text=None,
        send_to=(),
    )
    if isinstance(verdict, Send):
        said = words[verdict.nudge_id]
        habits = [person.habit(ask.habit) for ask in said.asks]
        send_to = tuple(dict.fromkeys(name for habit in habits if habit for name in habit.send_to))
        return replace(
            base, send_at=verdict.at, nudge=verdict.nudge_id, title=said.title, text=said.text, send_to=send_to
        )
    return base if isinstance(verdict, Defer) else replace(base, detail=verdict.detail)
