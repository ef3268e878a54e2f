"""The YAML file as a Document: values with positions, in one pass over the parser's events.

Nothing is composed and nothing recurs, so depth, size and number of values are bounded before they can cost anything.
Aliases, anchors, tags, duplicate keys and second documents are refused. YAML 1.2: ``22:30`` and ``no`` are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from reminders.catalogue.phrases import phrase, say
from reminders.settings.document import Document, Place, key_name, key_text
from reminders.settings.mistakes import Path, printable
from reminders.settings.template import TemplateMistake, fill, variables_of
from reminders.settings.yaml_syntax import complain_of_syntax, place_of
from reminders.settings.yaml_text import decode, read_bytes

DEPTH_AT_MOST = 20
VALUES_AT_MOST = 10_000
HABITS_AT_MOST = 500
PEOPLE_AT_MOST = 50
_WHAT_MAY_STAND = phrase("see what may stand in it: reminders init --reference")

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,2})?", re.ASCII)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def read_yaml_file(path: str, environment: Mapping[str, str]) -> Document:
    """Read a file; what is wrong with it stands in the document's problems. Nothing is raised."""
    document = Document(file=path)
    data = read_bytes(path, document)
    if data is not None:
        read_yaml(data, document, environment)
    return document


def read_yaml(data: bytes, document: Document, environment: Mapping[str, str]) -> None:
    """Fill the document from YAML text."""
    text = decode(data, document)
    if text is None:
        return
    builder = _Builder(document, environment)
    try:
        is_whole = all(builder.take(event) for event in YAML(typ="safe", pure=True).parse(text))
    except YAMLError as error:
        complain_of_syntax(document, error)
        is_whole = False
    if not is_whole:
        document.values.clear()  # half a file would only bring up problems that are none
    elif not document.values and not document.problems:
        hint = say(_WHAT_MAY_STAND)
        document.complain(Place(file=document.file), "", say("the file is empty"), hint=hint)
    _check_numbers(document)


def plain_scalar(text: str) -> object:
    """Give an unquoted scalar its YAML 1.2 meaning; numbers beyond all use stay text."""
    if text in _NOTHING:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


@dataclass(slots=True)
class _Frame:
    """A mapping or list being filled; ``key`` is the key that waits for its value."""

    path: Path
    content: dict[str, object] | list[object]
    key: str | None = None
    is_lost: bool = False


