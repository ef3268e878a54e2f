"""``why``: the decisions, deliveries and answers behind a moment; where nothing was due, what held and what is near."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from reminders.cli.reason_sentences import SENTENCES
from reminders.domain.answer import Verb
from reminders.domain.context import RealBreak
from reminders.domain.delivery import SendOutcome
from reminders.domain.occurrence import Reason
from tests.cli.desk import NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")

HOUR = timedelta(hours=1)
REFERENCE = Path(__file__).resolve().parents[2] / "config" / "reference.yaml"


def told(desk: Desk, *words: str) -> list[str]:
    result = desk.run("why", *words)
    assert result.exit_code == 0, result.output
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


def note(desk: Desk, kind: str, at_hours: float, data: dict[str, float]) -> None:
    journal = desk.journal()
    journal.note(kind, NOW + timedelta(hours=at_hours), data)
    journal.close()


def test_an_ask_is_told_from_decision_to_answer(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(minutes=20))
    desk.run("done", "movement")
    desk.run("undo")
    desk.run("snooze", "movement")
    lines = told(desk, "movement")
    assert lines[0] == "Alex, Tuesday 2026-03-24 11:20 (Europe/Berlin)"
    begin = lines.index("movement, due 11:00: snoozed")
    assert lines[begin + 1 : begin + 8] == [
        "11:00:00 decided: send",
        "11:00:00 here: accepted, attempt 1",
        "11:20:00 you said done by command",
        "11:20:00 answer taken back",
        "11:20:00 you said snooze by command, until 11:35",
        "it said: Now",
        "Now",
    ]


def test_a_follow_up_is_told_with_where_it_went(desk: Desk) -> None:
    name = desk.put("movement", NOW - timedelta(minutes=20))
    desk.ask_again(name, NOW - timedelta(minutes=10), "phone")
    lines = [" ".join(line.split()) for line in desk.run("why", "movement").stdout.splitlines()]
    begin = lines.index("movement, due 11:00: sent, waits for an answer")
    assert lines[begin + 1 : begin + 5] == [
        "11:00:00 decided: send",
        "11:00:00 here: accepted, attempt 1",
        "11:10:00 decided: ask again, as no answer had come",
        "11:10:00 phone: accepted, attempt 1",
    ]
    (one,) = desk.json("why", "movement")["occurrences"]
    assert one["follow_ups"] == 1
    assert [(found["nudge"][-2:], found["channel"]) for found in one["deliveries"]] == [("00", "here"), ("~1", "phone")]


def test_a_suppression_is_told_with_its_reason_and_the_setting(desk: Desk) -> None:
    desk.hold_back("hydration", NOW - timedelta(minutes=20), Reason.DAILY_LIMIT)
    lines = told(desk, "hydration")
    begin = lines.index("hydration, due 11:00: suppressed: daily limit")
    assert lines[begin + 1 : begin + 4] == [
        "11:00:00 decided: do not send",
        f"because {SENTENCES[Reason.DAILY_LIMIT].because}",
        'hint: "limits" sets how many with "per_day"',
    ]


def test_a_refused_delivery_and_a_lapse_are_told(desk: Desk) -> None:
    desk.put("warm_up", NOW - 2 * HOUR, outcome=SendOutcome.REJECTED, detail="no such topic")
    desk.put("movement", NOW - 2 * HOUR)
    desk.expire(NOW)
    lines = told(desk, "--at", "09:30")
    assert "warm_up, due 09:20: missed: no channel" in lines
    assert "09:20:00 here: rejected, for good, attempt 1 (no such topic)" in lines
    assert "because no channel took it" in lines
    assert "movement, due 09:20: lapsed" in lines
    assert "11:20:00 its time was over, and no answer had come" in lines


def test_of_what_was_sent_a_reason_tells_why_it_came_at_another_time(desk: Desk) -> None:
    desk.put("movement", NOW - HOUR, reason=Reason.EXPIRED_DOWN, lasts=2 * HOUR)
    lines = told(desk, "movement")
    begin = lines.index("movement, due 10:20: sent, waits for an answer")
    moved = "10:20:00 decided: send, moved from its time: the service was not awake or the clock was set"
    assert lines[begin + 1 : begin + 4] == [moved, "10:20:00 here: accepted, attempt 1", "it said: Now"]


def test_occurrences_are_told_in_order_of_time(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(hours=20))
    desk.put("hydration", NOW - timedelta(minutes=30))
    desk.put("movement", NOW - timedelta(minutes=20))
    found = [one["habit"] for one in desk.json("why")["occurrences"]]
    assert found == ["hydration", "movement"]


def test_an_answer_after_the_end_is_told_as_late(desk: Desk) -> None:
    name = desk.put("movement", NOW - 2 * HOUR)
    desk.expire(NOW)
    journal = desk.journal()
    journal.answer_nudge(f"nudge-{name}", Verb.DONE, NOW, "desktop")
    journal.close()
    lines = told(desk, "movement", "--at", "09:25")
    assert "movement, due 09:20: lapsed, done late" in lines
    assert "11:20:00 you said done by desktop, after its time" in lines


def test_a_sleeping_hour_is_told_with_the_slots_around_it(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(hours=18))
    lines = told(desk, "--at", "02:00")
    assert "outside your waking hours (07:00-22:30)" in lines
    assert "nothing was due around then" in lines
    (movement,) = [line for line in lines if line.startswith("movement ")]
    assert movement.startswith("movement is planned only within 09:00-17:30; before: yesterday 17:20 (")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["warm_up", "--at", "2026-03-25 18:20"], "warm_up is planned around training, and there was none that day"),
        (["movement", "--at", "2026-03-28 11:00"], "movement is planned on days of work, which that day is not"),
        (["walk"], "walk is switched off in the file"),
        (["movement", "--at", "20:00"], "movement is planned only within 09:00-17:30"),
    ],
)
def test_a_silent_habit_is_told_why(desk: Desk, words: list[str], expected: str) -> None:
    assert any(line.startswith(expected) for line in told(desk, *words))


def test_a_pause_and_quiet_and_training_are_told(desk: Desk) -> None:
    desk.run("pause", "2h", "--reason", "meeting")
    assert "paused (everything: meeting) from 11:20 until 13:20" in told(desk)
    assert "your own training from 18:30 until 19:30" in told(desk, "--at", "19:00")


def test_a_break_that_moved_the_next_ask_is_told(desk: Desk) -> None:
    journal = desk.journal()
    journal.note_break("me", RealBreak(started=NOW - timedelta(minutes=68), ended=NOW - timedelta(minutes=60)))
    journal.close()
    for at in ("10:15", "11:00"):
        assert "a break counted, from 10:12 until 10:20" in desk.run("why", "movement", "--at", at).stdout
    for at in ("10:05", "11:30"):
        assert "a break" not in desk.run("why", "movement", "--at", at).stdout


def test_what_a_break_did_is_told_with_the_setting(desk: Desk) -> None:
    detail = "a break from 10:12 to 10:20 counted"
    desk.hold_back("movement", NOW - timedelta(minutes=65), Reason.AWAY, detail)
    output = desk.run("why", "movement", "--at", "10:15").stdout
    assert detail in output
    assert f"because {SENTENCES[Reason.AWAY].because}" in output


def test_a_machine_that_slept_and_a_clock_that_was_set_are_told(desk: Desk) -> None:
    desk.put("movement", NOW - 24 * HOUR)
    note(desk, "clock.suspended", -1, {"seconds": 7200.0})
    note(desk, "clock.stepped", -0.5, {"seconds": 3600.0})
    note(desk, "clock.stalled", 0, {"late_seconds": 60.0})
    assert "the machine was asleep from 08:20 until 10:20" in told(desk, "--at", "09:30")
    assert "the clock was set (+3600 s) at 10:50" in told(desk, "--at", "11:00")
    assert [one["kind"] for one in desk.json("why", "--at", "2026-03-24T11:19:30")["circumstances"]] == [
        "down",
        "clock_set",
        "stalled",
    ]
    assert "machine_asleep" not in [one["kind"] for one in desk.json("why", "--at", "10:30")["circumstances"]]


def test_a_daemon_that_was_not_running_is_told(desk: Desk) -> None:
    assert any("nothing was ever planned here" in line for line in told(desk))
    desk.put("movement", NOW - 2 * HOUR)
    assert "nothing was decided, the daemon was not awake from 09:20 on, and none runs now" in told(desk)
    assert "hydration, due 11:00 (would have been sent), but nothing was decided" in told(desk, "hydration")
    assert "before the record begins, at 09:20" in told(desk, "--at", "08:00")


def test_what_was_missed_while_it_was_down_shows_how_long(desk: Desk) -> None:
    desk.put("movement", NOW - 24 * HOUR)
    desk.hold_back_late("hydration", NOW - 2 * HOUR, NOW - HOUR, Reason.EXPIRED_DOWN)
    lines = told(desk, "--at", "09:40")
    assert "nothing was decided, the daemon was not awake from 09:20 until 10:20" in lines
    assert "hydration, due 09:20: missed: the service was not awake or the clock was set" in lines


def test_starts_and_stops_on_record_tell_when_the_daemon_was_down(desk: Desk) -> None:
    """And what was missed for another reason is not taken for an absence of the daemon."""
    desk.put("movement", NOW - 24 * HOUR)
    journal = desk.journal()
    journal.begin_run(NOW - 23 * HOUR, "1.0")
    journal.end_run(NOW - 3 * HOUR, "1.0")
    journal.begin_run(NOW - 2 * HOUR, "1.0")
    journal.close()
    desk.put("movement", NOW - HOUR)
    desk.hold_back_late("hydration", NOW - HOUR, NOW - HOUR / 2, Reason.EXPIRED_DOWN)
    down = [line for line in told(desk, "--at", "08:40") if "not awake" in line]
    assert down[0] == "nothing was decided, the daemon was not awake from 08:20 until 09:20"
    assert circumstances(desk, "10:30") == []
    assert circumstances(desk, "11:19") == ["down"]  # it does not run, and nobody put down a stop


def test_a_run_without_a_proper_end_was_down_since_its_newest_turn_at_the_latest(desk: Desk) -> None:
    journal = desk.journal()
    journal.begin_run(NOW - 23 * HOUR, "1.0")
    journal.close()
    desk.put("movement", NOW - 3 * HOUR)
    journal = desk.journal()
    journal.begin_run(NOW - HOUR, "1.0")
    journal.close()
    words = "the daemon was not awake (it had not been stopped in good order) from 08:20 until 10:20"
    assert f"nothing was decided, {words}" in told(desk, "--at", "09:40")
    assert circumstances(desk, "08:15") == []


def circumstances(desk: Desk, at: str) -> list[str]:
    return [one["kind"] for one in desk.json("why", "--at", at)["circumstances"]]


def test_a_moment_to_come_is_told_from_the_plan(desk: Desk) -> None:
    lines = told(desk, "warm-up", "--at", "18:20")
    assert "warm_up, due 18:20 (would be sent)" in lines
    assert "nothing is due around then" in told(desk, "warm_up", "--at", "2026-03-25 18:20")


def test_what_is_unsafe_is_told_with_what_to_do(desk: Desk) -> None:
    lines = told(desk, "potassium_meal", "--at", "12:15")
    assert f"because {SENTENCES[Reason.UNSAFE].because}" in lines
    assert any(line.startswith("hint: potassium ideas stay off until both health questions") for line in lines)


def test_json_has_a_stable_shape(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(minutes=20))
    found = desk.json("why", "movement")
    assert list(found) == ["person", "zone", "at", "circumstances", "occurrences", "planned", "silent"]
    (one,) = found["occurrences"]
    assert list(one) == [
        "habit",
        "slot_key",
        "due_at",
        "expires_at",
        "sent_at",
        "answered_at",
        "state",
        "late",
        "follow_ups",
        "reason",
        "detail",
        "because",
        "change",
        "nudge",
        "deliveries",
        "events",
    ]
    assert (one["state"], one["due_at"]) == ("sent", "2026-03-24T11:00:00+01:00")
    assert one["nudge"] == {
        "id": "nudge-me/movement/2026-03-24T10:00",
        "title": "Now",
        "text": "Now",
        "send_to": ["here"],
        "fallback": [],
    }
    (delivery,) = one["deliveries"]
    assert (delivery["channel"], delivery["state"], delivery["attempt"]) == ("here", "accepted", 1)
    (silent,) = desk.json("why", "warm_up")["silent"]
    assert silent["absence"] == "between"
    assert silent["after"] == {"due_at": "2026-03-24T18:20:00+01:00", "state": "planned"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["jumping"], 'unknown habit "jumping"; yours: hydration, movement'),
        (["--at", "25:00"], '"25:00" is not a time of day'),
        (["--at", "2026-03-24"], '"2026-03-24" has no time\nhint: write a time of today such as 14:30'),
        (["--at", "soon"], '"soon" is no moment\nhint: write a time of today'),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, words: list[str], message: str) -> None:
    result = desk.run("why", *words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_it_is_told_to_one_person_only(household: Desk) -> None:
    household.put("hydration", NOW - timedelta(minutes=20), person="sam")
    assert household.run("why").exit_code == 2
    assert "add --person NAME" in household.run("why").stderr
    assert [one["habit"] for one in household.json("why", "--person", "sam")["occurrences"]] == ["hydration"]
    assert household.json("why", "--person", "alex")["occurrences"] == []


def test_a_habit_taken_out_of_the_file_is_still_explained(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(minutes=20))
    desk.config.write_text(desk.config.read_text().replace("  movement: {every: 60min, within: work}\n", ""))
    assert "movement, due 11:00: sent, waits for an answer" in told(desk, "movement")


def test_nothing_is_written(desk: Desk) -> None:
    desk.run("done", "movement")
    before = {path: path.read_bytes() for path in desk.data_dir.iterdir() if path.suffix not in (".db-shm", ".db-wal")}
    desk.run("why")
    desk.run("why", "--json")
    assert {path: path.read_bytes() for path in before} == before


def test_every_reason_has_a_sentence_and_names_real_settings() -> None:
    assert set(SENTENCES) == set(Reason)
    keys = set(re.findall(r"^ *#?([a-z_]+):", REFERENCE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = {key for one in SENTENCES.values() for key in re.findall(r'"([a-z_]+)"', one.change)}
    assert named - keys == set()
