"""Rules of a day whose wall clock was set back: intervals are elapsed time, the second pass has its own names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders.domain.facts import SetBack
from reminders.planning.recurrence import Slot, Span
from reminders.planning.set_back import SetBacks
from reminders.planning.wall_time import resolve, slot_key

ZONE = ZoneInfo("Europe/Berlin")
DAY = date(2025, 3, 4)
TODAY = Span(resolve(ZONE, DAY, 0), resolve(ZONE, DAY, 1440))
HOUR = 3600


def at(hour: float) -> int:
    return resolve(ZONE, DAY, int(hour * 60))


def instant(hour: float) -> datetime:
    return datetime.fromtimestamp(at(hour), UTC)


def grid(step: int, opens: float = 7, closes: float = 18) -> list[Slot]:
    dues = range(at(opens) + step, at(closes), step)
    return [Slot(slot_key(ZONE, due), due, at(opens), at(closes)) for due in dues]


def times(slots: list[Slot]) -> list[str]:
    return [f"{datetime.fromtimestamp(slot.due, ZONE):%H:%M} {slot.key[11:]}" for slot in slots]


def after(*set_backs: tuple[float, float], slots: list[Slot], step: int, known: tuple[str, ...] = ()) -> list[str]:
    backs = [SetBack(at=instant(new), until=instant(old)) for new, old in set_backs]
    return times(SetBacks(ZONE, backs).go_on(slots, step, TODAY, lambda key: key[11:] in known))


def test_without_a_set_back_nothing_moves() -> None:
    assert after(slots=grid(2 * HOUR), step=2 * HOUR) == times(grid(2 * HOUR))


def test_the_grid_moves_with_the_clock_to_the_end_of_the_window() -> None:
    found = after((9.5, 10.5), slots=grid(2 * HOUR), step=2 * HOUR)
    assert found == ["08:00 09:00", "10:00 10:00+2", "12:00 12:00", "14:00 14:00", "16:00 16:00"]


def test_a_slot_that_was_decided_early_keeps_its_name() -> None:
    found = after((9.5, 10.5), slots=grid(2 * HOUR), step=2 * HOUR, known=("11:00",))
    assert found[:3] == ["08:00 09:00", "10:00 11:00", "12:00 12:00"]


def test_a_window_that_opens_again_has_new_names_and_its_own_times() -> None:
    found = after((6.5, 9.5), slots=grid(2 * HOUR), step=2 * HOUR)
    assert found[0] == "09:00 09:00+2"
    assert found[1:] == times(grid(2 * HOUR))[1:]


def test_a_correction_keeps_the_grid_and_renames_what_is_passed_twice() -> None:
    found = after((8.5, 13.5), slots=grid(2 * HOUR), step=2 * HOUR)
    assert found == ["09:00 09:00+2", "11:00 11:00+2", "13:00 13:00+2", "15:00 15:00", "17:00 17:00"]


def test_a_third_pass_has_a_third_name() -> None:
    slots = grid(HOUR)
    assert SetBacks(ZONE, [SetBack(at=instant(9), until=instant(10))] * 2).name(at(9.5)) == "2025-03-04T09:30+3"
    found = after((9.5, 10.5), (9.5, 10.5), slots=slots, step=HOUR)
    assert [name for name in found if name.startswith("10:00")] == ["10:00 10:00+3"]


def test_a_step_forward_is_no_set_back() -> None:
    with pytest.raises(ValueError, match="is no step back"):
        SetBack(at=instant(10), until=instant(10))


@pytest.mark.parametrize(("length", "is_correction"), [(timedelta(hours=3), False), (timedelta(hours=3.01), True)])
def test_more_than_three_hours_are_a_correction(length: timedelta, is_correction: bool) -> None:  # noqa: FBT001
    assert SetBack(at=instant(10), until=instant(10) + length).is_correction is is_correction
