"""Tell which Apprise plug-in modules may serve a schema, from their source alone.

Apprise itself loads every plug-in before the first use, 0.1 s and 12 MB more a send. Lives in the sender's child only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path


def modules_naming(schema: str, folder: Path) -> Iterator[str]:
    """Give the modules of the folder whose source assigns the schema to a protocol, the most likely name first."""
    pattern = re.compile(rb"protocol\s*=\s*[(\[{]?[^=]{0,200}?[\"']" + re.escape(schema).encode() + rb"[\"']")
    entries = {entry.name.removesuffix(".py"): entry for entry in folder.iterdir() if not entry.name.startswith("_")}
    likely = [name for name in dict.fromkeys((schema, schema.removesuffix("s"))) if name in entries]
    for name in (*likely, *(name for name in sorted(entries) if name not in likely)):
        if any(pattern.search(source.read_bytes()) for source in _sources(entries[name])):
            yield name


def _sources(entry: Path) -> list[Path]:
    return sorted(entry.glob("*.py")) if entry.is_dir() else [entry]
