"""The compose file keeps to the Compose Specification, and gives the daemon no more than it needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads((Path(__file__).parent / "compose-spec.json").read_text()))


def test_the_compose_file_keeps_to_the_specification(compose: dict[str, Any]) -> None:
    assert [error.message for error in validator().iter_errors(compose)] == []


def test_the_specification_finds_a_slip(compose: dict[str, Any]) -> None:
    compose["services"]["reminders"]["reed_only"] = True
    assert list(validator().iter_errors(compose))


@pytest.mark.parametrize("service", ["reminders", "ntfy"])
def test_a_service_cannot_write_its_root_or_gain_rights(compose: dict[str, Any], service: str) -> None:
    about = compose["services"][service]
    assert about["read_only"] is True
    assert about["cap_drop"] == ["ALL"]
    assert about["security_opt"] == ["no-new-privileges:true"]


def test_the_page_is_published_on_this_machine_alone_and_needs_a_token(compose: dict[str, Any]) -> None:
    about = compose["services"]["reminders"]
    assert all(port.startswith("127.0.0.1:") for port in about["ports"])
    assert ":?" in about["environment"]["REMINDERS_WEB__LOGIN_TOKEN"]


def test_push_is_left_out_unless_asked_for(compose: dict[str, Any]) -> None:
    assert compose["services"]["ntfy"]["profiles"] == ["push"]


def test_the_image_starts_as_nobody_in_particular_and_knows_when_it_is_ill() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER 10001:10001" in lines
    assert any(line.startswith("HEALTHCHECK ") and '"status", "--healthy"' in line for line in lines)
    last = lines[lines.index(next(line for line in reversed(lines) if line.startswith("FROM "))) :]
    assert not any("gcc" in line or "build-essential" in line for line in last)
