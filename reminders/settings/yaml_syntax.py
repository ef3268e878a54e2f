"""What the YAML parser stumbled over, in plain words.

The parser's own sentence may quote the file, where secrets stand; what is not known here is told without its quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError

from reminders.catalogue.phrases import phrase, say
from reminders.settings.document import Document, Place
from reminders.settings.yaml_text import complain_of_tab

_QUOTE = re.compile(r"(,? but)?( found| got)? *[\"'(]")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fault:
    """``said`` matches what the parser says: what it was doing, a bar, what it met. The rest are our phrases.

    ``is_begun_before`` = the slip is where the parser began what it was doing, not where it noticed.
    """

    said: re.Pattern[str]
    message: str
    hint: str
    signs: Mapping[str, str] = field(default_factory=dict)
    is_begun_before: bool = False


def _fault(said: str, message: str, hint: str, *, is_begun_before: bool = False, **signs: str) -> _Fault:
    return _Fault(said=re.compile(said), message=message, hint=hint, signs=signs, is_begun_before=is_begun_before)


_TAB = re.compile(r"found character '\\t'")
_QUOTE_IT = phrase("put it in quotes")
_CLOSE = phrase("add the missing {end} or comma")
_OPEN = phrase("a {begin} is not closed")
_GOES_ON = phrase("something stands after the end of a value")
_FAULTS = (
    _fault(
        "directive|incompatible YAML document|duplicate tag handle|'<stream end>',",
        phrase("directives are not allowed"),
        phrase("leave the line that begins with % out"),
    ),
    _fault(
        r"an? tag\||undefined tag handle",
        phrase("tags are not allowed"),
        phrase("leave the word that begins with ! out"),
    ),
    _fault(
        "mapping values are not allowed",
        phrase("a second colon, or a wrong indentation"),
        phrase('put a text with ": " in quotes'),
    ),
    _fault(
        r"that cannot start any token|mapping keys are not allowed|an (anchor|alias)\|",
        phrase("a text cannot begin with this character"),
        _QUOTE_IT,
    ),
    _fault(
        "sequence entries are not allowed",
        phrase("a list cannot begin on the line of its key"),
        phrase("put every dash on a line of its own, or write [one, two]"),
    ),
    _fault(
        r"expected ',' or '[]}]', but got '<scalar>'",
        _GOES_ON,
        phrase("add the missing comma, or put the whole value in quotes"),
    ),
    _fault("expected ',' or '}'", _OPEN, _CLOSE, begin="{", end="}"),
    _fault("expected ',' or ']'", _OPEN, _CLOSE, begin="[", end="]"),
    _fault(
        "node content, but found '<stream end>'",
        phrase("the file ends where a value should stand"),
        phrase("close what is open with ] or {end}"),
        end="}",
    ),
    _fault(
        "unexpected end of stream|unexpected document separator",
        phrase("a quote is not closed"),
        phrase("add the missing quote"),
        is_begun_before=True,
    ),
    _fault(
        "escape (sequence|character)",
        phrase("a backslash in double quotes begins an escape, and this is none"),
        phrase("write two backslashes, or put the text in single quotes"),
    ),
    _fault(
        r"block scalar\|(?!$)",
        phrase("after | or > only a line break may stand"),
        phrase("begin the text on the next line, or put it in quotes"),
    ),
    _fault(
        r"<block end>, but found '[]}]'",
        phrase("a bracket is closed here that was never opened"),
        phrase("leave it out, or put the text in quotes"),
    ),
    _fault(
        r"<document start>|<block end>.*'(<scalar>|[\[{])'",
        _GOES_ON,
        phrase("put the whole value in quotes; within single quotes, write a quote twice"),
    ),
    _fault(
        "<block end>|more indented follow up line",
        phrase("the indentation does not fit the lines above"),
        phrase("align it with the keys beside it"),
    ),
    _fault(
        "expected the node content",
        phrase("a value is missing before this character"),
        phrase("write the value, or put a text that begins like this in quotes"),
    ),
    _fault(
        "could not find expected ':'",
        phrase("a key without its colon"),
        phrase('write "key: value"'),
        is_begun_before=True,
    ),
    _fault(
        "after document end marker",
        phrase("a second document begins here"),
        phrase("keep one document in the file, without a second ---"),
    ),
)


def complain_of_syntax(document: Document, error: YAMLError) -> None:
    """Add what the parser raised to the document's problems, where it stands."""
    marked = error if isinstance(error, MarkedYAMLError) else MarkedYAMLError()
    said = f"{marked.context or ''}|{marked.problem or ''}"
    fault = next((one for one in _FAULTS if one.said.search(said)), None)
    marks = (marked.problem_mark, marked.context_mark)
    place = _first_place(document, reversed(marks) if fault is not None and fault.is_begun_before else marks)
    if _TAB.search(said):
        complain_of_tab(document, place)
    elif fault is None:
        hint = say("compare the line with config/reference.yaml")
        document.complain(place, "", _unknown(marked.problem or ""), hint=hint)
    else:
        document.complain(place, "", say(fault.message, **fault.signs), hint=say(fault.hint, **fault.signs))


def place_of(document: Document, mark: StreamMark) -> Place:
    """Return where a mark of the parser stands."""
    return Place(file=document.file, line=mark.line + 1, column=mark.column + 1)


def _first_place(document: Document, marks: Iterable[StreamMark | None]) -> Place:
    mark = next((mark for mark in marks if mark is not None), None)
    return Place(file=document.file, line=1, column=1) if mark is None else place_of(document, mark)


def _unknown(problem: str) -> str:
    quote = _QUOTE.search(problem)
    reason = problem if quote is None else problem[: quote.start()]
    return say("this is not YAML: {reason}", reason=reason) if reason else say("this is not YAML")
