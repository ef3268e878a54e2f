"""``stats``: the last days in numbers, with bars where the line has room for them and signs the output can show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from reminders.cli import main
from reminders.cli.suggestion_words import suggestion_words
from reminders.domain.answer import Verb
from reminders.domain.delivery import SendOutcome
from reminders.domain.occurrence import Reason
from reminders.planning.adherence import HourTally
from reminders.planning.suggestion import Suggestion, SuggestionKind
from tests.cli.desk import NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTE = timedelta(minutes=1)


def answered(desk: Desk, habit: str, days_ago: int, hour: int, verb: Verb | None, **more: int) -> None:
    """Let a habit be asked at a local hour of a day, and answered five minutes later; None = left open."""
    at = (NOW - days_ago * DAY).replace(hour=hour - 1, minute=0)
    name = desk.put(habit, at, **more)
    if verb is not None:
        journal = desk.journal()
        journal.answer_nudge(f"nudge-{name}", verb, at + 5 * MINUTE, "desktop", **more)
        journal.close()


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """Put five days on record: movement at ten goes well, at fourteen it is left open."""
    for days_ago in range(1, 6):
        answered(desk, "movement", days_ago, 10, Verb.DONE)
        answered(desk, "movement", days_ago, 14, None)
        answered(desk, "hydration", days_ago, 11, Verb.DONE, amount_ml=800 if days_ago == 3 else 250)
    answered(desk, "hydration", 3, 15, Verb.DONE, amount_ml=900)
    answered(desk, "hydration", 2, 15, Verb.SKIP)
    for number in range(2):
        desk.hold_back("hydration", NOW - DAY + number * HOUR, Reason.DAILY_LIMIT)
    desk.hold_back("potassium_meal", NOW - DAY, Reason.UNSAFE, "answer the two questions")
    desk.put("warm_up", NOW - DAY + 3 * HOUR, outcome=SendOutcome.REJECTED, detail="no such topic")
    desk.expire(NOW)
    return desk


WIDE = """\
from 2026-03-18 to 2026-03-24
  hydration       █████████████████████░░░  6 of 7 done    on 5 of 5 days  1 skipped
  movement        ████████████░░░░░░░░░░░░  5 of 10 done   on 5 of 5 days  5 left open
  warm_up                                   not asked
  potassium_meal                            not asked
  all             ████████████████░░░░░░░░  11 of 17 done

water
  Wed 18  ░░░░░░░░░░░░░░░░░░░░░░░░  0.0 L
  Thu 19  ████░░░░░░░░░░░░░░░░░░░░  0.25 L
  Fri 20  ████░░░░░░░░░░░░░░░░░░░░  0.25 L
  Sat 21  ████████████████████████  1.7 L
  Sun 22  ████░░░░░░░░░░░░░░░░░░░░  0.25 L
  Mon 23  ████░░░░░░░░░░░░░░░░░░░░  0.25 L
  Tue 24  ░░░░░░░░░░░░░░░░░░░░░░░░  0.0 L
  0.54 of 1.6 L a day on average until yesterday
  1.6 L or more on 1 of 5 days

what stands out
  half of the answers came within 5 min
  most got done from 10:00 to 11:00: 5 of 5
  3 not sent: daily limit 2, not known to be safe 1
  1 missed: no channel 1

movement between 14:00 and 15:00 was left open 5 of 5 times
hint: 10:00 to 11:00 went better, 5 of 5 done; "at" or "within" of movement sets its times
"""

NARROW = """\
from 2026-03-18 to 2026-03-24
  hydration       6 of 7 done
    on 5 of 5 days, 1 skipped
  movement        5 of 10 done
    on 5 of 5 days, 5 left open
  warm_up         not asked
  potassium_meal  not asked
  all             11 of 17 done

