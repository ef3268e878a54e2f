"""``done``, ``skip``, ``snooze`` and ``undo``: what counted is said, and is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from freezegun import freeze_time

from reminders.cli.receipt import outcome_words
from reminders.domain.answer import AnswerOutcome, AnswerReceipt, Verb
from reminders.domain.occurrence import OccurrenceState
from tests.cli.desk import FILE, NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")

NIGHT = "timezone: Europe/Berlin\nme: {awake: 14:00-04:00}\nchannels: {here: console://}\nhabits: {hydration: }\n"
TEN_MINUTES = timedelta(minutes=10)


def states(desk: Desk) -> dict[str, OccurrenceState]:
    journal = desk.journal()
    rows = journal.history(None, NOW - timedelta(days=2), NOW + timedelta(days=2))
    assert journal.check_invariant() == ()
    journal.close()
    return {row.habit: row.state for row in rows}


def test_done_ends_what_was_asked(desk: Desk) -> None:
    desk.put("movement", NOW - TEN_MINUTES)
    result = desk.run("done", "movement")
    assert (result.exit_code, result.output) == (0, "movement: done\n")
    assert states(desk) == {"movement": OccurrenceState.DONE}


def test_done_tells_the_water_of_the_day_against_the_goal(desk: Desk) -> None:
    desk.run("done", "hydration", "800ml")
    with freeze_time(NOW + timedelta(hours=2), real_asyncio=True):
        result = desk.run("done", "hydration", "0.3l")
    assert result.output.startswith("hydration: done, ")
    assert result.output.endswith("300 ml logged (1.1 of 1.6 L today)\n")


def test_done_without_an_amount_logs_the_amount_asked_for(desk: Desk) -> None:
    desk.put("hydration", NOW - TEN_MINUTES, amount_ml=250)
    assert desk.run("done", "hydration").output == "hydration: done, 250 ml logged (0.25 of 1.6 L today)\n"


def test_done_with_nothing_due_counts_for_the_next_one_without_a_daemon(desk: Desk) -> None:
    result = desk.run("done", "movement")
    assert (result.exit_code, result.output) == (0, "movement: done, nothing was due, so it counts for the next one\n")


def test_a_drink_without_a_known_amount_asks_for_one(desk: Desk) -> None:
    output = desk.run("done", "hydration").output
    assert "no amount logged (0.0 of 1.6 L today)" in output
    assert "hint: say how much with an amount: reminders done hydration 250ml" in output


def test_more_than_a_litre_in_an_hour_is_calmly_called_plenty(desk: Desk) -> None:
    assert "plenty" not in desk.run("done", "hydration", "1l").output
    assert "that is plenty for now" in desk.run("done", "hydration", "50ml").output


def test_a_very_high_day_is_called_plenty_though_no_hour_was(desk: Desk) -> None:
    for hours in range(4):
        with freeze_time(NOW + timedelta(hours=2 * hours), real_asyncio=True):
            output = desk.run("done", "hydration", "800ml").output
            assert ("plenty" in output) is (hours == 3)


def test_the_water_of_yesterday_does_not_count_today(desk: Desk) -> None:
    with freeze_time(NOW - timedelta(hours=12), real_asyncio=True):
        desk.run("done", "hydration", "800ml")
    assert "(0.3 of 1.6 L today)" in desk.run("done", "hydration", "300ml").output


def test_a_waking_day_over_midnight_is_one_day_of_water(used_desk_of: Callable[[str], Desk]) -> None:
    desk = used_desk_of(NIGHT)
    with freeze_time("2026-03-24T20:00Z", real_asyncio=True):
        desk.run("done", "hydration", "500ml")
    with freeze_time("2026-03-25T01:00Z", real_asyncio=True):  # 02:00 in Berlin, still awake
        assert "(0.8 of 1.6 L today)" in desk.run("done", "hydration", "300ml").output
    with freeze_time("2026-03-25T14:00Z", real_asyncio=True):
        assert "(0.3 of 1.6 L today)" in desk.run("done", "hydration", "300ml").output


def test_done_after_the_end_counts_for_the_next_one_and_the_lapse_stays(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(hours=2))
    result = desk.run("done", "movement")
    assert (result.exit_code, result.output) == (0, "movement: done, nothing was due, so it counts for the next one\n")
    assert states(desk)["movement"] is OccurrenceState.LAPSED


def test_done_soon_after_the_end_is_late_for_what_just_lapsed(desk: Desk) -> None:
    desk.put("movement", NOW - timedelta(hours=1, seconds=5))
    result = desk.run("done", "movement")
    assert (result.exit_code, result.output) == (0, "movement: done, recorded as late: it had lapsed\n")


@pytest.mark.parametrize("habit", ["movement", "potassium_meal"])
def test_done_after_skip_leaves_the_skip(desk: Desk, habit: str) -> None:
    desk.put(habit, NOW - TEN_MINUTES)
    desk.run("skip", habit)
    result = desk.run("done", habit)
    assert (result.exit_code, result.output) == (1, f"{habit}: already skipped, which stands\n")


def test_skip_ends_what_was_asked(desk: Desk) -> None:
    desk.put("movement", NOW - TEN_MINUTES)
    result = desk.run("skip", "movement")
    assert (result.exit_code, result.output) == (0, "movement: skipped\n")
    assert states(desk) == {"movement": OccurrenceState.SKIPPED}


@pytest.mark.parametrize("verb", ["skip", "snooze"])
def test_with_nothing_open_there_is_nothing_to_put_off(desk: Desk, verb: str) -> None:
    result = desk.run(verb, "movement")
    past = {"skip": "skipped", "snooze": "snoozed"}[verb]
    assert result.exit_code == 1
    assert f"movement: not {past}, nothing is open to answer\nhint: " in result.output


def test_snooze_takes_the_habits_own_time_when_none_is_said(desk: Desk) -> None:
    desk.put("movement", NOW - TEN_MINUTES)
    assert desk.run("snooze", "movement").output == "movement: snoozed until 11:35 (in 15 min)\n"


@pytest.mark.parametrize("words", [["20min"], ["until", "11:40"]])
def test_snooze_takes_a_length_or_a_time_of_day(desk: Desk, words: list[str]) -> None:
    desk.put("movement", NOW - TEN_MINUTES)
    assert desk.run("snooze", "movement", *words).output == "movement: snoozed until 11:40 (in 20 min)\n"


def test_a_snooze_is_cut_to_the_end_of_the_ask_and_says_so(desk: Desk) -> None:
    desk.put("movement", NOW - TEN_MINUTES)
    output = desk.run("snooze", "movement", "3h").output
    assert output == "movement: snoozed until 12:09 (in 49 min), when its time is nearly over\n"


def test_a_fourth_snooze_is_refused(desk: Desk) -> None:
    desk.put("movement", NOW - TEN_MINUTES)
    for _ in range(3):
        assert desk.run("snooze", "movement", "5min").exit_code == 0
    result = desk.run("snooze", "movement", "5min")
    assert (result.exit_code, result.output) == (1, "movement: not snoozed, snoozed 3 times already\n")


def test_undo_takes_the_newest_answer_back(desk: Desk) -> None:
    desk.put("movement", NOW - TEN_MINUTES)
    desk.run("done", "movement")
    result = desk.run("undo")
    assert (result.exit_code, result.output) == (0, "movement: done taken back\n")
    assert states(desk) == {"movement": OccurrenceState.SENT}


def test_undo_tells_the_water_that_is_left(desk: Desk) -> None:
    desk.run("done", "hydration", "300ml")
    desk.run("done", "hydration", "200ml")
    assert desk.run("undo", "hydration").output == "hydration: done taken back (0.3 of 1.6 L today)\n"


def test_undo_after_ten_minutes_says_that_it_is_too_late(desk: Desk) -> None:
    desk.run("done", "movement")
    with freeze_time(NOW + timedelta(minutes=11), real_asyncio=True):
        result = desk.run("undo", "movement")
    assert (result.exit_code, result.output) == (1, "movement: nothing to take back from the last 10 min\n")


def test_a_hyphen_stands_for_an_underscore(desk: Desk) -> None:
    assert desk.run("done", "warm-up").output.startswith("warm_up: done")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["done", "hidration"],
            (
                'error: unknown habit "hidration"; yours: hydration, movement, warm_up, potassium_meal\n'
                'hint: did you mean "hydration"?\n'
            ),
        ),
        (["done", "hyd"], 'error: unknown habit "hyd"; yours: '),
        (["skip", "walk"], 'error: the habit "walk" is switched off\nhint: take "off" from behind walk'),
        (["done", "movement", "300ml"], "error: movement takes no amount\nhint: an amount fits hydration only"),
        (["done", "hydration", "300"], 'error: "300" is not an amount to drink\nhint: write an amount such as 300ml'),
        (["done", "hydration", "2dl"], 'error: "2dl" is not an amount to drink'),
        (["done", "hydration", "5l"], 'error: "5l" is out of bounds\nhint: write an amount such as 300ml or 0.3l'),
        (["done", "hydration", "-3l"], "No such option"),
        (
            ["snooze", "movement", "20"],
            'error: "20" has no unit\nhint: write a duration such as 90min, 2h or 3d (allowed: 1min to 90d)',
        ),
        (["snooze", "movement", "2161h"], 'error: "2161h" is too long\nhint: allowed: 1min to 90d'),
        (["snooze", "movement", "until", "25:00"], 'error: "25:00" is not a time of day'),
        (["snooze", "movement", "0d"], 'error: "0d" is too short\nhint: allowed: 1min to 90d'),
        (["undo", "nothing"], 'error: unknown habit "nothing"; yours: '),
    ],
)
def test_what_cannot_be_meant_is_refused_and_creates_no_journal(desk: Desk, words: list[str], message: str) -> None:
    result = desk.run(*words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (desk.data_dir / "journal.db").exists()


@pytest.mark.parametrize("words", [["done", "hydration"], ["skip", "hydration"], ["undo"], ["pause"], ["resume"]])
def test_with_several_people_it_must_be_clear_who_is_meant(household: Desk, words: list[str]) -> None:
    result = household.run(*words)
    assert result.exit_code == 2
    assert result.stderr == "error: it is not clear who is meant\nhint: add --person NAME; there are: alex, sam\n"


def test_a_person_may_be_named_by_id_or_name(household: Desk) -> None:
    for name in ("sam", "Sam"):
        assert household.run("done", "hydration", "100ml", "--person", name).exit_code == 0
    journal = household.journal()
    assert journal.water_ml("sam", NOW, NOW + TEN_MINUTES) == 200
    journal.close()


@pytest.mark.parametrize("outcome", list(AnswerOutcome))
@pytest.mark.parametrize("verb", list(Verb))
def test_every_outcome_has_a_plain_sentence(outcome: AnswerOutcome, verb: Verb) -> None:
    receipt = AnswerReceipt(outcome=outcome, person="me", habit="movement", standing=verb)
    words = outcome_words(receipt, verb, NOW.tzinfo, NOW)  # type: ignore[arg-type]
    assert words
    assert "{" not in words
    assert not words.endswith(".")


def test_the_files_that_answering_creates_are_private(at_desk_of: Callable[[str], Desk]) -> None:
    desk = at_desk_of(FILE)
    desk.run("done", "movement")
    assert desk.data_dir.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in desk.data_dir.iterdir())
