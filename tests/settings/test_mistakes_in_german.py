"""Everything that can be wrong with a configuration is told in the language spoken, names and values as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reminders.catalogue.content import load_content
from reminders.catalogue.phrases import Phrases, languages, speaking
from reminders.catalogue.translation import placeholders
from reminders.settings.problems import problems_text
from reminders.settings.reading import Reading, read_configuration
from reminders.settings.schema import Configuration
from tests.bracketed import bare_words, bracketed
from tests.catalogue.phrases_said import Said, phrases_said

Read = Callable[..., Reading]

EXAMPLES = Path(__file__).parent.parent / "config_examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))
ENVIRONMENT = {"NTFY_TOPIC": "token-of-alex"}
SCHEMAS = ("discord", "json", "mailto", "mailtos", "ntfy", "ntfys", "tgram")
# what a person types; a unit stands behind its number
TYPED = re.compile(r"(?<![\w.])[A-Za-z][\w-]*")
REGION = re.compile(r"[A-Z]{2}(-\w+)?")
WORDS_OF_YAML = {"retry", "true", "false", "on", "off", "none", "desktop", "phone", "tgram"}
DAYS = {"mon", "wed", "sun", "friday", "sunday"}
PLACES = {"Europe", "Berlin", "https", "http", "webcal", "run", "secrets", "web", "NAME", "NTFY_TOPIC", "WEB_TOKEN"}


def told(name: str) -> str:
    """Return what is wrong with one of the examples."""
    return problems_text(read_configuration(f"{name}.yaml", ENVIRONMENT, SCHEMAS).problems)


def said(text: str) -> str:
    """Return the lines in which something is said: those of the places are left out."""
    lines = text.splitlines()
    return "\n".join([*(line for line in lines[:-1] if line.startswith("  ")), lines[-1]])


def filled_in_alone() -> Phrases:
    """Return a language that says nothing but what is filled in."""
    by_english = {one.key: _silenced(one) for one in phrases_said()}
    return Phrases(language="en", by_english=by_english, form=lambda count: int(count != 1))


def _silenced(one: Said) -> str | list[str]:
    def gaps(text: str) -> str:
        return " ".join(f"{{{name}}}" for name in sorted(placeholders(text))) or " "

    return gaps(one.english) if one.one is None else [gaps(one.one), gaps(one.english)]


def names_known() -> Iterator[str]:
    """Yield the keys of a file, and the codes of the catalogue."""
    content = load_content()
    yield from (*content.habits, *content.condition_codes, *content.medicine_codes, *languages())
    schema = Configuration.model_json_schema()
    for block in (schema, *schema["$defs"].values()):
        yield from block.get("properties", ())


@pytest.mark.parametrize("name", NAMES)
def test_no_word_of_a_mistake_is_said_past_the_translations(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    with speaking(bracketed()):
        assert bare_words(said(told(name))) == []


def test_what_is_filled_in_are_names_and_values_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    known = {*names_known(), *WORDS_OF_YAML, *DAYS, *PLACES}
    strange: dict[str, set[str]] = {}
    with speaking(filled_in_alone()):
        for name in NAMES:
            written = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
            words = {word for word in TYPED.findall(said(told(name))) if not REGION.fullmatch(word)}
            words -= known | set(re.findall(r"[A-Za-z]\w*", written))
            strange |= {name: words} if words else {}
    assert strange == {}


def test_several_mistakes_in_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    with speaking("de"):
        lines = told("several_mistakes_at_once").splitlines()
    assert lines[:5] == [
        "several_mistakes_at_once.yaml:1:11  timezone",
        '  "Mars/Olympus" ist keine Zeitzone',
        "  schreib einen Namen wie Europe/Berlin",
        "several_mistakes_at_once.yaml:2:13  me.awake",
        '  "7" ist keine Uhrzeit',
    ]
    assert lines[6:] == [
        "several_mistakes_at_once.yaml:4:11  send_to",
        '  unbekannter Kanal "fone"; bekannt: desktop (Zeile 3)',
        "several_mistakes_at_once.yaml:6:15  habits.hydration.evry",
        '  unbekannter Schlüssel "evry"',
        "  hier erlaubt: every, within, goal, at, ...",
        '  meintest du "every"?',
        "several_mistakes_at_once.yaml:7:21  habits.movement.every",
        "  90 hat keine Einheit",
        "  schreib eine Dauer wie 90min, 2h oder 45s (erlaubt: 15min bis 24h)",
        "several_mistakes_at_once.yaml:8:3  habits.hydratoin",
        '  unbekannte Gewohnheit "hydratoin"',
        f"  hier erlaubt: {', '.join(load_content().habits)} oder ein eigener Name mit say",
        '  meintest du "hydration"?',
        "several_mistakes_at_once.yaml:9:19  limits.per_day",
        "  0 liegt außerhalb der Grenzen",
        "  hier erlaubt: 1 bis 40",
        "7 Probleme, nichts wurde geändert",
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "warning_follow_ups_fit_in_part",
            "movement: 4 Nachfragen x 20min = 1h20min, eine Erinnerung endet aber nach 1h: 2 von 4 kämen",
        ),
        ("warning_daily_limit", "movement: 8 am Tag fällig, wegen limits.per_day nur 3 davon gesendet"),
        ("warning_work_the_wrong_way_round", "work 17:30-09:00 geht über Mitternacht und dauert 15h30min"),
    ],
)
def test_a_warning_in_german(name: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    with speaking("de"):
        lines = told(name).splitlines()
    assert lines[1] == f"  Warnung: {words}"
    assert lines[-1] == "1 Warnung"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        (
            {"REMINDERS_A__B__C__D__E__F__G__H__I": "1"},
            """\