water
  Wed 18  ░░░░░░░░░░░░░░░░░░░░░░  0.0 L
  Thu 19  ███░░░░░░░░░░░░░░░░░░░  0.25 L
  Fri 20  ███░░░░░░░░░░░░░░░░░░░  0.25 L
  Sat 21  ██████████████████████  1.7 L
  Sun 22  ███░░░░░░░░░░░░░░░░░░░  0.25 L
  Mon 23  ███░░░░░░░░░░░░░░░░░░░  0.25 L
  Tue 24  ░░░░░░░░░░░░░░░░░░░░░░  0.0 L
  0.54 of 1.6 L a day on average until
    yesterday
  1.6 L or more on 1 of 5 days

what stands out
  half of the answers came within 5 min
  most got done from 10:00 to 11:00: 5
    of 5
  3 not sent: daily limit 2, not known
    to be safe 1
  1 missed: no channel 1

movement between 14:00 and 15:00 was
  left open 5 of 5 times
hint: 10:00 to 11:00 went better, 5 of 5
  done; "at" or "within" of movement
  sets its times
"""


@pytest.mark.parametrize(("columns", "shown"), [(100, WIDE), (40, NARROW)], ids=["wide", "narrow"])
def test_a_week_as_it_is_shown(lived: Desk, monkeypatch: pytest.MonkeyPatch, columns: int, shown: str) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    result = lived.run("stats")
    assert result.exit_code == 0
    assert result.stdout == shown


@pytest.mark.parametrize("columns", [32, 40, 50, 60, 72, 80, 100, 200])
def test_no_line_is_longer_than_the_terminal(lived: Desk, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = lived.run("stats", "--weeks", "2").stdout.splitlines() + lived.run("stats").stdout.splitlines()
    assert max(map(len, lines)) <= columns


def test_where_blocks_cannot_be_shown_plain_signs_are(lived: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    result = CliRunner(charset="latin-1").invoke(main, ["stats", *lived.places])
    assert result.exit_code == 0
    assert "movement        ############............  5 of 10 done" in result.stdout
    assert result.stdout.isascii()


def test_no_output_is_coloured(lived: Desk) -> None:
    assert "\x1b" not in CliRunner().invoke(main, ["stats", *lived.places], color=True).stdout


def test_a_late_done_is_drawn_apart_and_explained(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    name = desk.put("movement", NOW - 5 * HOUR)
    desk.expire(NOW)
    journal = desk.journal()
    journal.answer_nudge(f"nudge-{name}", Verb.DONE, NOW, "desktop")
    journal.close()
    lines = desk.run("stats").stdout.splitlines()
    assert lines[1] == "  movement  ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓  1 of 1 done  on 1 of 1 day  1 late"
    assert lines[2] == "  █ done  ▓ done late"


def test_weeks_are_told_one_by_one_from_monday(lived: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = lived.run("stats", "--weeks", "2").stdout.splitlines()
    assert lines[0] == "from 2026-03-16 to 2026-03-24"
    start = lines.index("week by week")
    assert lines[start + 1] == "  16 Mar  ███████████████░░░░░░░░░  9 of 14 done"
    assert lines[start + 2] == "  23 Mar  ████████████████░░░░░░░░  2 of 3 done"


def test_json_has_a_stable_shape(lived: Desk) -> None:
    (record,) = lived.json("stats")
    assert list(record) == [
        "person", "zone", "from", "days", "together", "habits", "per_day", "water", "weeks", "suggestion",
    ]  # fmt: skip
    assert (record["person"], record["zone"], record["from"], record["days"]) == (
        "me",
        "Europe/Berlin",
        "2026-03-18",
        7,
    )
    assert record["habits"][1] == {
        "habit": "movement",
        "planned": 10,
        "asked": 10,
        "done": 5,
        "done_late": 0,
        "unasked": 0,
        "skipped": 0,
        "lapsed": 5,
        "waiting": 0,
        "ahead": 0,
        "suppressed": {},
        "missed": {},
        "days_done": 5,
        "days_asked": 5,
        "median_response_seconds": 300,
        "best_hour": {"hour": 10, "asked": 5, "done": 5},
    }
    assert record["together"]["suppressed"] == {"daily_limit": 2, "unsafe": 1}
    assert record["per_day"][3] == {"date": "2026-03-21", "asked": 4, "done": 3, "drunk_ml": 1700}
    assert record["water"] == {"goal_ml": 1600, "days_at_goal": 1, "days": 5}
    assert record["weeks"] == []
    assert record["suggestion"] == {
        "kind": "move_hour",
        "habit": "movement",
        "hour": 14,
        "better_hour": 10,
        "count": 5,
        "of": 5,
        "text": "movement between 14:00 and 15:00 was left open 5 of 5 times",
    }
    (record,) = lived.json("stats", "--weeks", "2")
    assert record["weeks"] == [
        {"from": "2026-03-16", "asked": 14, "done": 9},
        {"from": "2026-03-23", "asked": 3, "done": 2},
    ]


def test_what_was_drunk_without_an_ask_counts(desk: Desk) -> None:
    desk.run("done", "hydration", "300ml")
    (record,) = desk.json("stats", "--days", "1")
    assert record["per_day"] == [{"date": "2026-03-24", "asked": 0, "done": 0, "drunk_ml": 300}]
    assert record["habits"][0]["unasked"] == 1


def test_an_empty_record_says_what_to_do(desk: Desk) -> None:
    result = desk.run("stats")
    assert result.exit_code == 0
    assert result.stdout == (
        "nothing on record from 2026-03-18 to 2026-03-24\n"
        "hint: reminders run keeps the record; reminders done HABIT adds to it\n"
    )


def test_nothing_is_written(desk: Desk) -> None:
    desk.run("stats")
    assert not (desk.data_dir / "journal.db").exists()


def test_a_shared_view_keeps_health_to_the_person(household: Desk) -> None:
    household.put("hydration", NOW - HOUR, person="sam")
    household.run("done", "hydration", "200ml", "--person", "sam")
    both, own = household.run("stats").stdout, household.run("stats", "--person", "sam").stdout
    assert "Alex (Europe/Berlin)\nnothing on record" in both
    assert "Sam (America/New_York)\nfrom 2026-03-18 to 2026-03-24" in both
    assert "water" not in both
    assert "water\n" in own
    assert "Alex" not in own
    assert household.json("stats")[1]["water"] is None
    assert household.json("stats")[1]["per_day"][-1]["drunk_ml"] is None


def test_what_is_not_safe_for_one_is_not_told_to_all(household: Desk) -> None:
    household.put("hydration", NOW - HOUR, person="sam")
    household.hold_back("potassium_meal", NOW - HOUR, Reason.UNSAFE, "answer the two questions", person="sam")
    both, own = household.run("stats").stdout, household.run("stats", "--person", "sam").stdout
    assert "potassium" not in both
    assert "not known to be safe 1" in own


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--days", "7", "--weeks", "2"],
            "error: --days and --weeks do not go together\nhint: --weeks 4 shows 28 days",
        ),
        (["--days", "0"], "0 is not in the range 1 to 366"),
        (["--weeks", "53"], "53 is not in the range 1 to 52"),
        (["--person", "bob"], 'unknown person "bob"; there are: me'),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, words: list[str], message: str) -> None:
    result = desk.run("stats", *words)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize("kind", list(SuggestionKind))
@pytest.mark.parametrize("better", [None, HourTally(hour=23, asked=4, done=3, lapsed=0)])
def test_each_suggestion_says_what_it_rests_on_and_what_to_do(kind: SuggestionKind, better: HourTally | None) -> None:
    said, hint = suggestion_words(Suggestion(kind=kind, count=4, of=5, habit="walk", hour=14, better=better))
    assert "4" in said
    assert any(word in hint for word in ("reminders", '"'))
