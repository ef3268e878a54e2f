"""config/reference.yaml and config/reminders.schema.json, written from the models.

``python -m reminders.settings.reference [--check] [DIRECTORY]``; with ``--check`` nothing is written, and the exit code
is 1 when a file is stale.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reminders.catalogue.content import load_content
from reminders.settings.calendar_block import CalendarBlock
from reminders.settings.channel_block import ChannelBlock
from reminders.settings.digest_block import DigestBlock
from reminders.settings.follow_up_block import FollowUpBlock
from reminders.settings.habit_block import HydrationBlock
from reminders.settings.habit_layers import STARTER_HABITS
from reminders.settings.person_block import LimitsBlock, MeBlock, ProfileBlock, TrainingBlock, WorkBlock
from reminders.settings.schema import Configuration
from reminders.settings.web_block import WebBlock

YAML_NAME = "reference.yaml"
SCHEMA_NAME = "reminders.schema.json"
_WIDTH = 118

_ORDER = (
    "timezone", "language", "me", "people", "channels", "send_to", "fallback", "habits", "training",
    "calendars", "limits", "digest", "presence", "web",
)  # fmt: skip
_BLOCKS: dict[str, type[BaseModel]] = {
    "me": MeBlock,
    "work": WorkBlock,
    "limits": LimitsBlock,
    "digest": DigestBlock,
    "web": WebBlock,
    "follow_up": FollowUpBlock,
}
# what stands in the file only as an example: alternatives, and answers that must be the reader's own
_EXAMPLES_ONLY = frozenset({"language", "people", "fallback", "profile"})
_DOOR = frozenset({"host", "public_url", "login_token", "login_token_file", "trusted_proxies", "required"})

_HEAD = """\
Every key of the configuration, generated from the models by python -m reminders.settings.reference.

Lines that begin with "#" and no space are examples that are not active. A key left out, or without a value, takes its
default. Durations carry a unit (45min, 2h, 1h30min, 45s); times are HH:MM, quoted or not; ranges may cross midnight,
and 00:00-24:00 is always. ${NAME} in any text is filled in from the environment, $$ is a dollar sign.

