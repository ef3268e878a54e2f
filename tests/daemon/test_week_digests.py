"""Holds: a week goes where most of a person's habits go, names nothing unsafe, and is read only when it is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from reminders.daemon.week_digests import A_BREATH, WeekDigests
from reminders.domain.facts import Facts
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.person import Digest, Person
from reminders.journal.sqlite_journal import SqliteJournal
from tests.cli.desk import Desk
from tests.planning.people import BERLIN, alex, moment

SUNDAY = date(2026, 11, 22)
NOW = moment("18:00", SUNDAY)
DIGEST = "digest/me/2026-W47"
WHO = replace(alex(), digest=Digest(weekday=6, at=time(18)))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Put a movement and a calcium ask of the week on record."""
    (tmp_path / "data").mkdir(mode=0o700)
    desk = Desk(config=tmp_path / "reminders.yaml", data_dir=tmp_path / "data")
    for habit in ("movement", "calcium_meal"):
        desk.put(habit, NOW - timedelta(days=2))
    desk.expire(NOW)
    return desk


def summed_up(desk: Desk, who: Person, now: datetime = NOW) -> Nudge | None:
    """Look once, as a daemon that has just started; return the digest on record."""
    journal = desk.journal()
    try:
        WeekDigests(journal).look(who, BERLIN, Facts(), now, is_asking=False)
        return journal.nudge(DIGEST) if is_on_record(journal) else None
    finally:
        journal.close()


def is_on_record(journal: SqliteJournal) -> bool:
    try:
        journal.nudge(DIGEST)
    except KeyError:
        return False
    return True


def sending(who: Person, send_to: dict[str, tuple[str, ...]], fallback: tuple[str, ...] = ()) -> Person:
    """Let each habit go where it is told, the others to the desktop."""
    where = {habit.id: send_to.get(habit.id, ("desktop",)) for habit in who.habits}
    return replace(
        who, habits=tuple(replace(habit, send_to=where[habit.id], fallback=fallback) for habit in who.habits)
    )


def test_it_is_a_service_message_about_the_week(desk: Desk) -> None:
    nudge = summed_up(desk, sending(WHO, {}, ("phone",)))
    assert nudge is not None
    assert (nudge.kind, nudge.asks, nudge.send_to, nudge.fallback) == (
        NudgeKind.SERVICE,
        (),
        ("desktop",),
        ("phone",),
    )
    assert (nudge.title, nudge.text) == ("Your week", "Short break: 0 of 1 done\nCalcium idea: 0 of 1 done")
    assert nudge.discreet_text == "Your week: 0 of 2 answered."
    assert nudge.expires_at == moment("22:30", SUNDAY)


def test_it_does_not_go_to_the_channel_of_one_habit_alone(desk: Desk) -> None:
    nudge = summed_up(desk, sending(WHO, {"movement": ("desktop", "lamp_in_the_hall")}))
    assert nudge is not None
    assert nudge.send_to == ("desktop",)


def test_a_habit_that_is_not_safe_any_more_is_not_spoken_of(desk: Desk) -> None:
    habits = tuple(replace(habit, unsafe="not now") if habit.id == "calcium_meal" else habit for habit in WHO.habits)
    nudge = summed_up(desk, replace(sending(WHO, {}), habits=habits))
    assert nudge is not None
    assert nudge.text == "Short break: 0 of 1 done"


def test_what_fell_due_before_the_week_belongs_to_the_one_before(desk: Desk) -> None:
    desk.put("hydration", NOW - timedelta(days=7, minutes=1))
    desk.put("warm_up", NOW - timedelta(days=7))
    desk.expire(NOW)
    nudge = summed_up(desk, sending(WHO, {}))
    assert nudge is not None
    assert "Water" not in nudge.text
    assert "Warm-up: 0 of 1 done" in nudge.text


def test_the_record_is_not_read_before_it_is_due(desk: Desk) -> None:
    journal = desk.journal()
    journal.close()  # reading it now would fail
    digests = WeekDigests(journal)
    assert digests.look(WHO, BERLIN, Facts(), NOW - timedelta(seconds=1), is_asking=False) == NOW
    assert digests.look(WHO, BERLIN, Facts(), NOW, is_asking=True) == NOW + A_BREATH


def test_it_waits_once_for_a_nudge_and_no_longer_when_more_follow(desk: Desk) -> None:
    journal = desk.journal()
    digests = WeekDigests(journal)
    assert digests.look(WHO, BERLIN, Facts(), NOW, is_asking=True) == NOW + A_BREATH
    between = NOW + timedelta(minutes=6)
    assert digests.look(WHO, BERLIN, Facts(), between, is_asking=True) == NOW + A_BREATH
    assert not is_on_record(journal)
    digests.look(WHO, BERLIN, Facts(), NOW + A_BREATH, is_asking=True)
    assert is_on_record(journal)
    journal.close()


def test_a_person_without_one_is_never_looked_at_again(desk: Desk) -> None:
    journal = desk.journal()
    assert WeekDigests(journal).look(alex(), BERLIN, Facts(), NOW, is_asking=False) is None
    journal.close()


def test_it_is_in_the_persons_language(desk: Desk) -> None:
    nudge = summed_up(desk, replace(sending(WHO, {}), language="de"))
    assert nudge is not None
    assert (nudge.title, nudge.discreet_text) == ("Deine Woche", "Deine Woche: 0 von 2 beantwortet.")
    assert nudge.text == "Bewegungspause: 0 von 1 erledigt\nCalcium-Idee: 0 von 1 erledigt"
