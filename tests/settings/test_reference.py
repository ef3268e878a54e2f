"""The shipped files of config/ are up to date, load, and satisfy the schema; the schema refuses what we refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import BaseModel

from reminders.settings.calendar_block import CalendarBlock
from reminders.settings.channel_block import ChannelBlock
from reminders.settings.digest_block import DigestBlock
from reminders.settings.follow_up_block import FollowUpBlock
from reminders.settings.habit_block import EyesBlock, HabitsBlock, HydrationBlock
from reminders.settings.person_block import LimitsBlock, MeBlock, PersonBlock, ProfileBlock, TrainingBlock, WorkBlock
from reminders.settings.reading import Reading, read_configuration
from reminders.settings.reference import json_schema, main, reference_yaml
from reminders.settings.schema import Configuration
from reminders.settings.web_block import WebBlock

CONFIG = Path(__file__).parents[2] / "config"
BLOCKS: tuple[type[BaseModel], ...] = (
    Configuration, MeBlock, WorkBlock, ProfileBlock, PersonBlock, ChannelBlock, HabitsBlock, HydrationBlock, EyesBlock,
    TrainingBlock, LimitsBlock, WebBlock, FollowUpBlock, DigestBlock, CalendarBlock,
)  # fmt: skip


def all_keys() -> Iterator[tuple[str, Any]]:
    for block in BLOCKS:
        for name, field in block.model_fields.items():
            yield f"{block.__name__}.{field.alias or name}", field


@pytest.mark.parametrize(
    ("name", "text"), [("reference.yaml", reference_yaml()), ("reminders.schema.json", json_schema())]
)
def test_a_generated_file_is_up_to_date(name: str, text: str) -> None:
    """Stale? Run python -m reminders.settings.reference."""
    assert (CONFIG / name).read_text(encoding="utf-8") == text


def test_a_stale_file_is_told_by_check_and_mended_without_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check", str(tmp_path)]) == 1
    assert main([str(tmp_path)]) == 0
    assert main(["--check", str(tmp_path)]) == 0
    assert "is stale" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["reminders.yaml", "reference.yaml"])
def test_a_shipped_file_loads_without_a_word(name: str) -> None:
    reading = read_configuration(str(CONFIG / name), {})
    assert reading.problems == ()
    assert reading.household is not None


@pytest.mark.parametrize("name", ["reminders.yaml", "reference.yaml"])
def test_a_shipped_file_satisfies_the_schema(name: str) -> None:
    values = yaml.safe_load((CONFIG / name).read_text(encoding="utf-8"))
    jsonschema.validate(values, json.loads(json_schema()))


@pytest.mark.parametrize(
    "values",
    [
        {"chanels": {}},
        {"habits": {"hydration": {"evry": "2h"}}},
        {"habits": {"movement": {"goal": "2L"}}},
        {"habits": {"movement": {"every": 90}}},
        {"habits": {"tea": {"evry": "2h"}}},
        {"web": {"port": 80}},
        {"training": [{"name": "Gym"}]},
        {"me": {"awake": "7-22"}},
        {"people": {"kim": {"web": {}}}},
        {"channels": {"phone": "topic"}},
    ],
)
def test_the_schema_refuses_what_an_editor_can_tell(values: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, json.loads(json_schema()))


@pytest.mark.parametrize(("name", "field"), list(all_keys()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_key_has_a_description_a_default_and_an_example(name: str, field: Any) -> None:
    assert field.description
    assert field.description.endswith(".")
    assert field.json_schema_extra["x-default"]
    assert field.examples is not None


@pytest.mark.parametrize("key", [field.alias or name for name, field in HydrationBlock.model_fields.items()])
def test_every_example_of_a_habit_key_works(read: Callable[..., Reading], key: str) -> None:
    field = next(one for name, one in HydrationBlock.model_fields.items() if key == (one.alias or name))
    companions = {"lead": {"before": "training"}, "lag": {"after": "training"}}.get(key, {})
    block = companions | {key: field.examples[0]}  # type: ignore[index]
    reading = read(yaml.safe_dump({"habits": {"hydration": block}, "training": TRAINING}))
    assert [one for one in reading.problems if one.severity == "error"] == []


TRAINING = [{"name": "Gym", "days": ["tue"], "at": "18:30"}]


def test_every_line_of_the_reference_that_is_an_example_names_a_key_that_is_known() -> None:
    known = {name.partition(".")[2] for name, _ in all_keys()}
    examples = [
        line.strip()[1:]
        for line in reference_yaml().splitlines()
        if line.strip()[:1] == "#" and line.strip()[1:2].isalpha()
    ]
    assert len(examples) > 20
    assert {line.partition(":")[0] for line in examples} <= known | {"phone", "gym"}
