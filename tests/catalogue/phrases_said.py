"""Every phrase that the source, the templates and the help texts say: its key, its plural form, and where it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
from jinja2 import Environment
from jinja2.ext import extract_from_ast

import reminders
from reminders.catalogue.content import load_content
from reminders.cli import VERBS, main, verb_named
from reminders.cli.help_words import worded

ROOT = Path(reminders.__file__).parent
_SAYERS = ("say", "phrase", "say_as", "say_many")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """``key`` is that of the translations; ``one`` = what is said of a single one, None = it does not count."""

    key: str
    english: str
    one: str | None
    place: str


@cache
def phrases_said() -> tuple[Said, ...]:
    return (*_of_source(), *_of_templates(), *_of_helps(), *_of_catalogue())


def _of_source() -> Iterator[Said]:
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAYERS:
                texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                place = f"{path.relative_to(ROOT.parent)}:{node.lineno}"
                if path.name != "phrases.py":
                    yield from _said(node.func.id, texts, place)


def _of_templates() -> Iterator[Said]:
    for path in sorted(ROOT.rglob("templates/*.html")):
        tree = Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(path.read_text(encoding="utf-8"))
        for line, function, found in extract_from_ast(tree, _SAYERS, babel_style=False):
            texts = [found] if isinstance(found, str) else [text for text in found or () if text]
            yield from _said(function, texts, f"{path.relative_to(ROOT.parent)}:{line}")


def _of_catalogue() -> Iterator[Said]:
    for habit in load_content().habits.values():
        yield Said(key=habit.summary, english=habit.summary, one=None, place=f"habits.yaml: {habit.id}")
    rules = load_content().rules
    for code in sorted({*rules.codes("condition", "agreement", "medicine"), *rules.diets, *rules.allergies}):
        yield Said(key=f"profile | {code}", english=code, one=None, place=f"safety.yaml: {code}")
    for name, reason in rules.reasons.items():
        yield Said(key=reason, english=reason, one=None, place=f"safety.yaml: {name}")


def _of_helps() -> Iterator[Said]:
    for name, command in (("", main), *((verb, verb_named(verb)) for verb in VERBS)):
        for text in _help_texts(command):
            yield Said(key=text, english=text, one=None, place=f"reminders {name} --help")


def _help_texts(command: click.Command) -> list[str]:
    texts: list[str] = []

    def collect(text: str) -> str:
        texts.append(text)
        return text

    worded(command, collect)
    return texts


def _said(function: str, texts: list[str], place: str) -> Iterator[Said]:
    if function == "say_many" and len(texts) == 2:
        yield Said(key=texts[1], english=texts[1], one=texts[0], place=place)
    elif function == "say_as" and len(texts) == 2:
        yield Said(key=f"{texts[0]} | {texts[1]}", english=texts[1], one=None, place=place)
    elif function in {"say", "phrase"} and len(texts) == 1:
        yield Said(key=texts[0], english=texts[0], one=None, place=place)
