"""The page of channels and health: how each way to reach people does, and how the daemon does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from reminders.catalogue.phrases import phrase, say, say_as, say_many
from reminders.catalogue.retelling import retold
from reminders.channels.unbuildable import DESKTOP_MEND
from reminders.delivery.breaker import BreakerState
from reminders.delivery.lane import ChannelHealth
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.planning.wording_of_numbers import decimal
from reminders.planning.wording_of_time import length, when
from reminders.web.channel_words import ability_words, kind_words
from reminders.web.house import House, ServiceState
from reminders.web.notices import Notices
from reminders.web.templating import render
from reminders.web.visit import Visit, frame, look, visit_of, visit_to

if TYPE_CHECKING:
    from reminders.journal.read_models import EventRow
    from reminders.journal.sqlite_journal import SqliteJournal

LOOK_BACK = timedelta(days=7)
EVENTS_AT_MOST = 50
_KIBI = 1024
_CLOCK_EVENTS = {
    "clock.suspended": phrase("the machine was asleep for {length}"),
    "clock.stepped": phrase("the clock was set forward by {length}"),
    "clock.stalled": phrase("the service was not let run for {length}"),
    "zone.changed": phrase("the time zone changed from {before} to {after}"),
}
_SIDECARS = ("", "-wal", "-shm")


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelCard:
    """One channel; ``state`` is well, waiting or broken; ``mend`` "" = nothing is to be done."""

    name: str
    kind: str
    state: str
    state_words: str
    words: str
    abilities: tuple[str, ...]
    mend: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What the journal says about the service; ``size_bytes`` None = there is no journal yet."""

    size_bytes: int | None = None
    began_at: datetime | None = None
    events: tuple[EventRow, ...] = ()
    events_in_all: int = 0


async def channels(request: Request, house: House, notices: Notices) -> Response:
    """Show how the channels and the daemon do. Nobody need be named: times are the first person's then."""
    named = visit_of(house, request.query_params.get("person"))
    visit = named or visit_to(house, house.household(), house.household().people[0])
    seen = await look(request, lambda journal: _read(journal, visit.now))
    return render(
        request,
        "channels.html",
        **frame(request, house, named, notices, page="/channels", seen=seen),
        cards=_cards(visit),
        facts=_facts(house.service(), seen.found, visit),
        events=[(when(one.at, visit.zone, visit.now), _event_words(one)) for one in reversed(seen.found.events)],
        more=max(seen.found.events_in_all - EVENTS_AT_MOST, 0),
    )


def _read(journal: SqliteJournal | None, now: datetime) -> Found:
    if journal is None:
        return Found()
    events = [one for one in journal.service_events(now - LOOK_BACK, now) if one.kind in _CLOCK_EVENTS]
    paths = [journal.path.with_name(f"{journal.path.name}{suffix}") for suffix in _SIDECARS]
    return Found(
        size_bytes=sum(path.stat().st_size for path in paths if path.exists()),
        began_at=journal.began_at(),
        events=tuple(events[-EVENTS_AT_MOST:]),
        events_in_all=len(events),
    )


def _cards(visit: Visit) -> list[ChannelCard]:
    health = {one.name: one for one in visit.house.channels()}
    reasons = dict(visit.house.service().unbuildable)
    cards = []
    for spec in visit.household.channels:
        state, words, mend = _condition(spec, health.get(spec.name), reasons.get(spec.name), visit)
        cards.append(
            ChannelCard(
                name=spec.name,
                kind=kind_words(spec),
                state=state,
                state_words=_state_words(state),
                words=words,
                abilities=tuple(ability_words(spec)),
                mend=mend,
            )
        )
    return cards


def _condition(
    spec: ChannelSpec, health: ChannelHealth | None, reason: str | None, visit: Visit
) -> tuple[str, str, str]:
    """Return the state of a channel, its words, and what to do."""
    if reason is not None:
        return "broken", say("cannot be used: {reason}", reason=retold(reason)), _mend_of(spec)
    if health is None:
        return "waiting", say("not in use"), ""
    waiting = [say_as("messages", "{count} waiting", count=health.waiting)] if health.waiting else []
    last = [say("last: {detail}", detail=retold(health.detail))] if health.detail else []
    if health.state is BreakerState.CLOSED:
        state, words = ("waiting", say("in use")) if last else ("well", say("healthy"))
        return state, "; ".join([words, *waiting, *last]), ""
    words = "; ".join([*_failures(health, visit), *last])
    return "broken", words, say("try it now with: reminders send-test {name}", name=spec.name)


def _mend_of(spec: ChannelSpec) -> str:
    if spec.kind is ChannelKind.DESKTOP:
        return say(DESKTOP_MEND)
    return say("mend its entry in the file, then: reminders send-test {name}", name=spec.name)


def _failures(health: ChannelHealth, visit: Visit) -> tuple[str, str]:
    """Return how often a channel failed, and when it is tried again."""
    failed = say_many("{count} failure in a row", "{count} failures in a row", health.failures_in_a_row)
    if health.state is BreakerState.HALF_OPEN or health.probe_at is None:
        return failed, say("the next nudge tries it again")
    return failed, say("left alone until {time}", time=when(health.probe_at, visit.zone, visit.now))


def _state_words(state: str) -> str:
    match state:
        case "well":
            return say_as("channel", "well")
        case "waiting":
            return say_as("channel", "waiting")
        case _:
            return say_as("channel", "broken")


def _facts(service: ServiceState, found: Found, visit: Visit) -> list[tuple[str, str]]:
    zone, now = visit.zone, visit.now
    facts = [
        (say("Version"), service.version),
        (say("Up since"), when(service.started_at, zone, now)),
        (say("Last sign of life"), when(service.last_beat_at, zone, now)),
        (say("State"), _service_state(service)),
        (say("Presence at the desk"), _presence(service)),
        (say("Journal"), say("none yet") if found.size_bytes is None else _size(found.size_bytes)),
    ]
    if found.began_at is not None:
        facts.append((say("Record since"), when(found.began_at, zone, now)))
    return facts


def _service_state(service: ServiceState) -> str:
    if service.degraded is None:
        return say_as("service", "well")
    return say("cannot do its work: {reason}", reason=retold(service.degraded))


def _presence(service: ServiceState) -> str:
    if service.presence is None:
        return say("unknown: nobody looks")
    return ", ".join(map(retold, service.presence.split(", ")))


def _size(number: int) -> str:
    if number < _KIBI * _KIBI:
        return f"{decimal(number / _KIBI, 0)} KiB"
    return f"{decimal(number / _KIBI / _KIBI, 1)} MiB"


def _event_words(event: EventRow) -> str:
    data: dict[str, Any] = dict(event.data)
    seconds = float(data.get("seconds", data.get("late_seconds", 0)))
    spoken = length(timedelta(seconds=abs(seconds)))
    if seconds < 0:
        return say("the clock was set back by {length}", length=spoken)
    return say(_CLOCK_EVENTS[event.kind], **{**data, "length": spoken})
