"""The long runs are left out unless asked for: REMINDERS_TEST_LONG=1. The commands speak English, whoever runs them."""

from __future__ import annotations

import os

import pytest

os.environ["LC_ALL"] = "C.UTF-8"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("REMINDERS_TEST_LONG") == "1":
        return
    long = [item for item in items if item.get_closest_marker("long")]
    items[:] = [item for item in items if item not in long]
    config.hook.pytest_deselected(items=long)