@dataclass(slots=True)
class _Builder:
    """Builds the values from events; ``take`` returns False when there is no use in going on."""

    document: Document
    environment: Mapping[str, str]
    stack: list[_Frame] = field(default_factory=list)
    values: int = 0
    documents: int = 0

    def take(self, event: Event) -> bool:
        if isinstance(event, DocumentStartEvent):
            return self._start_document(event)
        if isinstance(event, CollectionEndEvent):
            self.stack.pop()
            return True
        if not isinstance(event, NodeEvent):
            return True
        self.values += 1
        return self._is_within_limits(event) and self._node(event)

    def _start_document(self, event: DocumentStartEvent) -> bool:
        self.documents += 1
        if self.documents > 1:
            hint = say("keep one document in the file, without a second ---")
            self._complain(event, say("a second document begins here"), hint)
        elif event.version is not None or event.tags:
            self._complain(event, say("directives are not allowed"), say("leave the line that begins with % out"))
        return self.documents == 1

    def _is_within_limits(self, event: NodeEvent) -> bool:
        if self.values > VALUES_AT_MOST:
            hint = say("at most {most} are read", most=VALUES_AT_MOST)
            self._complain(event, say("the file holds too many values"), hint)
            return False
        if isinstance(event, MappingStartEvent | SequenceStartEvent) and len(self.stack) >= DEPTH_AT_MOST:
            hint = say("at most {most} levels are read", most=DEPTH_AT_MOST)
            self._complain(event, say("the file is nested too deeply"), hint)
            return False
        return True

    def _node(self, event: NodeEvent) -> bool:
        if not self.stack:
            return self._root(event)
        frame = self.stack[-1]
        if isinstance(frame.content, dict) and frame.key is None and not frame.is_lost:
            self._key(frame, event)
            return True
        path = self._path(frame)
        value = self._value(event, path)
        self.document.values_at.setdefault(path, self._place(event))
        self._keep(frame, value)
        if isinstance(value, dict | list):
            self.stack.append(_Frame(path=path, content=value, is_lost=False))
        return True

    def _root(self, event: NodeEvent) -> bool:
        self._refuse_extras(event, ())
        self.document.values_at[()] = self._place(event)
        if isinstance(event, MappingStartEvent):
            self.stack.append(_Frame(path=(), content=self.document.values))
            return True
        if isinstance(event, ScalarEvent) and event.value == "":
            return True
        self._complain(event, say("the file does not hold keys with values"), say(_WHAT_MAY_STAND))
        return False

    def _path(self, frame: _Frame) -> Path:
        if isinstance(frame.content, list):
            return (*frame.path, len(frame.content))
        return (*frame.path, frame.key if frame.key is not None else "?")

    def _keep(self, frame: _Frame, value: object) -> None:
        if isinstance(frame.content, list):
            frame.content.append(value)
        elif frame.key is not None:
            frame.content[frame.key] = value
            frame.key = None
        else:
            frame.is_lost = False  # the value of a key that was refused goes nowhere

    def _key(self, frame: _Frame, event: NodeEvent) -> None:
        assert isinstance(frame.content, dict)  # noqa: S101  the caller looked; this tells mypy
        self._refuse_extras(event, frame.path)
        key = event.value if isinstance(event, ScalarEvent) else None
        is_quoted = isinstance(event, ScalarEvent) and bool(event.style)
        if key is None or not (is_quoted or isinstance(plain_scalar(key), str)):
            hint = None if key is None else say('write "{key}" in quotes', key=printable(key))
            self._complain(event, say("a key must be a word"), hint)
            self._lose(frame, event)
            return
        path = (*frame.path, key)
        if key in frame.content:
            message = say('the key "{key}" stands here a second time', key=key_name(frame.path, key))
            hint = say("the first is in line {line}; keep one", line=self.document.keys_at[path].line)
            self._complain(event, message, hint, path)
            frame.is_lost = True
            return
        self.document.keys_at[path] = self._place(event)
        frame.key = key

    def _lose(self, frame: _Frame, event: NodeEvent) -> None:
        frame.is_lost = True
        if not isinstance(event, ScalarEvent | AliasEvent):
            lost: dict[str, object] | list[object] = {} if isinstance(event, MappingStartEvent) else []
            self.stack.append(_Frame(path=(*frame.path, "?"), content=lost))

    def _value(self, event: NodeEvent, path: Path) -> object:
        if self._refuse_extras(event, path):
            self.document.damaged.add(path)
        if isinstance(event, MappingStartEvent):
            return {}
        if isinstance(event, SequenceStartEvent):
            return []
        if not isinstance(event, ScalarEvent):
            return None
        value = event.value if event.style else plain_scalar(event.value)
        return self._filled(event, value, path) if isinstance(value, str) and "$" in value else value

    def _filled(self, event: NodeEvent, text: str, path: Path) -> object:
        names = variables_of(text)
        self.document.variables.update(names)
        self.document.templates[path] = text
        if names:
            self.document.secret.add(path)
        try:
            return fill(text, self.environment)
        except TemplateMistake as mistake:
            hint = say("set {variable}, or write $$ for a dollar sign", variable=mistake.variable)
            self._complain(event, str(mistake), None if mistake.variable is None else hint, path)
            self.document.damaged.add(path)
            return None

    def _refuse_extras(self, event: NodeEvent, path: Path) -> bool:
        if isinstance(event, AliasEvent):
            self._complain(event, say("aliases are not allowed"), say("write the value out"), path)
        elif event.anchor is not None:
            self._complain(event, say("anchors are not allowed"), say("write the value out where it is needed"), path)
        elif getattr(event, "tag", None) is not None:
            self._complain(event, say("tags are not allowed"), say("leave the word that begins with ! out"), path)
        else:
            return False
        return True

    def _place(self, event: Event) -> Place:
        return place_of(self.document, event.start_mark)

    def _complain(self, event: Event, message: str, hint: str | None, path: Path = ()) -> None:
        self.document.complain(self._place(event), key_text(path), message, hint=hint)


def _check_numbers(document: Document) -> None:
    people = document.values.get("people")
    blocks = list(_habit_blocks(document.values))
    listed = sum(len(habits) for _, habits in blocks)
    is_too_much = False
    if listed > HABITS_AT_MOST:
        _complain_of_number(document, blocks[0][0], say("{count} habits are listed", count=listed), HABITS_AT_MOST)
        is_too_much = True
    if isinstance(people, dict) and len(people) > PEOPLE_AT_MOST:
        message = say("{count} people are listed", count=len(people))
        _complain_of_number(document, ("people",), message, PEOPLE_AT_MOST)
        is_too_much = True
    if is_too_much:
        document.values.clear()


def _complain_of_number(document: Document, path: Path, message: str, most: int) -> None:
    place = document.place(path, at_key=True) or Place(file=document.file)
    document.complain(place, key_text(path), message, allowed=say("at most {most}", most=most))


def _habit_blocks(values: Mapping[str, object]) -> Iterator[tuple[Path, dict[str, object]]]:
    people = values.get("people")
    blocks: list[tuple[Path, object]] = [(("habits",), values.get("habits"))]
    if isinstance(people, dict):
        blocks += [
            (("people", name, "habits"), one.get("habits")) for name, one in people.items() if isinstance(one, dict)
        ]
    for path, habits in blocks:
        if isinstance(habits, dict):
            yield path, habits
