"""``init``, ``service`` and ``doctor`` say all that they say in the language spoken, and take their answers in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from reminders.catalogue.content import load_content
from reminders.catalogue.phrases import Phrases, say_as, speaking
from reminders.cli import main
from reminders.cli.doctor import doctor
from reminders.cli.init import NO_ILLNESS, init
from reminders.cli.profile_answers import some_of
from reminders.cli.service import service
from reminders.daemon.lock import DaemonLock, acquire
from tests.bracketed import bare_words, bracketed
from tests.cli.desk import FILE, HOUSEHOLD, Desk
from tests.cli.test_service import STAND_IN

AtDeskOf = Callable[[str], Desk]
QUIET = ("--no-desktop", "--no-test", "--no-service", "--yes")


def bracketed_output(command: click.Command, *words: str, typed: str | None = None) -> str:
    with speaking(bracketed()):
        result = CliRunner().invoke(command, list(words), input=typed)
    assert result.exit_code in (0, 1, 3), result.output
    return result.output


def said_past_say(text: str, allowed: str) -> set[str]:
    unframed = re.sub(r"⟦(?:hint|Error): (.*)⟧$", r"\1", text, flags=re.MULTILINE)
    return set(bare_words(unframed)) - set(allowed.split())


# -- doctor ----------------------------------------------------------------------------------------------------------

TROUBLED = HOUSEHOLD.replace(
    "channels: {here: console://}",
    'channels: {here: {url: "console://", discreet: true}, desk: "desktop://", hook: "json://localhost/here",\n'
    '  named: "ntfys://${REMINDERS_TEST_TOPIC}", filed: {url_file: URL_FILE}}\n'
    "calendars: {work: CALENDAR}",
)


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[DaemonLock]:
    """Hold the lock as a daemon does that is in all the trouble there is."""
    held = acquire(tmp_path / "data", config="reminders.yaml", started_at=datetime.now(UTC))
    news = {"degraded": "1", "page_trouble": "2", "unheard": {"named": "3"}, "refused": "4"}
    held.report(news)
    yield held
    held.release()


def test_doctor_says_everything_in_the_language_spoken(
    at_desk_of: AtDeskOf, lock: DaemonLock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REMINDERS_TEST_TOPIC", "a-topic-nobody-guesses")
    url_file = tmp_path / "url"
    url_file.write_text("json://localhost/here\n", encoding="utf-8")
    desk = at_desk_of(TROUBLED.replace("URL_FILE", str(url_file)).replace("CALENDAR", str(tmp_path / "none.ics")))
    desk.data_dir.chmod(0o755)
    (desk.data_dir / "journal.corrupt-20260324T101500Z").touch()
    output = bracketed_output(doctor, *desk.places)
    assert "⟦broken⟧" in output
    assert said_past_say(output, f"chmod data {' '.join(bare_words(str(url_file)))}") == set()


def test_doctor_says_in_german_how_a_quiet_desk_does(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of("language: de\n" + FILE)
    desk.run("done", "movement")
    desk.data_dir.chmod(0o700)
    result = desk.run("doctor")
    assert result.exit_code == 0, result.output
    assert [line for line in result.stdout.splitlines() if not line.startswith("ok ")] == [
        "Warnung  Dienst             läuft nicht, also wird nichts gesendet",
        "Hinweis: starten mit: reminders run",
        "Warnung  Gesundheitsfragen  nicht beantwortet, darum bleibt potassium_meal aus",
        'Hinweis: beantworte "conditions" und "medicines" unter "profile", jeweils mit none oder einer Liste',
        "nichts ist kaputt, 2 Warnungen",
    ]
    assert "ok       Kanal here         wird ausgegeben, wo der Dienst läuft" in result.stdout
    assert "ok       Journal            in Ordnung, Version " in result.stdout


def test_json_of_doctor_is_english_whatever_the_file_speaks(at_desk_of: AtDeskOf) -> None:
    names = [one["name"] for one in at_desk_of("language: de\n" + FILE).json("doctor")["findings"]]
    assert names[:4] == ["configuration", "data directory", "journal", "daemon"]


# -- init ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the file of somebody new will be, without a desktop and in a German terminal."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("NTFY_TOPIC", "to-be-forgotten")  # so that what is set meanwhile is taken back afterwards
    monkeypatch.delenv("NTFY_TOPIC")
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "config-home" / "reminders" / "reminders.yaml"


def call(*words: str, typed: str | None = None) -> str:
    result = CliRunner().invoke(main, ["init", *words, "--data-dir", "data"], input=typed)
    assert result.exit_code == 0, result.output
    return result.output


def lines(*answers: str) -> str:
    return "".join(f"{answer}\n" for answer in answers)


def test_init_asks_everything_in_the_language_spoken(newcomer: Path) -> None:
    typed = lines(
        *("", "", "7", "", "", "on", "", "x", "tue 18:30", "", *[""] * 3, "the moon", "", ""),
        *("new", "a/b", "", "maybe", "y", "a b", "", "n", "", ""),
    )
    output = bracketed_output(init, "--data-dir", "data", typed=typed)
    rules, typed_and_named = (
        load_content().rules,
        "de en the moon a b x on ntfy sh Europe Berlin machine mon-fri tue new skip maybe y n s phone",
    )
    codes = rules.codes("condition") | rules.codes("medicine") | set(load_content().habits)
    foods = {*rules.diets, *rules.allergies}
    assert said_past_say(output, " ".join([*codes, *foods, typed_and_named])) == set()


def test_in_a_german_terminal_the_file_is_german_without_a_question(newcomer: Path) -> None:
    output = call(*QUIET)
    text = newcomer.read_text(encoding="utf-8")
    assert "ist in Ordnung: 4 Gewohnheiten, 1 Kanal" in output
    assert yaml.safe_load(text)["language"] == "de"
    assert "# Nach einer Änderung: reminders check" in text
    assert "# sonst wird nichts gesendet" in text


def test_from_the_question_on_the_language_chosen_is_spoken(newcomer: Path) -> None:
    answers = lines("en", *[""] * 5, *[""] * 5, "no", "n", "n", "n")
    output = call(typed=answers)
    first, _, rest = output.partition("[de]: ")
    assert first == "Sprache der Erinnerungen, der Seite und der Befehle (de, en) "
    assert rest.startswith('en\nTime zone, or "machine" for that of this machine')
    assert "start it with: reminders run" in rest
    written = newcomer.read_text(encoding="utf-8")
    assert yaml.safe_load(written)["language"] == "en", "else the commands would speak the terminal's language"
    assert "# After a change: reminders check" in written


def test_illnesses_and_foods_are_explained_in_german_and_may_be_typed_by_their_german_names(newcomer: Path) -> None:
    asked = lines(
        *[""] * 6, "hydration", "Vegetarisch", "Zucchini", "Nüsse, soja", "", "ACE-Hemmer, Marcumar", *["nein"] * 4
    )
    output = " ".join(call(typed=asked).split())
    assert "heart_failure (Herzschwäche / Herzinsuffizienz)" in output
    assert "bekannt sind: nuts (Nüsse), dairy (Milch)" in output
    profile = yaml.safe_load(newcomer.read_text(encoding="utf-8"))["me"]["profile"]
    assert profile == {"diet": ["vegetarian"], "allergies": ["nuts", "soy"], "medicines": ["ace_inhibitor", "warfarin"]}


NAMES = {
    "profile | kidney_stones_history": "Nierensteine, auch früher",
    "profile | eating_disorder_history": "Essstörung (jetzt, früher)",
    "profile | dialysis": "Dialyse",
}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Nierensteine, auch früher", ("kidney_stones_history",)),
        ("dialyse,Nierensteine, auch früher,Dialyse", ("dialysis", "kidney_stones_history")),
        ("Essstörung (jetzt, früher), Dialyse", ("eating_disorder_history", "dialysis")),
        ("Nierensteine; Essstoerung", ("kidney_stones_history", "eating_disorder_history")),
        ("kidney stones", ("kidney_stones_history",)),
        ("keine", ()),
    ],
)
def test_a_name_with_commas_or_brackets_is_understood_whole_and_in_part(typed: str, codes: tuple[str, ...]) -> None:
    known = ("dialysis", "eating_disorder_history", "kidney_stones_history")
    phrases = Phrases(language="de", by_english={**NAMES, "typed | none": "keine"}, form=lambda _: 0)
    with speaking(phrases):
        assert some_of(known, NO_ILLNESS)(typed) == codes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Nieren", 'meintest du "fortgeschrittene Nierenerkrankung", "Nierenerkrankung jeder Art" oder'),
        ("Leberzirose", 'meintest du "Leberzirrhose"?'),
        ("keine Nierensteine", "schreib Wörter aus der Liste"),
    ],
)
def test_a_part_that_may_mean_several_illnesses_is_asked_about_briefly(newcomer: Path, typed: str, meant: str) -> None:
    result = CliRunner().invoke(main, ["init", "--conditions", typed, *QUIET])
    assert result.exit_code == 2
    assert meant in result.output
    assert len(result.output) < 300


def test_every_code_that_may_be_answered_has_a_german_name() -> None:
    rules = load_content().rules
    with speaking("de"):
        for code in rules.codes("condition", "agreement"):
            assert say_as("profile", code) != code, code
            assert some_of([*rules.codes("condition", "agreement")], NO_ILLNESS)(say_as("profile", code)) == (code,)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("Mo-Fr", "mon-fri"),
        ("Mo bis Fr", "mon-fri"),
        ("montag", "mon"),
        ("dienstags und Do.", ["tue", "thu"]),
        ("werktags", "weekdays"),
        ("mon,wed", ["mon", "wed"]),
    ],
)
def test_days_may_be_named_in_german_and_stand_in_the_file_in_english(newcomer: Path, typed: str, days: object) -> None:
    call("--work-days", typed, "--training", f"{typed} 18:30", *QUIET)
    file = yaml.safe_load(newcomer.read_text(encoding="utf-8"))
    assert (file["me"]["work"]["days"], file["training"][0]["days"]) == (days, days)


def test_keine_leaves_the_desk_out(newcomer: Path) -> None:
    call("--work-hours", "keine", *QUIET)
    assert "work" not in yaml.safe_load(newcomer.read_text(encoding="utf-8"))["me"]


def test_english_goes_without_saying_in_an_english_terminal(newcomer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    call(*QUIET)
    assert "language" not in newcomer.read_text(encoding="utf-8")
    call("--language", "de", "--config", "german.yaml", *QUIET)
    assert "\nlanguage: de\n" in Path("german.yaml").read_text(encoding="utf-8")


def test_yes_no_and_none_may_be_typed_in_german_or_in_english(newcomer: Path) -> None:
    asked = lines(*[""] * 5, "keine", "hydration", "none", "KEINE", "", "", "nein", "vielleicht", "N", "nein", "no")
    output = call(typed=asked)
    assert "Fehler: bitte mit j oder n antworten" in output
    assert "[J/n]" in output
    file = yaml.safe_load(newcomer.read_text(encoding="utf-8"))
    assert (file["training"], file["me"]["profile"]["allergies"]) == ([], [])
    assert file["channels"] == {"console": "console://"}
    tested = call("--config", "second.yaml", "--no-service", typed=asked.replace("N\nnein\nno\n", "n\nJa\n"))
    assert "\nconsole: " in tested


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--language", "fr", "bekannt sind: de, en"),
        ("--training", "18:30", "keine Angabe von Tagen und Uhrzeit"),
        ("--habits", "hydratoin", '"hydratoin" ist keine eingebaute Gewohnheit'),
        ("--phone", "zwei Worte", "ein Thema besteht nur aus"),
    ],
)
def test_a_wrong_answer_is_named_in_german(newcomer: Path, option: str, value: str, complaint: str) -> None:
    result = CliRunner().invoke(main, ["init", option, value, *QUIET])
    assert result.exit_code == 2
    assert complaint in result.output
    assert not newcomer.exists()


def test_everybody_can_see_every_key_and_the_file_says_how(newcomer: Path) -> None:
    assert "reminders init --reference" in Path(call(*QUIET) and newcomer).read_text(encoding="utf-8")
    reference = Path(__file__).parents[2] / "config" / "reference.yaml"
    result = CliRunner().invoke(main, ["init", "--reference"])
    assert (result.exit_code, result.output) == (0, reference.read_text(encoding="utf-8"))


# -- service ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a stand-in for systemd in place; return the folder with its files."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("systemctl", "loginctl", "journalctl"):
        (tools / name).write_text(STAND_IN)
        (tools / name).chmod(0o755)
    values = {"PATH": f"{tools}:/usr/bin:/bin", "ASKED": str(tmp_path / "asked"), "REFUSE": "nothing", "LINGER": "no"}
    for name, value in (values | {"REMINDERS_TEST_TOPIC": "a-long-secret-topic"}).items():
        monkeypatch.setenv(name, value)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_service_says_everything_in_the_language_spoken(login: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("reminders.yaml").write_text('channels: {phone: "ntfys://${REMINDERS_TEST_TOPIC}"}\n')
    places = ("--config", "reminders.yaml", "--data-dir", "data")
    output = bracketed_output(service, "install", *places)
    output += bracketed_output(service, "install", "--linger", *places)
    output += bracketed_output(service, "uninstall", "--data-dir", "data")
    output += bracketed_output(service, "uninstall", "--data-dir", "data")
    output += bracketed_output(service, "status", "--data-dir", "data")
    monkeypatch.setenv("REFUSE", "show-environment")
    output += bracketed_output(service, "install", *places)
    assert said_past_say(output, "reminders service install") == set()
