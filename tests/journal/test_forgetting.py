"""Forgetting on purpose: whole families go or stay, the rest of the record stays true, and nothing is left behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reminders.domain.answer import Verb
from reminders.domain.decision import Send
from reminders.domain.delivery import DeliveryState
from reminders.domain.errors import JournalUnavailable
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.occurrence import Reason
from reminders.journal.forgetting import Forgotten
from reminders.journal.sqlite_journal import SqliteJournal
from tests.journal.day import FAILED, NINE, Day

YEARS = timedelta(days=500)
LATER = NINE + YEARS
TABLES = ("occurrences", "nudges", "asks", "deliveries", "answers", "pauses", "links", "events")


def rows(day: Day) -> dict[str, int]:
    return {name: day.journal._connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in TABLES}


def names(day: Day) -> set[str]:
    return {row["habit"] for row in day.journal._connection.execute("SELECT habit FROM occurrences")}


def trim(day: Day, minute: float) -> Forgotten:
    return day.journal.forget_before(day.at(minute), LATER)


def send_together(day: Day, *habits: tuple[str, float], minute: float = 0) -> str:
    """Have one nudge accepted for habits due at those minutes; return its id."""
    nudge_id = f"together-{habits[0][0]}-{minute:g}"
    verdict = Send(day.at(minute), nudge_id)
    decisions = [
        day.decision(verdict, habit=habit, slot=f"slot {due:g}", due=due, expires=due + 60) for habit, due in habits
    ]
    day.turn(*decisions, minute=minute, nudges=[day.nudge(decisions)])
    day.deliver(nudge_id, minute=minute)
    return nudge_id


def live(day: Day) -> None:
    """Let one of everything happen between nine and ten."""
    journal = day.journal
    day.press(day.send("movement", slot="09:00"), Verb.DONE, 5)
    snoozed = day.send("hydration", minute=1, slot="09:01", expires=50)
    day.press(snoozed, Verb.SNOOZE, 5)
    day.again("again", minute=20, habit="hydration", slot="09:01", expires=50)
    day.deliver("again", minute=20)
    journal.add_link("hash", snoozed, day.at(60))
    day.suppress(Reason.GAP, habit="eyes", slot="09:02", minute=2)
    day.deliver(day.queue("walk", slot="09:03", minute=3), result=FAILED, state=DeliveryState.RETRY_WAIT, retry_at=5)
    day.say("strength", Verb.DONE, 10)
    journal.undo("me", "strength", day.at(11))
    day.say("strength", Verb.DONE, 12)
    journal.pause("me", None, day.at(13), day.at(30), "me", "a meeting")
    journal.resume("me", None, day.at(14))
    journal.note("clock.stepped", day.at(15), {"seconds": 3})
    notice = Nudge(
        id="notice", person="me", kind=NudgeKind.SERVICE, asks=(), title="t", text="t", discreet_text="t",
        created_at=day.at(16), expires_at=day.at(59), send_to=("desk",),
    )  # fmt: skip
    journal.record_notice(notice)
    journal.close_expired(day.at(60))


def test_what_is_old_goes_with_all_that_hangs_on_it(day: Day) -> None:
    live(day)
    assert min(rows(day).values()) >= 1
    forgotten = trim(day, 1440)
    assert {name: count for name, count in rows(day).items() if count} == {"events": 1}
    assert forgotten.states == {"done": 1, "lapsed": 1, "missed": 1, "suppressed": 1}
    (event,) = day.journal.last_events(9)
    assert (event.kind, event.data["states"]) == ("journal.trimmed", forgotten.states)
    assert (event.data["answers"], event.data["pauses"]) == (4, 1)


def test_what_is_younger_stays_whole_and_true(day: Day) -> None:
    live(day)
    before = rows(day)
    assert trim(day, 0).is_nothing
    assert rows(day) == before
    trim(day, 2.5)
    assert names(day) == {"walk"}
    assert day.journal.check_invariant() == ()


def test_an_occurrence_that_shares_a_nudge_with_one_that_stays_stays(day: Day) -> None:
    send_together(day, ("movement", 0), ("hydration", 100))
    lone = day.send("eyes", slot="09:05")
    day.journal.close_expired(day.at(300))
    assert trim(day, 50).states == {"lapsed": 1}
    assert names(day) == {"movement", "hydration"}
    with pytest.raises(KeyError):
        day.journal.nudge(lone)
    assert trim(day, 101).states == {"lapsed": 2}


def test_a_chain_of_shared_nudges_is_one_family(day: Day) -> None:
    """A travelled with B; B was snoozed and travelled with C: while C stays, A does."""
    first = send_together(day, ("a", 0), ("b", 1))
    day.journal.answer_nudge(first, Verb.SNOOZE, day.at(2), "desktop")
    send_together(day, ("b", 1), ("c", 200), minute=20)
    day.journal.close_expired(day.at(500))
    assert trim(day, 150).occurrences == 0
    assert trim(day, 201).occurrences == 3


def test_what_is_open_or_on_its_way_is_never_trimmed(day: Day) -> None:
    day.queue("movement", slot="09:00")
    day.send("hydration", slot="09:01")
    day.defer(30, habit="eyes", slot="09:02")
    assert trim(day, 1440).occurrences == 0
    assert day.journal.open_deliveries() != ()


def test_an_event_is_deleted_only_while_forgetting_and_never_after(day: Day) -> None:
    live(day)
    trim(day, 1440)
    day.send("later", slot="11:00", minute=120)
    with pytest.raises(sqlite3.IntegrityError, match="events are never deleted"):
        day.journal._connection.execute("DELETE FROM events")


def test_every_step_is_one_short_transaction_and_one_cut_off_is_counted_the_next_time(day: Day) -> None:
    for number in range(100):
        day.suppress(Reason.GAP, habit="eyes", slot=f"{number:05}", minute=number / 100)
    steps = day.journal.trim(day.at(1440), LATER)
    next(steps)
    assert 0 < rows(day)["occurrences"] < 100
    assert day.journal.check_invariant() == ()
    del steps
    day.reopen()
    assert trim(day, 1440).states == {"suppressed": 100}
    assert len(day.journal.last_events(9, kind="journal.trimmed")) == 1


def test_a_step_that_fails_forgets_nothing(day: Day) -> None:
    live(day)
    before = rows(day)
    day.journal._connection.execute("CREATE TRIGGER no BEFORE DELETE ON nudges BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(sqlite3.IntegrityError):
        trim(day, 1440)
    assert rows(day) == before
    day.journal._connection.execute("DROP TRIGGER no")
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        day.journal._connection.execute("DELETE FROM events")


def test_a_night_takes_a_week_of_the_oldest_at_most(day: Day) -> None:
    assert day.journal.too_old(LATER) == LATER - timedelta(days=400)
    day.send()
    day.journal.close_expired(day.at(300))
    assert day.journal.too_old(LATER) == NINE + timedelta(days=7)
    assert day.journal.too_old(NINE + timedelta(days=402)) == NINE + timedelta(days=2)


def test_planning_and_variety_know_what_stays(day: Day) -> None:
    day.send("movement", slot="09:00", variant="old", expires=5)
    day.send("movement", slot="10:00", minute=60, variant="new", expires=70)
    day.journal.close_expired(day.at(300))
    trim(day, 30)
    assert day.journal.recent_variants("me", "movement", 9) == ("new",)
    facts = day.journal.facts("me", day.at(-60), day.at(300))
    assert [one.slot_key for one in facts.occurrences] == ["2026-03-03 10:00"]
    assert facts.planned_until == day.at(60)


# -- a wish ------------------------------------------------------------------------------------------------------------


def forget(day: Day, person: str | None = None, before: float | None = None, *, now: float = 60) -> Forgotten:
    moment = None if before is None else day.at(before)
    return day.journal.forget(person, moment, day.at(now), served=("me",))


def on_disk(day: Day) -> bytes:
    folder = day.path.parent
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_after_a_wish_no_byte_is_left_in_file_log_or_backups(day: Day) -> None:
    day.send("embroidery")
    day.journal.backup(NINE - timedelta(days=1))
    day.journal.pause("me", "embroidery", day.at(1), day.at(2), "me", "embroidery fair")
    day.journal.backup(NINE)
    assert on_disk(day).count(b"embroidery") > 9
    forgotten = forget(day)
    assert (forgotten.states, forgotten.pauses) == ({"sent": 1}, 1)
    assert b"embroidery" not in on_disk(day)
    assert [file.name for file in (day.path.parent / "backups").iterdir()] == ["journal-2026-03-03.db"]


def test_a_backup_that_cannot_be_read_may_hold_it_and_goes_and_one_that_does_not_stays(day: Day) -> None:
    day.journal.backup(NINE - timedelta(days=2))
    folder = day.path.parent / "backups"
    (folder / "journal-2026-03-02.db").write_bytes(b"no database at all")
    day.send()
    forget(day)
    assert sorted(file.name for file in folder.iterdir()) == ["journal-2026-03-01.db", "journal-2026-03-03.db"]


def test_one_person_is_forgotten_and_the_other_stays(day: Day) -> None:
    for person in ("me", "sam"):
        decision = day.decision(Send(day.at(0), f"for-{person}"), person=person)
        day.turn(decision, nudges=[day.nudge([decision])], person=person)
        day.deliver(f"for-{person}")
    forget(day, "sam")
    assert day.journal.people_on_record() == ("me",)
    assert day.occurrence().nudge_id == "for-me"
    assert b"for-sam" not in on_disk(day)


def test_a_wish_before_a_date_leaves_what_is_younger(day: Day) -> None:
    live(day)
    forget(day, before=2.5)
    assert names(day) == {"walk"}
    forget(day)
    assert names(day) == set()


def test_what_is_being_sent_or_was_sent_ahead_of_its_slot_stays_for_now(day: Day) -> None:
    day.queue("movement")
    send_together(day, ("leader", 59), ("early", 90), minute=59)
    day.send("eyes", slot="09:05")
    assert forget(day, now=60).occurrences == 1
    assert names(day) == {"movement", "early", "leader"}
    day.deliver("n1", minute=61)
    assert forget(day, now=91).occurrences == 3


def test_up_to_where_the_plan_was_decided_is_known_after_a_wish(day: Day) -> None:
    day.turn(minute=50)
    forget(day)
    assert day.journal.facts("me", day.at(-60), day.at(60)).planned_until == day.at(50)
    day.journal.forget("me", None, day.at(61), served=())
    assert day.journal.people_on_record() == ()


def test_what_a_set_back_clock_left_in_memory_is_forgotten_too(day: Day) -> None:
    day.send("embroidery", minute=90, expires=95)
    day.journal.set_back(day.at(60), day.at(120))
    day.journal.close_expired(day.at(300))
    forget(day, now=310)
    assert b"embroidery" not in on_disk(day)


def test_another_process_that_reads_is_told_of_and_a_second_try_finishes(day: Day, reader: sqlite3.Connection) -> None:
    day.send()
    day.journal._connection.execute("PRAGMA busy_timeout = 50")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM occurrences").fetchall()
    with pytest.raises(JournalUnavailable, match="its log still holds"):
        forget(day)
    assert day.journal.is_forgetting_unfinished()
    reader.execute("COMMIT")
    forget(day)
    assert day.journal.on_record(None, None, day.at(60)).is_nothing
    assert not day.journal.is_forgetting_unfinished()


def test_a_wish_that_was_cut_short_is_finished_with_the_next_one_in_the_backups_too(
    day: Day, reader: sqlite3.Connection
) -> None:
    day.send()
    kept = day.journal.backup(day.at(-24 * 60))
    day.journal._connection.execute("PRAGMA busy_timeout = 50")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM occurrences").fetchall()
    with pytest.raises(JournalUnavailable):
        forget(day)
    reader.execute("COMMIT")
    assert kept.exists()
    day.journal.forget("sam", None, day.at(60))
    assert not kept.exists()


@pytest.fixture
def reader(day: Day) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(day.path, isolation_level=None)
    yield connection
    connection.close()


def test_it_is_told_beforehand_how_much_there_is(day: Day) -> None:
    live(day)
    found = day.journal.on_record("me", None, day.at(60))
    assert found.occurrences == 4
    assert (found.answers, found.pauses) == (4, 1)
    assert day.journal.on_record("sam", None, day.at(60)).is_nothing
    assert day.journal.on_record(None, day.at(-60), day.at(60)).is_nothing


@pytest.mark.parametrize("now", [17, 60, 95, 600])
@pytest.mark.parametrize("before", [None, 2.5, 12.5, 30])
def test_what_is_told_beforehand_is_what_is_told_to_be_gone(day: Day, now: float, before: float | None) -> None:
    """A notice that is not over stays, and so does what is on its way; what was sent early goes with its slot."""
    live(day)
    day.queue("hydration", slot="09:55", minute=55, expires=90)
    send_together(day, ("leader", 59), ("early", 90), minute=58)
    before_it = None if before is None else day.at(before)
    told = day.journal.would_go(None, before_it, day.at(now))
    gone = forget(day, before=before, now=now)
    assert replace(gone, events=0) == told


def test_what_a_cut_off_run_has_forgotten_is_told_beforehand_as_well(day: Day) -> None:
    for number in range(100):
        day.suppress(Reason.GAP, habit="eyes", slot=f"{number:05}", minute=number / 100)
    next(day.journal.trim(day.at(1440), LATER))
    assert day.journal.would_go(None, None, day.at(60)).occurrences == 100
    assert forget(day, now=60).occurrences == 100


def test_a_journal_of_the_first_days_is_forgotten_in_bounded_memory(tmp_path: Path) -> None:
    """Many families of one person; each step takes a few."""
    day = Day(tmp_path / "many" / "journal.db", SqliteJournal.open(tmp_path / "many" / "journal.db"))
    with day.journal.together():
        for number in range(600):
            day.suppress(Reason.GAP, habit="eyes", slot=f"{number:05}", minute=number / 1000)
    counts = [rows(day)["occurrences"] for _ in day.journal.trim(day.at(1440), LATER)]
    assert max(before - after for before, after in zip([600, *counts], counts, strict=False)) <= 40
    assert counts[-1] == 0
    day.journal.close()
