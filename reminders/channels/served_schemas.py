"""Every schema that some Apprise plug-in serves, from the plug-ins' source alone; loading them takes far longer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

# `protocol = "json"`, `secure_protocol = ("a", "b")`, `protocol = list(MAINLOOPS.keys())`, over several lines, too
_ASSIGNED = re.compile(
    rb"protocol[ \t]*(?::[^=\n]*)?=\s*"
    rb"(?P<value>None\b|[\"'][^\"'\n]*[\"']|[\[({][^\])}]*[\])}]|list\(\w+\.keys\(\)\)|[^\n]*)"
)
_BEFORE = re.compile(rb" {4}(?:secure_)?\Z")  # in the body of a class; deeper stand the arguments of calls
_LITERAL = re.compile(rb"[\"']([^\"'\n]*)[\"']")
_NAME = re.compile(rb"\b[A-Za-z_]\w*")
_COMMENT = re.compile(rb"#[^\n]*")
_WORDS = frozenset({b"None", b"list", b"keys"})


def served_schemas() -> frozenset[str] | None:
    """Return the schemas of the installed Apprise, in lower case; None when its source does not tell."""
    spec = find_spec("apprise")
    places = spec.submodule_search_locations if spec is not None else None
    return _schemas_in(Path(places[0]) / "plugins") if places else None


def _schemas_in(folder: Path) -> frozenset[str] | None:
    """Return what the plug-ins of a folder serve; None when one of them says it in a way that is not understood."""
    found: set[str] = set()
    try:
        for path in _sources(folder):
            source = path.read_bytes()
            for value in _values(source):
                schemas = _schemas(value, source)
                if schemas is None:
                    return None
                found |= schemas
    except OSError:
        return None
    return frozenset(found) or None


def _sources(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("_"):
            continue
        yield from sorted(entry.glob("*.py")) if entry.is_dir() else [entry] if entry.suffix == ".py" else []


def _values(source: bytes) -> Iterator[bytes]:
    """Give what is assigned to the names by which Apprise knows a plug-in's schemas."""
    for match in _ASSIGNED.finditer(source):
        if _BEFORE.match(source, source.rfind(b"\n", 0, match.start()) + 1, match.start()):
            yield _COMMENT.sub(b"", match["value"])


def _schemas(value: bytes, source: bytes) -> set[str] | None:
    found = {word.decode().lower() for word in _LITERAL.findall(value)}
    for name in set(_NAME.findall(_LITERAL.sub(b"", value))) - _WORDS:
        named = _named(name, source)
        if not named:
            return None
        found |= named
    return found


def _named(name: bytes, source: bytes) -> set[str]:
    """Return the text, or the keys of the mapping, that a name stands for."""
    one = re.search(rb"^\s*" + name + rb"\s*=\s*(?:[\"']([^\"'\n]*)[\"']|\{([^}]*)\})", source, re.MULTILINE)
    if one is None:
        return set()
    keys = re.findall(rb"[\"']([^\"'\n]*)[\"']\s*:", one[2]) if one[1] is None else [one[1]]
    return {key.decode().lower() for key in keys}
