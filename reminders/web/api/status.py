"""How things stand: the daemon, the channels, and for each person what comes next and what waits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from reminders.delivery.lane import ChannelHealth
from reminders.domain.decision import Send
from reminders.domain.facts import Facts
from reminders.domain.person import Person
from reminders.journal.channel_trouble import LOOK_BACK, channel_troubles
from reminders.journal.read_models import ChannelState
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.forecast import next_send
from reminders.planning.moved_training import ids_around
from reminders.planning.water_words import HYDRATION
from reminders.planning.wording_of_time import iso
from reminders.web import shapes
from reminders.web.api.caller import Caller, json_of
from reminders.web.api.fields import Fields
from reminders.web.api.water import drunk_today_ml
from reminders.web.gate import base_of

HORIZON = timedelta(days=2)
KNOWN_BEFORE = timedelta(days=2)


async def status(request: Request) -> Response:
    """Return how things stand for everyone, or for ``person`` alone."""
    caller, fields = Caller.of(request), Fields.of_query(request)
    people, may_show = caller.people(fields)
    fields.finish()

    def find(journal: SqliteJournal) -> tuple[list[shapes.Shape], dict[str, ChannelState]]:
        standings = [_standing(caller, journal, person, may_show=may_show) for person in people]
        rows = journal.history(None, caller.now - LOOK_BACK, caller.now + timedelta(seconds=1))
        return standings, channel_troubles(rows)

    standings, troubles = await caller.record.read(find)
    page = f"{str(request.base_url).rstrip('/')}{base_of(request)}"
    return json_of({**_service(caller, page), "channels": _channels(caller, troubles), "people": standings})


def _service(caller: Caller, page: str) -> shapes.Shape:
    """Return how the daemon does; ``page`` is the address by which it was asked, so that has no trouble."""
    service = caller.house.service()
    return {
        "running": True,
        "pid": os.getpid(),
        "since": service.started_at.isoformat(),
        "version": service.version,
        "degraded": service.degraded,
        "refused": service.refused,
        "page": page,
        "page_trouble": None,
        "presence": service.presence,
        "config": caller.household.source,
        "problems": 0 if service.refused is None else 1,
    }


def _channels(caller: Caller, troubles: Mapping[str, ChannelState]) -> list[shapes.Shape]:
    service = caller.house.service()
    unbuilt, unheard = dict(service.unbuildable), dict(service.unheard)
    health: dict[str, ChannelHealth] = {one.name: one for one in caller.house.channels()}
    return [
        {
            "name": channel.name,
            "kind": channel.kind.value,
            "trouble": _trouble(troubles.get(channel.name)),
            "unbuilt": unbuilt.get(channel.name),
            "unheard": unheard.get(channel.name),
            "breaker": health[channel.name].state.value if channel.name in health else None,
            "waiting": health[channel.name].waiting if channel.name in health else 0,
        }
        for channel in caller.household.channels
    ]


def _trouble(trouble: ChannelState | None) -> shapes.Shape | None:
    return None if trouble is None else {"state": trouble.state.value, "detail": trouble.detail}


def _standing(caller: Caller, journal: SqliteJournal, person: Person, *, may_show: bool) -> shapes.Shape:
    zone, now = caller.zone(person), caller.now
    facts = _facts(caller, journal, person)
    coming = next_send(person, zone, facts, now)
    send_at = coming.verdict.at if coming is not None and isinstance(coming.verdict, Send) else None
    asked = [one for one in journal.open_occurrences(person.id) if one.sent_at is not None and one.expires_at > now]
    habit = person.habit(HYDRATION)
    drunk_ml = drunk_today_ml(caller, journal, person) if may_show and habit is not None else None
    pauses = [shapes.pause(one, zone) for one in journal.pauses(person.id, now)]
    unsafe = [one for one in person.habits if one.unsafe is not None] if may_show else []
    return {
        "person": person.id,
        "zone": str(zone),
        "next": None if coming is None else {"habit": coming.habit, "send_at": iso(send_at, zone)},
        "open": [shapes.open_occurrence(one, zone) for one in asked],
        "water": None if drunk_ml is None or habit is None else {"drunk_ml": drunk_ml, "goal_ml": habit.goal_ml},
        "pauses": pauses if may_show else [{**one, "reason": "", "flare": False} for one in pauses],
        "unsafe": [{"habit": one.id, "hint": one.unsafe} for one in unsafe],
        "calendars": [shapes.calendar(one, zone) for one in caller.house.calendars(person)],
    }


def _facts(caller: Caller, journal: SqliteJournal, person: Person) -> Facts:
    since, until = caller.now - KNOWN_BEFORE, caller.now + HORIZON
    events = caller.house.calendar_events(person, since, until)
    return replace(journal.facts(person.id, since, until, ids_around(person, events, since, until)), calendar=events)
