"""Every phrase that the source and the templates say: its key, its plural form, and where it stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

import reminders

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
    return (*_of_source(), *_of_templates())


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
            texts = [found] if isinstance(found, str) else [text for text in found if text]
            yield from _said(function, texts, f"{path.relative_to(ROOT.parent)}:{line}")


def _said(function: str, texts: list[str], place: str) -> Iterator[Said]:
    if function == "say_many" and len(texts) == 2:
        yield Said(key=texts[1], english=texts[1], one=texts[0], place=place)
    elif function == "say_as" and len(texts) == 2:
        yield Said(key=f"{texts[0]} | {texts[1]}", english=texts[1], one=None, place=place)
    elif function in {"say", "phrase"} and len(texts) == 1:
        yield Said(key=texts[0], english=texts[0], one=None, place=place)
