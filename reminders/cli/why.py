"""``reminders why``: the decisions and deliveries behind a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reminders import composition
from reminders.catalogue.phrases import say
from reminders.cli.columns import aligned
from reminders.cli.options import as_json, person_who_answers, places, print_json
from reminders.cli.reason_sentences import SENTENCES
from reminders.cli.refusal import Verb
from reminders.cli.selection import habit_id, person_of, unknown_habit
from reminders.cli.why_words import (
    circumstance_words,
    neighbours_words,
    slot_words,
    standing_words,
    timeline,
)
from reminders.cli.written_values import parse_moment
from reminders.composition.inquiry import Absence, Inquiry, Slot, inquire
from reminders.domain.decision import Decision, Send, Suppress
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.domain.person import Person
from reminders.planning.record_words import detail_words
from reminders.planning.wording_of_time import heading, iso, moment

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from reminders.composition.inquiry import Neighbours
    from reminders.journal.read_models import Explanation


_HELD_BACK = (OccurrenceState.PLANNED, OccurrenceState.SUPPRESSED, OccurrenceState.MISSED)


@click.command("why", cls=Verb, short_help="Explain what was sent at a moment, or was not")
@click.argument("habit", required=False)
@click.option("--at", "at", metavar="TIME", help="14:30 (today), 2026-03-29 14:30, or an instant. Left out: now.")
@person_who_answers
@as_json
@places
def why(
    habit: str | None,
    at: str | None,
    person: str | None,
    as_json: bool,  # noqa: FBT001
    config: str | None,
    data_dir: str | None,
) -> None:
    """Explain what was due around a moment: what was decided and why, how it was delivered, what was answered.

    Where nothing was due, the slots before and after and what held at that moment. Nothing is written.
    """
    place = composition.data_directory(data_dir)
    who = person_of(composition.load(config, place, keep=False).household, person)
    now = composition.now()
    instant = now if at is None else parse_moment(at, composition.zone_of(who), now)
    inquiry = _inquire(place, who, habit, instant)
    if as_json:
        print_json(_json(inquiry))
        return
    for line in _lines(inquiry):
        click.echo(line)


def _inquire(place: Path, who: Person, habit: str | None, instant: datetime) -> Inquiry:
    """Inquire; a habit that neither the file nor the record knows is refused."""
    wanted = None if habit is None else habit_id(habit)
    inquiry = inquire(place, who, wanted, instant)
    is_known = wanted is None or who.habit(wanted) is not None or wanted in who.off_habits
    if not is_known and habit is not None and not inquiry.explanations:
        raise unknown_habit(habit, [one.id for one in who.habits])
    return inquiry


# -- for people ------------------------------------------------------------------------------------------------------


def _lines(inquiry: Inquiry) -> Iterator[str]:
    zone, now = inquiry.zone, inquiry.asked_at
    local = inquiry.at.astimezone(zone)
    yield f"{inquiry.person.name}, {heading(local.date())} {local:%H:%M} ({zone})"
    for held in inquiry.circumstances:
        yield f"  {circumstance_words(held, zone, now)}"
    for explanation in inquiry.explanations:
        yield ""
        yield from _explained(explanation, inquiry)
    for decision in inquiry.planned:
        yield ""
        yield from _planned(decision, inquiry)
    if inquiry.neighbours:
        yield ""
        yield from _nothing_due(inquiry)


def _explained(explanation: Explanation, inquiry: Inquiry) -> Iterator[str]:
    one, zone, now = explanation.occurrence, inquiry.zone, inquiry.asked_at
    due = moment(one.first_due_at, zone, now)
    yield say("{habit}, due {moment}: {standing}", habit=one.habit, moment=due, standing=standing_words(one))
    yield from aligned((f"{at.astimezone(zone):%H:%M:%S}", words) for at, words in timeline(explanation, zone, now))
    # Of what was sent, a reason tells why that was not at its time, which is told above.
    if one.reason is not None and one.state in _HELD_BACK:
        yield from _because(one.reason, one.detail)
    if explanation.nudge is not None:
        yield f"  {say('it said: {title}', title=explanation.nudge.title)}"
        yield from (f"    {line}" for line in explanation.nudge.text.splitlines())


def _because(reason: Reason, detail: str | None) -> Iterator[str]:
    clause, hint, added = say(SENTENCES[reason].because), say(SENTENCES[reason].change), ""
    if reason is Reason.UNSAFE and detail:
        hint = detail_words(reason, detail)
    elif detail:
        added = f" ({detail_words(reason, detail)})"
    yield f"  {say('because {clause}', clause=f'{clause}{added}')}"
    yield f"  {say('hint: {hint}', hint=hint)}"


def _planned(decision: Decision, inquiry: Inquiry) -> Iterator[str]:
    slot = Slot(due_at=decision.due_at, decision=decision)
    words = slot_words(slot, inquiry.zone, inquiry.asked_at)
    if decision.due_at > inquiry.asked_at:
        yield say("{habit}, due {slot}", habit=decision.habit, slot=words)
    else:
        yield say("{habit}, due {slot}, but nothing was decided", habit=decision.habit, slot=words)
    reason = decision.verdict.reason
    if reason is not None:
        yield from _because(reason, decision.verdict.detail if isinstance(decision.verdict, Suppress) else None)


def _nothing_due(inquiry: Inquiry) -> Iterator[str]:
    silent = inquiry.neighbours
    yield say("nothing was due around then") if inquiry.at <= inquiry.asked_at else say("nothing is due around then")
    yield from aligned((one.habit, neighbours_words(one, inquiry.zone, inquiry.asked_at)) for one in silent)
    for one in silent:
        if one.absence is Absence.UNSAFE:
            yield say("hint: {hint}", hint=f"{one.habit}: {detail_words(Reason.UNSAFE, one.detail)}")
        if one.absence is Absence.OFF:
            hint = say('take "off" from behind {habit} in the file to have it back', habit=one.habit)
            yield say("hint: {hint}", hint=hint)


# -- for programs ----------------------------------------------------------------------------------------------------


def _json(inquiry: Inquiry) -> dict[str, object]:
    zone = inquiry.zone
    return {
        "person": inquiry.person.id,
        "zone": str(zone),
        "at": iso(inquiry.at, zone),
        "circumstances": [
            {
                "kind": one.kind.value,
                "since": iso(one.since, zone),
                "until": iso(one.until, zone),
                "detail": one.detail,
            }
            for one in inquiry.circumstances
        ],
        "occurrences": [_json_explained(one, inquiry) for one in inquiry.explanations],
        "planned": [_json_decision(one, zone) for one in inquiry.planned],
        "silent": [_json_neighbours(one, zone) for one in inquiry.neighbours],
    }


def _json_explained(explanation: Explanation, inquiry: Inquiry) -> dict[str, object]:
    one, nudge, zone = explanation.occurrence, explanation.nudge, inquiry.zone
    return {
        "habit": one.habit,
        "slot_key": one.slot_key,
        "due_at": iso(one.first_due_at, zone),
        "expires_at": iso(one.expires_at, zone),
        "sent_at": iso(one.sent_at, zone),
        "answered_at": iso(one.answered_at, zone),
        "state": one.state.value,
        "late": one.answered_late,
        "follow_ups": one.follow_ups,
        **_json_reason(one.reason, one.detail),
        "nudge": None
        if nudge is None
        else {
            "id": nudge.id,
            "title": nudge.title,
            "text": nudge.text,
            "send_to": list(nudge.send_to),
            "fallback": list(nudge.fallback),
        },
        "deliveries": [
            {
                "nudge": delivery.nudge_id,
                "channel": delivery.channel,
                "state": delivery.state.value,
                "attempt": delivery.attempt,
                "began_at": iso(delivery.began_at, zone),
                "finished_at": iso(delivery.finished_at, zone),
                "next_attempt_at": iso(delivery.next_attempt_at, zone),
                "detail": delivery.detail,
            }
            for delivery in explanation.deliveries
        ],
        "events": [
            {"at": iso(at, zone), "words": words} for at, words in timeline(explanation, zone, inquiry.asked_at)
        ],
    }


def _json_reason(reason: Reason | None, detail: str | None) -> dict[str, object]:
    return {
        "reason": None if reason is None else reason.value,
        "detail": detail,
        "because": None if reason is None else SENTENCES[reason].because,
        "change": None if reason is None else SENTENCES[reason].change,
    }


def _json_decision(decision: Decision, zone: ZoneInfo) -> dict[str, object]:
    verdict = decision.verdict
    return {
        "habit": decision.habit,
        "slot_key": decision.slot_key,
        "due_at": iso(decision.due_at, zone),
        "decision": type(verdict).__name__.lower(),
        "send_at": iso(verdict.at, zone) if isinstance(verdict, Send) else None,
        **_json_reason(verdict.reason, verdict.detail if isinstance(verdict, Suppress) else None),
    }


def _json_neighbours(one: Neighbours, zone: ZoneInfo) -> dict[str, object]:
    return {
        "habit": one.habit,
        "absence": one.absence.value,
        "detail": one.detail,
        "before": _json_slot(one.before, zone),
        "after": _json_slot(one.after, zone),
    }


def _json_slot(slot: Slot | None, zone: ZoneInfo) -> dict[str, object] | None:
    if slot is None:
        return None
    state = "planned" if slot.occurrence is None else slot.occurrence.state.value
    return {"due_at": iso(slot.due_at, zone), "state": state}
