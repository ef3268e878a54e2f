"""``pause`` and ``resume``: quiet for a while, and the gentle way through a bad day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from reminders import composition
from reminders.domain.pause import Pause
from tests.cli.desk import NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")


def pauses(desk: Desk) -> tuple[Pause, ...]:
    journal = desk.journal()
    found = journal.pauses("me", NOW)
    journal.close()
    return found


@pytest.mark.parametrize(
    ("words", "habit", "lasts"),
    [
        ([], None, timedelta(hours=1)),
        (["45min"], None, timedelta(minutes=45)),
        (["movement"], "movement", timedelta(hours=1)),
        (["movement", "2h"], "movement", timedelta(hours=2)),
        (["warm-up", "3d"], "warm_up", timedelta(days=3)),
        (["until", "14:00"], None, timedelta(hours=2, minutes=40)),
        (["movement", "until", "11:00"], "movement", timedelta(hours=23, minutes=40)),
    ],
)
def test_pause_takes_a_habit_and_an_end_or_neither(
    desk: Desk, words: list[str], habit: str | None, lasts: timedelta
) -> None:
    result = desk.run("pause", *words, "--reason", "meeting")
    assert result.exit_code == 0
    (found,) = pauses(desk)
    assert (found.habit, found.ends_at - found.starts_at) == (habit, lasts)
    assert (found.author, found.reason, found.flare) == ("me", "meeting", False)


@pytest.mark.parametrize(
    ("before", "words", "told", "meant"),
    [
        (
            ["2h"],
            ["30min"],
            ["everything (4 habits): already paused until 13:20 (in 2 h), and that stays"],
            "",
        ),
        (
            ["movement", "2h"],
            ["movement", "30min"],
            ["movement: already paused until 13:20 (in 2 h), and that stays"],
            " movement",
        ),
        (
            ["2h"],
            ["movement", "30min"],
            ["movement: already paused until 13:20 (in 2 h), and that stays"],
            "",
        ),
        (
            ["movement", "2h"],
            ["30min"],
            [
                "everything (4 habits): paused until 11:50 (in 30 min)",
                "movement: already paused until 13:20 (in 2 h), and that stays",
            ],
            "",
        ),
        (
            ["30min"],
            ["2h"],
            ["everything (4 habits): paused until 13:20 (in 2 h)"],
            "",
        ),
    ],
)
def test_a_longer_pause_from_before_goes_on_and_its_end_is_said(
    desk: Desk, before: list[str], words: list[str], told: list[str], meant: str
) -> None:
    desk.run("pause", *before)
    assert desk.run("pause", *words).output.splitlines() == [*told, f"hint: sooner with: reminders resume{meant}"]


@pytest.mark.parametrize("now", [datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)])
def test_in_the_hour_the_clocks_repeat_a_pause_ends_when_they_show_the_time_again(desk: Desk, now: datetime) -> None:
    with freeze_time(now, real_asyncio=True):
        assert desk.run("pause", "until", "02:30").exit_code == 0
    journal = desk.journal()
    assert [pause.ends_at for pause in journal.pauses("me", now)] == [datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]
    journal.close()


def test_pause_says_until_when_and_how_to_end_it(desk: Desk) -> None:
    assert desk.run("pause", "movement", "2h").output == (
        "movement: paused until 13:20 (in 2 h)\nhint: sooner with: reminders resume movement\n"
    )
    assert desk.run("pause").output.startswith("everything (4 habits): paused until 12:20 (in 1 h)\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing"], 'unknown habit "nothing"; yours: '),
        (["movement", "91d"], '"91d" is too long\nhint: allowed: 1min to 90d'),
        (["10s"], "is too short"),
        (["movement", "long"], '"long" is not a duration'),
        (["until"], 'error: "" is not a time\nhint: write a time such as'),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, words: list[str], message: str) -> None:
    result = desk.run("pause", *words)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("language", "paused"),
    [
        ("en", "paused until Thu 26 Mar 11:20 (in 2 days)"),
        ("de", "Pause bis Do 26. März 11:20 (in 2 Tagen)"),
    ],
)
def test_a_bad_day_shows_the_warning_signs_first_then_rests_exercise_for_two_days(
    desk: Desk, language: str, paused: str
) -> None:
    with desk.config.open("a") as file:
        file.write(f"language: {language}\n")
    result = desk.run("pause", "--flare")
    assert result.exit_code == 0
    texts = composition.flare_texts(language)
    said = " ".join(result.output.split())
    places = [said.index(" ".join(tier.title.split())) for tier in texts.tiers]
    assert places == sorted(places)
    assert all(" ".join(sign.split()) in said for tier in texts.tiers for sign in tier.signs)
    assert all(said.index(" ".join(line.split())) > places[-1] for line in texts.advice)
    assert " ".join(texts.closing.split()) in said
    assert f"\nwarm_up: {paused}\n" in result.output
    (found,) = pauses(desk)
    assert (found.habit, found.flare, found.ends_at - found.starts_at) == ("warm_up", True, timedelta(hours=48))


def test_a_bad_day_may_rest_the_habit_named(desk: Desk) -> None:
    desk.run("pause", "movement", "3d", "--flare", "--reason", "after lifting")
    (found,) = pauses(desk)
    assert (found.habit, found.flare, found.reason) == ("movement", True, "after lifting")
    assert found.ends_at - found.starts_at == timedelta(days=3)


def test_a_bad_day_with_nothing_to_rest_shows_the_signs_and_says_so(household: Desk) -> None:
    result = household.run("pause", "--flare", "--person", "sam")
    assert result.exit_code == 1
    assert "Emergency" in result.output
    assert "nothing of yours rests on a bad day" in result.output


def test_the_warning_signs_fit_a_terminal(desk: Desk) -> None:
    assert max(map(len, desk.run("pause", "--flare").output.splitlines())) <= 100


def test_resume_ends_the_pause_of_one_habit(desk: Desk) -> None:
    desk.run("pause", "movement")
    desk.run("pause", "warm_up")
    assert desk.run("resume", "movement").output == "movement: goes on\n"
    assert [pause.habit for pause in pauses(desk)] == ["warm_up"]


def test_resume_ends_everything(desk: Desk) -> None:
    desk.run("pause", "movement")
    desk.run("pause")
    assert desk.run("resume").output == "movement, everything: go on\n"
    assert pauses(desk) == ()


def test_one_habit_cannot_leave_a_pause_of_everything(desk: Desk) -> None:
    desk.run("pause", "2h")
    result = desk.run("resume", "movement")
    assert result.exit_code == 1
    assert result.output == (
        "movement: still paused with everything else until 13:20 (in 2 h)\nhint: to end that too: reminders resume\n"
    )


def test_with_nothing_paused_resume_is_content(desk: Desk) -> None:
    assert (desk.run("resume").exit_code, desk.run("resume").output) == (0, "nothing is paused\n")
    assert desk.run("resume", "movement").output == "movement: not paused\n"
