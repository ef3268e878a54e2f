"""The schemas read from the plug-ins' source are those that Apprise itself serves, and a doubt is told as one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reminders.channels.served_schemas import _schemas_in, served_schemas

ASK_APPRISE = "import json, apprise; print(json.dumps(sorted(apprise.NotificationManager().schemas())))"


def test_the_schemas_are_those_that_apprise_serves() -> None:
    done = subprocess.run([sys.executable, "-c", ASK_APPRISE], capture_output=True, text=True, check=True, timeout=60)
    schemas = served_schemas()
    assert schemas is not None
    assert sorted(schemas) == json.loads(done.stdout)


def test_reading_the_schemas_loads_no_apprise() -> None:
    program = (
        "import sys; from reminders.channels.served_schemas import served_schemas; served_schemas();"
        "assert 'apprise' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize(
    ("source", "schemas"),
    [
        ('class A:\n    protocol = "a"\n    secure_protocol = "as"\n', {"a", "as"}),
        ("class A:\n    secure_protocol = ('a', 'b')\n", {"a", "b"}),
        ('class A:\n    protocol: str = "a"\n', {"a"}),
        ('class A:\n    secure_protocol = (\n        "a",  # or "c"\n        "b",\n    )\n', {"a", "b"}),
        ('LOOPS = {\n    "a": 1,\n    "b": 2,\n}\nclass A:\n    protocol = list(LOOPS.keys())\n', {"a", "b"}),
        ('class A:\n    x_protocol = "a"\n    protocol = (x_protocol, "b")\n', {"a", "b"}),
        (
            'class A:\n    protocol = None\n    secure_protocol = "a"\n    def f(self):\n        self.protocol = x\n',
            {"a"},
        ),
        ('class A:\n    protocol = "a"\n    def f(self):\n        g(\n            protocol="c",\n        )\n', {"a"}),
    ],
)
def test_a_plug_in_tells_its_schemas_in_several_ways(tmp_path: Path, source: str, schemas: set[str]) -> None:
    (tmp_path / "service.py").write_text(source)
    (tmp_path / "_private.py").write_text('class P:\n    protocol = "p"\n')
    (tmp_path / "large").mkdir()
    (tmp_path / "large" / "base.py").write_text('class L:\n    protocol = "l"\n')
    assert _schemas_in(tmp_path) == schemas | {"l"}


@pytest.mark.parametrize("value", ["schemas_of_service()", "OTHER", "[*OTHER]", "OTHER['x']"])
def test_one_plug_in_that_is_not_understood_leaves_all_in_doubt(tmp_path: Path, value: str) -> None:
    (tmp_path / "a.py").write_text('class A:\n    protocol = "a"\n')
    (tmp_path / "b.py").write_text(f"class B:\n    protocol = {value}\n")
    assert _schemas_in(tmp_path) is None


def test_without_sources_nothing_is_known(tmp_path: Path) -> None:
    assert _schemas_in(tmp_path) is None
    assert _schemas_in(tmp_path / "none") is None
