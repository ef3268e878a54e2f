"""The calendars that people keep elsewhere: how fresh the copies are, and the part of the daemon that reads them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import say, say_many
from reminders.catalogue.retelling import retold
from reminders.composition.finding import Finding, ok, warning
from reminders.domain.calendar import CalendarSpec
from reminders.domain.household import Household
from reminders.domain.person import Person

if TYPE_CHECKING:
    from reminders.daemon.calendar_watch import CalendarWatch
    from reminders.sensors.calendar_shelf import CalendarShelf
    from reminders.sensors.calendar_state import CalendarState


def calendar_states(people: Iterable[Person], data_dir: Path, now: datetime) -> Iterator[CalendarState]:
    """Yield how each calendar of these people is known, from the copies alone. No network is used."""
    with_calendars = [person for person in people if person.calendars]
    if with_calendars:
        from reminders.sensors.calendar_shelf import CalendarShelf

        shelf = CalendarShelf(data_dir)
        yield from (state for person in with_calendars for state in shelf.states(person, now))


def calendar_findings(household: Household, data_dir: Path, now: datetime) -> Iterator[Finding]:
    """Look at the copies of the calendars, and at who may read what they are read from. No network is used."""
    from reminders.sensors.calendar_state import state_words

    several = len(household.people) > 1
    for state in calendar_states(household.people, data_dir, now):
        name = say("calendar {name}", name=state.name)
        if several:
            name = say("calendar {name} of {person}", name=state.name, person=state.person)
        words = state_words(state, lambda at: f"{at.astimezone():%Y-%m-%d %H:%M}")
        if words is not None:
            yield warning(name, words, state.mend)
        else:
            at = f"{state.fetched_at:%Y-%m-%d %H:%M} UTC"
            yield ok(name, say("read {at}, events that matter: {count}", at=at, count=state.events))
        for reason, count in state.left_out:
            words = say_many(
                "{count} event that cannot be used as written: it {reason}",
                "{count} events that cannot be used as written: it {reason}",
                count,
                reason=retold(reason),
            )
            yield warning(name, words, say("correct it in the calendar, or live with it"))
    yield from _exposed_files(household)


def _exposed_files(household: Household) -> Iterator[Finding]:
    from reminders.composition.checkup_of_files import is_exposed

    files = {spec.url_file: spec.name for person in household.people for spec in person.calendars if spec.url_file}
    for path, name in files.items():
        try:
            if is_exposed(path):
                told = say('"{file}" is open to others', file=path)
                yield warning(say("calendar {name}", name=name), told, f'chmod 600 "{path}"')
        except OSError:
            continue  # the attempt to read it says so


def calendar_watch(shelf: CalendarShelf, changed: Callable[[], None]) -> CalendarWatch:
    """Return what keeps the copies of the daemon fresh; ``changed`` is called when there are other events."""
    from reminders.clock import SystemClock
    from reminders.composition.surroundings import zone_of
    from reminders.daemon.calendar_watch import CalendarWatch
    from reminders.daemon.child import run_child

    return CalendarWatch(shelf, SystemClock(), run_child, url_of=_filled_in, zone_of=zone_of, changed=changed)


def _filled_in(spec: CalendarSpec) -> str | None:
    """Return the address with what the environment holds. Raises FeedUnreadable."""
    from reminders.sensors.unreadable import FeedUnreadable
    from reminders.settings.template import TemplateMistake, fill

    try:
        return None if spec.url is None else fill(spec.url, os.environ).strip()
    except TemplateMistake as mistake:
        raise FeedUnreadable(str(mistake)) from None
