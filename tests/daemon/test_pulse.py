"""The last sign of life: in a private file while the daemon runs, and a long stillness is told from none at all."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from reminders.daemon.pulse import PULSE_NAME, Pulse, last_beat, stillness


def test_the_newest_beat_counts_whichever_number_is_longer(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path)
    assert last_beat(tmp_path) is None
    for seconds in (123456.789, 7.5):
        pulse.beat(seconds)
        assert last_beat(tmp_path) == seconds
    assert stat.S_IMODE((tmp_path / PULSE_NAME).stat().st_mode) == 0o600


def test_nothing_is_left_after_a_stop_and_a_late_beat_is_harmless(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path)
    pulse.stop()
    pulse.beat(1.0)
    pulse.stop()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_daemon_left_is_no_beat_of_the_next(tmp_path: Path) -> None:
    Pulse(tmp_path).beat(5.0)
    Pulse(tmp_path)
    assert last_beat(tmp_path) is None


@pytest.mark.parametrize(("beat", "now"), [(None, 500.0), (100.0, 160.0), (100.0, 99.0), (100.0, 115.5)])
def test_a_minute_without_a_beat_is_nothing_to_speak_of(beat: float | None, now: float) -> None:
    assert stillness(beat, now) is None


def test_longer_than_a_minute_is_stillness() -> None:
    assert stillness(100.0, 280.0) == timedelta(minutes=3)
