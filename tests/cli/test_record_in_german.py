"""The commands that look back, ``forget``, ``reload`` and ``send-test`` in German: all they say, but for JSON."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from reminders.catalogue.phrases import Phrases, speaking
from reminders.catalogue.retelling import retold
from reminders.catalogue.translation import placeholders
from reminders.cli import main
from reminders.cli.reason_sentences import SENTENCES
from reminders.cli.why_words import circumstance_words
from reminders.composition.circumstances import Circumstance, Kind
from reminders.domain.answer import Verb
from reminders.domain.context import RealBreak
from reminders.domain.delivery import DeliveryState, SendOutcome
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.planning.reason_words import words_for
from reminders.planning.record_words import delivery_words, state_words
from reminders.planning.set_forward import NEVER_LIVED
from tests.bracketed import bare_words, bracketed
from tests.cli.desk import FILE, NOW, Desk

pytestmark = pytest.mark.usefixtures("tuesday_morning")

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
# What is nobody's to translate: ids of habits, names, zones, what a person or a nudge said, commands to type.
NAMES = {"hydration", "movement", "warm_up", "potassium_meal", "walk", "jumping", "Alex", "Europe", "Berlin"}
NAMES |= {"here", "phone", "desktop", "Now", "Zahnarzt", "s", "me", "profile"}

COMMANDS = (
    "history",
    "history --days 1 --from 2025-01-01",
    "history --habit jumping",
    "why",
    "why hydration",
    "why walk",
    "why jumping",
    "why --at 02:00",
    "why --at 09:40",
    "why --at 18:15",
    "why --at 2026-03-25T09:25",
    "why --at 2026-03-26T23:25",
    "why movement --at 2026-03-22T11:25",
    "why --at 2026-03-23T13:25",
    "why --at 2026-03-23T11:20",
    "stats",
    "stats --weeks 4",
    "stats --days 1",
    "stats --days 1 --weeks 1",
    "forget",
    "forget --before 2026-03-24",
    "forget --before 2026-12-24",
    "forget --yes --before 2026-03-24",
    "reload",
    "send-test",
    "send-test phone",
)


@pytest.fixture
def german(used_desk_of: Callable[[str], Desk]) -> Desk:
    """Alex in Berlin, whose file is in German, with something of everything on record."""
    desk = used_desk_of("language: de\n" + FILE)
    live(desk)
    return desk


def live(desk: Desk) -> None:
    for days in range(3, 8):
        answered(desk, "movement", NOW - days * DAY, Verb.DONE)
        desk.put("hydration", NOW - days * DAY - HOUR)
    answered(desk, "movement", NOW - 2 * DAY, Verb.SKIP)
    desk.hold_back("hydration", NOW - 25 * HOUR, Reason.EXPIRED_DOWN, NEVER_LIVED)
    desk.hold_back("hydration", NOW - 24 * HOUR, Reason.DAILY_LIMIT)
    desk.hold_back("movement", NOW - 24 * HOUR, Reason.AWAY, "a break from 10:00 to 10:08 counted")
    desk.hold_back("movement", NOW - 23 * HOUR, Reason.PAUSED, "Zahnarzt")
    gone = "its server answered 404: it knows no such address"
    desk.put("warm_up", NOW - 22 * HOUR, outcome=SendOutcome.REJECTED, detail=gone)
    late = desk.put("movement", NOW - 21 * HOUR)
    desk.expire(NOW)
    desk.hold_back_late("hydration", NOW - 2 * HOUR, NOW - HOUR, Reason.EXPIRED_DOWN)
    again = desk.put("movement", NOW - timedelta(minutes=40), reason=Reason.BUSY)
    desk.ask_again(again, NOW - timedelta(minutes=30), "phone")
    desk.put("hydration", NOW - timedelta(minutes=10), amount_ml=200)
    for words in (["done", "hydration"], ["undo"], ["snooze", "hydration"], ["done", "hydration", "300ml"]):
        assert desk.run(*words).exit_code == 0, words
    journal = desk.journal()
    journal.answer_nudge(f"nudge-{late}", Verb.DONE, NOW, "desktop")
    journal.note_break("me", RealBreak(started=NOW - 68 * HOUR / 60, ended=NOW - HOUR))
    journal.pause("me", None, NOW - HOUR / 6, NOW + HOUR, "me", "Zahnarzt")
    journal.note("clock.stepped", NOW, {"seconds": 3600})
    journal.close()


def answered(desk: Desk, habit: str, at: datetime, verb: Verb) -> None:
    name = desk.put(habit, at)
    journal = desk.journal()
    journal.answer_nudge(f"nudge-{name}", verb, at + HOUR / 12, "desktop")
    journal.close()


def in_silence(desk: Desk, *words: str) -> Result:
    """Run a command that says of each phrase only what it is filled in with: the rest is said past the phrases."""
    return CliRunner().invoke(main, [*words, *desk.places], language=silence())


def silence() -> Phrases:
    spoken = bracketed().by_english
    left = {key: " ".join(f"{{{name}}}" for name in sorted(placeholders(key.split(" | ")[-1]))) for key in spoken}
    forms = {
        key: [left[key] or "."] * 2 if isinstance(forms, list) else left[key] or "." for key, forms in spoken.items()
    }
    return replace(bracketed(), by_english=forms)


def test_no_word_is_said_past_the_phrases(german: Desk) -> None:
    for command in COMMANDS:
        result = in_silence(german, *command.split())
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert set(bare_words(result.output)) <= NAMES, (command, result.output)


def test_every_word_of_the_record_is_a_phrase() -> None:
    with speaking(bracketed()):
        words = [*map(words_for, Reason), *map(state_words, OccurrenceState), *map(delivery_words, DeliveryState)]
        sentences = [retold(words) for one in SENTENCES.values() for words in (one.because, one.change)]
        held = [circumstance_words(Circumstance(kind=kind, since=NOW), NOW.tzinfo, NOW) for kind in Kind]  # type: ignore[arg-type]
    assert bare_words(" ".join([*words, *sentences, *held])) == []


def lines(result: Result) -> list[str]:
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


def test_history_is_told_in_german(german: Desk) -> None:
    told = lines(german.run("history"))
    assert "Montag, 23.03.2026" in told
    assert "10:20 hydration verpasst: die Uhr wurde darüber hinweg vorgestellt" in told
    assert "11:20 hydration zurückgehalten: Tagesgrenze" in told
    assert "11:20 movement zurückgehalten: nicht da eine Bewegungspause von 10:00 bis 10:08 zählte" in told
    assert "12:20 movement zurückgehalten: pausiert Zahnarzt" in told
    answer = "(sein Server antwortete mit 404: er kennt diese Adresse nicht)"
    assert f"13:20 warm_up verpasst: kein Kanal here abgelehnt {answer}" in told
    assert "14:20 movement verstrichen, verspätet erledigt 11:20 (desktop) here angenommen" in told
    assert "09:20 hydration verpasst: Dienst nicht wach oder Uhr gestellt" in told
    asked = "wartet auf Antwort here angenommen; noch einmal gefragt 10:50 über phone"
    assert f"10:40 movement gesendet 10:40, {asked}" in told
    assert "10:12 Bewegungspause bis 10:20, 8 min" in told
    assert "hydration 1 von 5 erledigt, 4 verstrichen; 1 zurückgehalten, 2 verpasst" in told


def test_why_is_told_in_german(german: Desk) -> None:
    told = lines(german.run("why"))
    assert told[0] == "Alex, Dienstag, 24.03.2026 11:20 (Europe/Berlin)"
    assert "pausiert (alles: Zahnarzt) von 11:10 bis 12:20" in told
    assert "die Uhr wurde gestellt (+3600 s) 11:20" in told
    begin = told.index("movement, fällig 10:40: gesendet, wartet auf Antwort")
    assert told[begin + 1 : begin + 6] == [
        "10:40:00 entschieden: senden, aber zu anderer Zeit: beschäftigt",
        "10:40:00 here: angenommen, Versuch 1",
        "10:50:00 entschieden: noch einmal fragen, da keine Antwort kam",
        "10:50:00 phone: angenommen, Versuch 1",
        "die Nachricht: Now",
    ]
    begin = told.index("hydration, fällig 11:10: erledigt")
    assert "11:20:00 deine Antwort: später (Befehl), bis 11:35" in told[begin:]
    assert "11:20:00 Antwort zurückgenommen" in told[begin:]


def test_a_reason_is_given_in_a_german_sentence(german: Desk) -> None:
    told = lines(german.run("why", "--at", "2026-03-23 11:20"))
    begin = told.index("hydration, fällig gestern 11:20: zurückgehalten: Tagesgrenze")
    limit = "weil der Tag schon so viele Erinnerungen hat, wie er haben darf; zuerst weichen die in festen Abständen"
    hint = 'Hinweis: "limits" legt mit "per_day" fest, wie viele es sein dürfen'
    assert told[begin + 1 : begin + 4] == ["11:20:00 entschieden: nicht senden", f"{limit}, die späteste voran", hint]


def test_stats_are_told_in_german_and_line_up(german: Desk) -> None:
    output = german.run("stats").stdout
    told = [" ".join(line.split()) for line in output.splitlines()]
    assert told[0] == "2026-03-18 bis 2026-03-24"
    assert "Wasser" in told
    assert "Di 24 ████░░░░░░░░░░░░░░░░░░░░ 0,3 L" in told
    assert "was auffällt" in told
    assert "3 nicht gesendet: Tagesgrenze 1, nicht da 1, pausiert 1" in told
    assert "3 verpasst: Dienst nicht wach oder Uhr gestellt 2, kein Kanal 1" in told
    months = german.run("stats", "--weeks", "31").stdout.split("Woche für Woche\n")[1].split("\n\n")[0].splitlines()
    assert [line.split()[:2] for line in months[:2]] == [["25.", "Aug."], ["01.", "Sept."]]
    assert len({min(line.find(sign) % 100 for sign in "█░") for line in months}) == 1


def test_forget_asks_and_tells_in_german(german: Desk) -> None:
    asked = german.run("forget", "--before", "2026-03-24")
    assert asked.exit_code == 2
    assert asked.stderr.startswith("Fehler: das würde gelöscht: 17 Anlässe, 13 Erinnerungen, 7 Antworten\n")
    assert "Hinweis: ohne Rückfrage geht es mit --yes" in asked.stderr
    counted = asked.stderr.splitlines()[0].partition("gelöscht: ")[2]
    assert lines(german.run("forget", "--yes", "--before", "2026-03-24")) == [f"gelöscht: {counted}"]


def test_send_test_sends_and_tells_in_german(german: Desk) -> None:
    told = lines(german.run("send-test"))
    assert told[1].endswith(" Reminders: ein Test")
    assert told[2:] == ["Dieser Kanal funktioniert. Hier kommen deine Erinnerungen an.", "here: angenommen"]


def test_why_a_channel_fails_is_told_in_german(used_desk_of: Callable[[str], Desk]) -> None:
    text = ("language: de\n" + FILE).replace("here: console://", "here: {url_file: /nowhere/at/all}")
    assert not os.path.lexists("/nowhere")
    result = used_desk_of(text).run("send-test")
    assert result.exit_code == 1
    assert 'here: fehlgeschlagen: url_file "/nowhere/at/all" lässt sich nicht öffnen:' in result.stdout
    assert "Hinweis: noch ein Versuch hilft nicht; was zu tun ist, sagt: reminders doctor" in result.stdout


def test_a_reload_without_a_daemon_is_refused_in_german(german: Desk) -> None:
    assert german.run("reload").stderr == (
        "Fehler: es läuft kein Dienst, also gibt es nichts neu zu laden\nHinweis: starten mit: reminders run\n"
    )


def test_json_is_english_whatever_the_file_speaks(german: Desk) -> None:
    told = str(german.json("why", "--at", "2026-03-23T11:20"))
    assert "decided: do not send" in told
    assert SENTENCES[Reason.DAILY_LIMIT].because in told
    assert "entschieden" not in told
    for command in ("history", "stats"):
        assert not re.search(r"[äöüß]|erledigt", str(german.json(command)))