The environment goes before the file: REMINDERS_WEB__PORT=8400 sets web.port, two underscores go one level down. Values
are single ones, and an empty variable counts as not set. REMINDERS_CONFIG names the file, and REMINDERS_DATA_DIR the
directory of the journal.
"""
_OWN_HABIT = "A habit of your own has any other name. Every key here fits any habit; goal fits hydration only."
_QUOTED = re.compile(r"\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}")


def reference_yaml() -> str:
    """Return the text of config/reference.yaml."""
    lines = ["# yaml-language-server: $schema=reminders.schema.json", *_comment(_paragraphs(_HEAD), 0)]
    for name in _ORDER:
        lines += ["", *_described(Configuration.model_fields[name], 0), *_key(name)]
    return "\n".join(lines) + "\n"


def json_schema() -> str:
    """Return the text of config/reminders.schema.json."""
    schema = Configuration.model_json_schema(by_alias=True)
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_without_noise(schema)}
    return json.dumps(named | {"title": "Reminders configuration"}, indent=2, ensure_ascii=False) + "\n"


def _key(name: str) -> Iterator[str]:
    field = Configuration.model_fields[name]
    if name == "channels":
        yield from _channels()
    elif name == "habits":
        yield from _habits()
    elif name == "training":
        yield from _training()
    elif name == "calendars":
        yield from _calendars()
    elif name in _BLOCKS:
        yield from (f"{name}:", *_block(_BLOCKS[name], 1, idle=_DOOR))
    else:
        yield _line(name, _example(field), 0, active=name not in _EXAMPLES_ONLY)


def _block(
    model: type[BaseModel], level: int, *, active: bool = True, idle: frozenset[str] = frozenset()
) -> Iterator[str]:
    for name, field in model.model_fields.items():
        key = field.alias or name
        yield from _described(field, level)
        if key == "profile":
            yield from (_line(key, None, level), *_profile(level + 1))
        elif key in _BLOCKS:
            yield from (_line(key, None, level), *_block(_BLOCKS[key], level + 1))
        else:
            yield _line(key, _example(field), level, active=active and key not in idle)


def _profile(level: int) -> Iterator[str]:
    content = load_content()
    codes = {
        "diet": content.diets,
        "allergies": content.allergies,
        "conditions": content.condition_codes,
        "medicines": content.medicine_codes,
        "avoid": content.avoid_codes,
    }
    for name, field in ProfileBlock.model_fields.items():
        yield from _described(field, level)
        if name in codes:
            yield from _comment([f"Known: {', '.join(sorted(codes[name]))}"], level)
        yield _line(name, _example(field), level, active=False)


def _channels() -> Iterator[str]:
    yield "channels:"
    yield _line("desktop", "desktop://", 1)
    yield _line("phone", "ntfys://${NTFY_TOPIC}", 1, active=False)
    yield from _comment(["or, as a block:"], 1)
    yield _line("phone", None, 1, active=False)
    yield from _block(ChannelBlock, 2, active=False)


def _calendars() -> Iterator[str]:
    yield _line("calendars", None, 0, active=False)
    yield _line("work", "${WORK_CALENDAR}", 1, active=False)
    yield from _comment(["or, as a block:"], 1)
    yield _line("gym", None, 1, active=False)
    yield from _block(CalendarBlock, 2, active=False)


def _habits() -> Iterator[str]:
    yield "habits:"
    for name, default in load_content().habits.items():
        yield from _comment([f"{default.title}: {default.summary}."], 1)
        yield _line(name, dict(default.block), 1, active=name in STARTER_HABITS)
    yield from _comment([_OWN_HABIT], 1)
    yield _line("look_out", None, 1)
    for name, field in HydrationBlock.model_fields.items():
        key = field.alias or name
        yield from _described(field, 2)
        if key in _BLOCKS:
            yield from (_line(key, None, 2, active=False), *_block(_BLOCKS[key], 3, active=False))
        else:
            yield _line(key, _example(field), 2, active=key in ("every", "say"))


def _training() -> Iterator[str]:
    yield "training:"
    mark = "- "
    for name, field in TrainingBlock.model_fields.items():
        yield from _described(field, 2)
        yield "  " + mark + f"{name}: {_flow(_example(field))}"
        mark = "  "


def _described(field: FieldInfo, level: int) -> list[str]:
    notes: dict[str, Any] = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    about = [field.description or ""]
    about += [f"Unit: {notes['x-unit']}"] if "x-unit" in notes else []
    about += [f"Default: {notes['x-default']}"] if "x-default" in notes else []
    return _comment(about, level)


def _comment(paragraphs: Iterable[str], level: int) -> list[str]:
    start = "  " * level + "# "
    wrapped = (textwrap.wrap(text, _WIDTH - len(start), break_on_hyphens=False) or [""] for text in paragraphs)
    return [(start + line).rstrip() for lines in wrapped for line in lines]


def _paragraphs(text: str) -> Iterator[str]:
    for index, paragraph in enumerate(text.strip().split("\n\n")):
        yield from [""] if index else []
        yield paragraph


def _line(key: str, example: object, level: int, *, active: bool = True) -> str:
    value = "" if example is None else f" {_flow(example)}"
    return "  " * level + ("" if active else "#") + f"{key}:{value}"


def _example(field: FieldInfo) -> object:
    return field.examples[0] if field.examples else None


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f'"{text}"' if _QUOTED.fullmatch(text) else text


def _without_noise(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_noise(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    noise = {name for name in ("title", "default") if not isinstance(schema.get(name, {}), dict)}
    return {name: _without_noise(one) for name, one in schema.items() if name not in noise}


def main(arguments: list[str] | None = None) -> int:
    """Write the two files, or only look whether they are up to date; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m reminders.settings.reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    parser.add_argument("directory", nargs="?", default="config", type=Path)
    options = parser.parse_args(arguments)
    stale = 0
    for name, text in ((YAML_NAME, reference_yaml()), (SCHEMA_NAME, json_schema())):
        path = options.directory / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if options.check:
            sys.stdout.write(f"{path} is stale; run python -m reminders.settings.reference\n")
        else:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path} written\n")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
