"""``status``, ``plan``, the answers and the pauses in German: all of it, lined up, and never in what programs read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import click
import pytest
from click.testing import CliRunner

from reminders.catalogue.phrases import speaking
from reminders.cli import verb_named
from reminders.daemon.lock import acquire
from reminders.domain.delivery import SendOutcome
from reminders.domain.occurrence import Reason
from reminders.sensors.calendar_state import CalendarState, state_words
from tests.bracketed import bare_words, bracketed
from tests.cli.desk import FILE, HOUSEHOLD, NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")

MINUTE = timedelta(minutes=1)
# What is nobody's to translate: ids of habits, names, zones.
NAMES = {"hydration", "movement", "warm_up", "potassium_meal", "Alex", "Europe", "Berlin", "ml"}


@pytest.fixture
def german(used_desk_of: Callable[[str], Desk]) -> Desk:
    """One person in Berlin whose file is in German."""
    return used_desk_of("language: de\n" + FILE)


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch, used_desk_of: Callable[[str], Desk]) -> Desk:
    """A rich morning on record, in the place that commands look at by themselves."""
    desk = used_desk_of(FILE)
    monkeypatch.setenv("REMINDERS_CONFIG", str(desk.config))
    monkeypatch.setenv("REMINDERS_DATA_DIR", str(desk.data_dir))
    desk.put("movement", NOW - 20 * MINUTE)
    desk.put("warm_up", NOW - 10 * MINUTE)
    desk.put("potassium_meal", NOW - 8 * MINUTE, outcome=SendOutcome.REJECTED, detail="its server answers 401")
    desk.hold_back("movement", NOW + 5 * MINUTE, Reason.OUTSIDE_HOURS, "none in the last 120 min before sleep")
    return desk


def in_brackets(command: str) -> tuple[str, str]:
    """Return what a command says on stdout and stderr, every phrase in brackets."""
    verb, *words = command.split()
    with speaking(bracketed()):
        result = CliRunner().invoke(verb_named(verb), words)
    assert not isinstance(result.exception, Exception) or isinstance(result.exception, click.ClickException)
    return result.stdout, result.stderr


ANSWERS = (
    "snooze warm_up",
    "snooze warm_up 5h",
    "undo",
    "skip movement",
    "done movement",
    "undo movement",
    "undo hydration",
    "undo hydration",
    "done hydration 300ml",
    "done hydration",
    "done hydration 900ml",
    "done hydration 900ml",
    "skip hydration",
    "snooze hydration",
    "pause",
    "pause hydration 2h",
    "pause 10min",
    "resume hydration",
    "resume",
    "resume",
    "resume movement",
)


def test_no_word_of_an_answer_or_a_pause_is_said_past_the_phrases(lived: Desk) -> None:
    del lived
    for command in ANSWERS:
        said, _ = in_brackets(command)
        assert said
        assert set(bare_words(said)) <= NAMES, (command, said)


@pytest.mark.parametrize(
    "command",
    [
        "done movement 5ml",
        "done hydation",
        "done walk",
        "status --person kim",
        "status --healthy --person me",
        "pause movement 120d",
        "pause movement 0d",
        "pause movement bald",
        "snooze warm_up until 25:00",
        "done hydration 9l",
        "plan --from dienstag",
        "plan --from 1812-01-01",
    ],
)
def test_no_word_of_a_refusal_is_said_past_the_phrases(lived: Desk, command: str) -> None:
    del lived
    _, refused = in_brackets(command)
    assert refused
    assert set(bare_words(refused)) <= NAMES, refused


def test_no_word_of_status_is_said_past_the_phrases(lived: Desk) -> None:
    in_brackets("snooze warm_up")
    in_brackets("pause hydration 2h --reason Termin")
    in_brackets("pause warm_up --flare")
    lock = acquire(lived.data_dir, config=str(lived.config), started_at=NOW - 90 * MINUTE)
    lock.report({"degraded": "the clock is not set: it says 1970-01-01", "unheard": {"here": "its server is gone"}})
    lock.report({"unbuilt": {"here": "no desktop session bus"}, "is_printing": True})
    lock.report({"page_trouble": "its server cannot be reached", "refused": "2 problems", "presence": "lock unknown"})
    said, _ = in_brackets("status")
    lock.release()
    assert "⟦the clock is not set: it says 1970-01-01⟧" in said
    assert set(bare_words(said)) <= NAMES | {"Termin", "its", "server", "answers", "401"}, said


@pytest.mark.parametrize("days", ["1", "3"])
def test_no_word_of_the_plan_is_said_past_the_phrases(lived: Desk, days: str) -> None:
    in_brackets("pause movement 2h --flare")
    said, _ = in_brackets(f"plan --from 2026-03-24 --days {days}")
    # The texts of nudges are in the person's language already; what stands beside them is looked at here.
    beside = [line for line in said.splitlines() if "⟦would be sent⟧" not in line and not line.startswith(" " * 30)]
    assert any("⟦would not be sent⟧" in line for line in beside)
    assert set(bare_words("\n".join(beside))) <= NAMES, beside
    assert lived.run("plan", "--from", "2026-03-24").exit_code == 0


def test_status_in_german_is_whole_and_lined_up(german: Desk) -> None:
    german.put("movement", NOW - 20 * MINUTE)
    german.put("warm_up", NOW - 10 * MINUTE)
    german.run("snooze", "warm_up")
    german.run("done", "hydration", "300ml")
    german.run("pause", "hydration", "2h", "--reason", "Termin")
    german.run("pause", "warm_up", "--flare")
    *told, hint = german.run("status").stdout.splitlines()
    assert told == [
        "läuft nicht, also wird nichts gesendet",
        "Hinweis: starten mit: reminders run",
        "Konfiguration: reminders.yaml",
        "Kanäle: here",
        "",
        "Alex (Europe/Berlin)",
        "  als Nächstes  movement, 12:00 (in 40 min)",
        "  wartet        movement, auf eine Antwort bis 12:00 (in 40 min)",
        "  kommt später  warm_up, 11:35 (in 15 min)",
        "  Wasser        heute 0,3 von 1,6 L",
        "  Pause         hydration, bis 13:20 (in 2 h): Termin",
        "  Pause         warm_up, bis Do 26. März 11:20 (in 2 Tagen): ein schlechter Tag",
        "  aus           potassium_meal, unklar, ob für dich sicher",
    ]
    assert hint.startswith("Hinweis: Kalium-Ideen bleiben aus, bis beide Gesundheitsfragen beantwortet sind: ")


def test_what_the_daemon_left_in_english_is_told_in_german(german: Desk) -> None:
    lock = acquire(german.data_dir, config=str(german.config), started_at=NOW - 90 * MINUTE)
    lock.report(
        {"degraded": "the clock is not set: it says 1970-01-01", "unheard": {"here": "its server cannot be reached"}}
    )
    lock.report({"unbuilt": {"here": "the desktop session bus does not answer"}, "is_printing": True})
    told, as_json = german.run("status").stdout.splitlines(), german.json("status")
    lock.release()
    at = told.index(
        "Kanal here lässt sich nicht verwenden, dorthin geht also nichts: der Sitzungsbus des Desktops antwortet nicht"
    )
    assert told[at + 1 : at + 3] == [
        "bis ein Kanal geht, werden Erinnerungen dort ausgegeben, wo der Dienst läuft",
        "Hinweis: reminders doctor",
    ]
    assert as_json["channels"][0]["unbuilt"] == "the desktop session bus does not answer"
    assert told[0].startswith("läuft seit 2026-03-24 09:50 (vor 1 h 30 min), PID ")
    assert "der Dienst kann gerade nicht arbeiten: die Uhr ist nicht gestellt: sie zeigt 1970-01-01" in told
    assert "Antworten, die auf here getippt werden, kommen gerade nicht an: der Server ist nicht erreichbar" in told
    assert as_json["degraded"] == "the clock is not set: it says 1970-01-01"


def test_the_plan_in_german_is_whole_and_lined_up(german: Desk) -> None:
    lines = german.run("plan", "--from", "2026-03-24").stdout.splitlines()
    assert lines[0] == "Dienstag, 24.03.2026"
    assert lines[-1] == (
        '11 Erinnerungen würden gesendet, 2 nicht, wenn jede mit "Erledigt" beantwortet wird; '
        "Zeiten sind Ortszeit (Europe/Berlin)"
    )
    rows = [line for line in lines[1:] if line[2:4].isdigit()]
    where = {line.index("würde ") for line in rows}
    assert len(where) == 1, rows
    assert {row["decision"] for row in german.json("plan", "--from", "2026-03-24")} == {"send", "suppress"}


def test_what_is_held_back_says_why_in_german(german: Desk) -> None:
    german.run("pause", "warm_up", "--flare")
    lines = german.run("plan", "--from", "2026-03-24").stdout.splitlines()
    assert any(line.endswith("(ein schlechter Tag)") for line in lines), lines
    assert any(line.endswith("(nicht in den letzten 120 min vor dem Schlafen)") for line in lines), lines


def said(desk: Desk, *words: str) -> str:
    return desk.run(*words).output


def test_answers_in_german(german: Desk) -> None:
    german.put("movement", NOW - 20 * MINUTE)
    assert said(german, "snooze", "movement", "10min") == "movement: verschoben auf 11:30 (in 10 min)\n"
    assert said(german, "undo") == 'movement: "Später" zurückgenommen\n'
    assert said(german, "skip", "movement") == "movement: übersprungen\n"
    assert said(german, "done", "movement") == "movement: schon übersprungen, dabei bleibt es\n"
    assert said(german, "done", "hydration", "250ml") == (
        "hydration: erledigt, zählt fürs nächste Mal (fällig war nichts), 250 ml eingetragen (heute 0,25 von 1,6 L)\n"
    )
    assert said(german, "skip", "warm_up") == (
        "warm_up: nicht übersprungen, gerade wartet nichts auf Antwort\n"
        "Hinweis: eine Weile Ruhe davor mit: reminders pause warm_up 1h\n"
    )


def test_pauses_in_german(german: Desk) -> None:
    assert said(german, "pause") == (
        "alles (4 Gewohnheiten): Pause bis 12:20 (in 1 h)\nHinweis: früher weiter mit: reminders resume\n"
    )
    assert said(german, "resume", "movement") == (
        "movement: wie alles andere noch pausiert bis 12:20 (in 1 h)\nHinweis: auch das beenden mit: reminders resume\n"
    )
    assert said(german, "resume") == "alles: geht weiter\n"
    said(german, "pause", "hydration", "1h")
    said(german, "pause", "movement", "1h")
    assert said(german, "resume") == "hydration, movement: gehen weiter\n"
    assert said(german, "resume") == "gerade ist nichts pausiert\n"


def test_a_longer_pause_goes_on_in_german(german: Desk) -> None:
    said(german, "pause", "2h")
    assert said(german, "pause", "30min").splitlines()[0] == (
        "alles (4 Gewohnheiten): schon pausiert bis 13:20 (in 2 h), dabei bleibt es"
    )


def test_an_answer_given_in_german_is_put_on_record_in_english(german: Desk) -> None:
    german.run("pause", "warm_up", "--flare")
    (pause,) = german.json("status")["people"][0]["pauses"]
    assert pause["reason"] == "a bad day"


def test_who_is_meant_is_asked_in_german(used_desk_of: Callable[[str], Desk]) -> None:
    household = used_desk_of("language: de\n" + HOUSEHOLD)
    refused = household.run("done", "hydration").stderr
    assert "es ist nicht klar, wer gemeint ist" in refused
    assert "mit --person NAME ergänzen; es gibt: alex, sam" in refused


def test_a_calendar_that_cannot_be_read_is_told_in_german() -> None:
    trouble = "its server answers 404, so nothing is there under its address"
    state = CalendarState(
        person="me", name="work", fetched_at=NOW, events=2, stale_since=NOW, trouble=trouble, left_out=()
    )
    with speaking("de"):
        assert state_words(state, lambda at: f"{at:%H:%M}") == (
            "veraltet seit 10:20: sein Server antwortet mit 404, also liegt unter seiner Adresse nichts"
        )
        assert state.mend == "was vorher bekannt war, zählt weiter; der nächste Versuch kommt von selbst"
