"""Rules of the machine's clocks and zone."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from reminders.clock import SystemClock, ZoneName, load_zone, machine_zone, tz_data_year
from reminders.domain.errors import StartRefused


def test_now_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_steady_clocks_do_not_run_backward() -> None:
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()
    assert clock.boottime() <= clock.boottime()


@pytest.mark.parametrize("value", ["Asia/Tokyo", ":Asia/Tokyo"])
def test_variable_names_the_zone(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TZ", value)
    assert machine_zone() == ZoneName(name="Asia/Tokyo")


def test_variable_that_is_no_zone_name_falls_back_to_utc_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "CET-1CEST")
    zone = machine_zone()
    assert (zone.name, zone.is_utc) == ("UTC", True)
    assert zone.fallback_reason is not None
    assert "CET-1CEST" in zone.fallback_reason


def test_utc_by_choice_is_no_fallback_but_is_known_as_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Etc/UTC")
    assert machine_zone() == ZoneName(name="Etc/UTC")
    assert machine_zone().is_utc


def test_without_the_variable_the_system_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    assert load_zone(machine_zone().name) is not None


def test_zone_loads_by_name() -> None:
    assert datetime(2025, 7, 1, tzinfo=load_zone("Europe/Berlin")).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize("name", ["Europe/Berlinn", "Mars/Olympus", "../etc/passwd", "", "Europe", "a\0b"])
def test_unknown_zone_is_refused_with_a_way_out(name: str) -> None:
    with pytest.raises(StartRefused, match=r"unknown time zone .*(did you mean|such as)"):
        load_zone(name)


def test_misspelt_zone_is_refused_with_the_likely_one() -> None:
    with pytest.raises(StartRefused, match='did you mean "Europe/Berlin"'):
        load_zone("Europe/Berlinn")


def test_machine_without_zone_data_is_told_what_to_install(tmp_path: object) -> None:
    code = (
        "import sys, zoneinfo; sys.modules['tzdata'] = None; zoneinfo.reset_tzpath(to=[])\n"
        "from reminders.clock import load_zone\n"
        "try: load_zone('Europe/Berlin')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.startswith("StartRefused no time zone data")
    assert "install it: pip install tzdata" in said


def test_importing_the_clock_costs_no_zone_library() -> None:
    code = "import sys, reminders.clock; print({'tzlocal', 'zoneinfo', 'asyncio'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "set()"


def test_zone_data_has_a_plausible_year() -> None:
    assert 2025 <= tz_data_year() <= 2100
