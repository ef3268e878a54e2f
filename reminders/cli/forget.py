"""``reminders forget``: what is on record is gone, in the journal and in its backups."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reminders import composition
from reminders.catalogue.phrases import say, say_many
from reminders.cli.options import places
from reminders.cli.questions import yes_or_no
from reminders.cli.refusal import ExitCode, Refusal, Verb, finish
from reminders.cli.selection import person_of
from reminders.cli.written_values import day_minute, parse_day
from reminders.composition.erasure import Erased, Wish, erase, people_on_record, would_go
from reminders.domain.household import Household

if TYPE_CHECKING:
    from reminders.journal.forgetting import Forgotten


@click.command("forget", cls=Verb, short_help="Delete what is on record, for good")
@click.option("--person", metavar="NAME", help="Forget this person alone, in the file or not. Left out: everybody.")
@click.option("--before", metavar="DATE", help="Forget what is older than that day. Left out: all of it.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@places
def forget(person: str | None, before: str | None, yes: bool, config: str | None, data_dir: str | None) -> None:  # noqa: FBT001
    """Delete what was sent, answered and paused, for good: from the journal, its log and its backups.

    A new backup is made of what is left. Nothing is sent a second time: where the plan of today stands is kept, and
    what is being sent at this moment, or was sent ahead of its time, stays until it has ended. The daemon may run.
    """
    place = composition.data_directory(data_dir)
    household = composition.load(config, place).household
    wish = Wish(person=_whose(household, place, person), before=_moment(household, person, before))
    found = would_go(place, wish)
    if found is None:
        click.echo(say("nothing of that is on record"))
        return
    if not yes and not _is_confirmed(found, wish):
        click.echo(say("nothing was forgotten"))
        finish(ExitCode.FAILED)
        return
    for line in _lines(erase(place, wish, [one.id for one in household.people])):
        click.echo(line)


def _whose(household: Household, place: Path, name: str | None) -> str | None:
    """Return the id of the person meant: one in the file, else one that only the record knows."""
    if name is None:
        return None
    recorded = {one.casefold(): one for one in people_on_record(place)}
    try:
        return person_of(household, name).id
    except Refusal:
        if name.casefold() not in recorded:
            raise
        return recorded[name.casefold()]


def _moment(household: Household, name: str | None, before: str | None) -> datetime | None:
    """Return the midnight at which the day begins where the person is. Raises Refusal for one that is not over."""
    if before is None:
        return None
    wanted = {name.casefold()} if name else set[str]()
    people = household.people
    person = next((one for one in people if wanted & {one.id.casefold(), one.name.casefold()}), people[0])
    moment = day_minute(parse_day(before), composition.zone_of(person))
    if moment > composition.now():
        hint = say("leave --before out to forget all of it")
        raise Refusal(say('"{date}" is still to come', date=before), hint=hint)
    return moment


def _is_confirmed(found: Forgotten, wish: Wish) -> bool:
    if not sys.stdin.isatty():
        hint = say("to do so without being asked: add --yes")
        raise Refusal(say("this would forget {what}", what=_counts(found)), hint=hint)
    if wish.person is None:
        click.echo(say("this would forget, of everybody: {what}", what=_counts(found)))
    else:
        click.echo(say("this would forget, of {person}: {what}", person=wish.person, what=_counts(found)))
    return yes_or_no(say("Delete it for good, in the backups as well?"), default=False)


def _counts(found: Forgotten) -> str:
    told = (
        (say_many("{count} occurrence", "{count} occurrences", found.occurrences), found.occurrences),
        (say_many("{count} nudge", "{count} nudges", found.nudges), found.nudges),
        (say_many("{count} answer", "{count} answers", found.answers), found.answers),
        (say_many("{count} pause", "{count} pauses", found.pauses), found.pauses),
    )
    return ", ".join(words for words, number in told if number) or say("no more than events of the service")


def _lines(erased: Erased) -> Iterator[str]:
    yield say("forgotten: {what}", what=_counts(erased.forgotten))
    if erased.staying:
        yield say_many(
            "one stays until it has ended; then: reminders forget",
            "{count} stay until they have ended; then: reminders forget",
            erased.staying,
        )
    for file in erased.put_aside:
        yield say('hint: a damaged journal that was put aside may still hold it: rm "{file}"', file=file)