Umgebung  REMINDERS_A__B__C__D__E__F__G__H__I
  so tief liegt kein Schlüssel
  hier erlaubt: höchstens 8 Ebenen
""",
        ),
        (
            {"REMINDERS_WEB": "off", "REMINDERS_WEB__PORT": "9000"},
            "Umgebung  REMINDERS_WEB__PORT\n  REMINDERS_WEB setzt schon den ganzen Block\n  setz eine von beiden\n",
        ),
        (
            {"REMINDERS_ME__AWAKE": ""},
            "",
        ),
        (
            {"REMINDERS_LIMITS__PER_DAY": "many"},
            'Umgebung  REMINDERS_LIMITS__PER_DAY\n  "many" ist keine ganze Zahl\n  hier erlaubt: 1 bis 40\n',
        ),
    ],
)
def test_a_mistake_in_a_variable_in_german(read: Read, variables: dict[str, str], words: str) -> None:
    with speaking("de"):
        text = problems_text(read("me:\n", variables).problems)
    assert text == (f"{words}1 Problem, nichts wurde geändert" if words else "keine Probleme")


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"name: \xff",
        b"me: \x01\n",
        b"a: " + b"x" * 200_000,
        b"[" * 30,
        b"me: {name: " + b"x" * 5000 + b"}",
        b"habits:\n" + b"".join(b"  h%d: {say: x, every: 2h}\n" % number for number in range(600)),
        b"people: {" + b"".join(b"p%d: {}, " % number for number in range(60)) + b"}",
        b"a: [" + b"1, " * 11_000 + b"]",
        b"habits:\n" + b"".join(b"  H%d: {}\n" % number for number in range(150)),
        b"send_to: [" + b"desktop, " * 150 + b"]",
        b"me: {work: {holidays: [7]}, quiet: [], profile: {diet: [chalk], age: 3}}\nsend_to: [a, a]",
        b"web: {trusted_proxies: [" + b"10.0.0.1, " * 30 + b"]}",
        b"calendars: {a: {url: https://a.example, url_file: /a, file: /b}}",
        b'channels: {a: "desktop://x", b: "ntfy://", c: "ntfy://a b"}',
        b"me: {name: ''}\ntimezone: [1]\nhabits: {movement: {within: []}, walk: {within: lunch, anchor: x}}",
    ],
    ids=range(16),
)
def test_no_word_about_a_file_of_any_kind_is_said_past_the_translations(read: Read, data: bytes) -> None:
    with speaking(bracketed()):
        problems = read(data).problems
        assert problems
        assert bare_words(said(problems_text(problems))) == []


@pytest.mark.parametrize("path", ["none.yaml", "/", "a\0b", "/dev/null/x", "x" * 300])
def test_why_a_file_cannot_be_read_is_said_in_the_language_too(
    path: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with speaking(bracketed()):
        assert bare_words(said(problems_text(read_configuration(path, {}).problems))) == []
    with speaking(filled_in_alone()):
        assert TYPED.findall(said(problems_text(read_configuration(path, {}).problems))) == []
