"""A desk that is looked at: who leaves is not asked, who comes back has had a break, what hangs is unknown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reminders import composition
from reminders.domain.household import Household
from reminders.domain.occurrence import OccurrenceState, Reason
from reminders.journal.sqlite_journal import SqliteJournal
from tests.scenarios.virtual_home import BERLIN, Chair, Home, live

TUESDAY = datetime(2026, 11, 24, 8, 50, tzinfo=BERLIN)
FILE = """\
timezone: Europe/Berlin
me: {awake: 07:00-22:30, work: {hours: 09:00-17:30, days: mon-fri}}
channels: {desktop: desktop://}
web: off
limits: {gap: 0min, merge: 0min}
habits:
  movement: {every: 60min, within: work}
"""
WATER = """\
  hydration: {every: 2h, within: 08:00-20:00}
"""
Scenario = Callable[[Home], Awaitable[None]]
Live = Callable[..., Home]


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Live]:
    """Return what lives through a day of the file at a chair; its record can be read afterwards."""
    homes: list[Home] = []

    def run(scenario: Scenario, chair: Chair, text: str = FILE, start: datetime = TUESDAY, **more: object) -> Home:
        path = tmp_path / "reminders.yaml"
        path.write_text(text, encoding="utf-8")
        household: Household = composition.load(str(path), tmp_path, keep=False).household
        home = live(tmp_path, household, start, scenario, chair=chair, **more)  # type: ignore[arg-type]
        home.journal = SqliteJournal.open(tmp_path / "journal.db", read_only=True)
        homes.append(home)
        return home

    yield run
    for home in homes:
        home.journal.close()


def ended(home: Home, habit: str = "movement") -> dict[str, tuple[OccurrenceState, Reason | None]]:
    return {f"{row.due_at.astimezone(BERLIN):%H:%M}": (row.state, row.reason) for row in home.history(habit)}


def breaks(home: Home) -> list[tuple[str, str]]:
    found = home.journal.breaks("me", TUESDAY, TUESDAY + timedelta(days=2))
    return [(f"{one.started.astimezone(BERLIN):%H:%M}", f"{one.ended.astimezone(BERLIN):%H:%M}") for one in found]


def titles(home: Home) -> list[str]:
    return [line[:5] for line in home.arrivals()]


async def leaves(home: Home, chair: Chair, hour: int, minute: int) -> None:
    await home.until(hour, minute)
    chair.left_at = home.clock.now()


async def returns(home: Home, chair: Chair, hour: int, minute: int, second: int = 30) -> None:
    await home.until(hour, minute, second)
    chair.left_at = None


def test_who_is_away_is_not_asked_and_their_break_moves_the_next_ask(lived: Live) -> None:
    async def day(home: Home) -> None:
        await leaves(home, chair, 9, 52)
        await home.until(10, 10)
        assert titles(home) == []
        await returns(home, chair, 10, 20)
        await home.until(11, 30)

    chair = Chair()
    home = lived(day, chair)
    assert ended(home)["10:00"] == (OccurrenceState.SUPPRESSED, Reason.AWAY)
    ((started, over),) = breaks(home)
    assert (started, over) == ("09:52", "10:20")
    assert titles(home) == ["11:20"]
    (row, *_) = home.history("movement")
    assert row.detail is not None
    assert row.detail.startswith("a break from 09:52 to 10:")
    assert row.answer is None


def test_a_short_absence_only_delays_the_ask(lived: Live) -> None:
    async def day(home: Home) -> None:
        await home.until(9, 58, 30)
        chair.locked, chair.left_at = True, home.clock.now()
        await home.until(10, 2, 10)
        chair.locked, chair.left_at = False, None
        await home.until(10, 10)

    chair = Chair()
    home = lived(day, chair)
    assert [at[:4] for at in titles(home)] == ["10:0"]
    assert "10:02" <= titles(home)[0] <= "10:03"  # it is looked at once a minute
    assert breaks(home) == []
    assert ended(home)["10:00"] == (OccurrenceState.SENT, Reason.AWAY)


def test_nobody_comes_back_and_the_asks_end_as_away(lived: Live) -> None:
    async def day(home: Home) -> None:
        await leaves(home, chair, 9, 40)
        await home.until(13, 10)

    chair = Chair()
    home = lived(day, chair)
    assert titles(home) == []
    away = (OccurrenceState.SUPPRESSED, Reason.AWAY)
    assert [ended(home)[slot] for slot in ("10:00", "11:00", "12:00")] == [away] * 3
    deferred = [event for event in home.events("occurrence.deferred") if event.occurrence_id.endswith("T10:00")]  # type: ignore[union-attr]
    assert len(deferred) == 1


def test_water_finds_its_way_to_the_phone_while_nobody_is_at_the_desk(lived: Live) -> None:
    async def day(home: Home) -> None:
        await leaves(home, chair, 9, 40)
        await home.until(10, 10)

    chair = Chair()
    text = FILE.replace("{desktop: desktop://}", "{desktop: desktop://, phone: console://}") + WATER
    home = lived(day, chair, text, also=("phone",))
    assert titles(home) == ["10:00"]
    assert [message.title for _, message in home.others["phone"].arrived] == ["Water"]


def test_a_locked_screen_and_do_not_disturb_keep_water_that_has_no_other_place(lived: Live) -> None:
    async def day(home: Home) -> None:
        await home.until(9, 55)
        chair.do_not_disturb = True
        await home.until(10, 30)
        assert ended(home, "hydration")["10:00"] == (OccurrenceState.PLANNED, Reason.BUSY)
        chair.do_not_disturb = False
        await home.until(11, 55)
        chair.locked = True
        await home.until(12, 30)
        assert ended(home, "hydration")["12:00"] == (OccurrenceState.PLANNED, Reason.AWAY)
        chair.locked = False
        await home.until(12, 40)

    chair = Chair()
    home = lived(day, chair, FILE.replace("  movement: {every: 60min, within: work}\n", WATER))
    assert [(at[:2], "30" <= at[3:] <= "31") for at in titles(home)] == [("10", True), ("12", True)]


def test_a_machine_that_slept_was_a_break(lived: Live) -> None:
    async def day(home: Home) -> None:
        await home.until(10, 30)
        home.clock.suspend(timedelta(minutes=20))
        await home.until(12, 0)

    home = lived(day, Chair())
    assert titles(home) == ["10:00", "11:50"]
    assert breaks(home) == [("10:30", "10:50")]


def test_a_machine_that_slept_where_nothing_else_is_known_was_a_break_too(lived: Live) -> None:
    async def day(home: Home) -> None:
        await home.until(10, 30)
        home.clock.suspend(timedelta(minutes=20))
        await home.until(12, 0)

    home = lived(day, Chair(hangs=True))
    assert titles(home) == ["10:00", "11:50"]
    assert breaks(home) == [("10:30", "10:50")]


@pytest.mark.parametrize(("minutes", "hour"), [(4, 10), (16 * 60, 17)])
def test_a_short_sleep_and_a_night_are_none(lived: Live, minutes: int, hour: int) -> None:
    async def day(home: Home) -> None:
        await home.until(hour, 10)
        home.clock.suspend(timedelta(minutes=minutes))
        await home.passes(minutes=30)

    home = lived(day, Chair())
    assert [one for one in breaks(home) if one[1] > "09:10"] == []


def test_a_desk_that_hangs_is_unknown_and_every_ask_goes_out_on_time(lived: Live) -> None:
    async def day(home: Home) -> None:
        await leaves(home, chair, 9, 40)
        await home.until(9, 50)
        chair.hangs = True
        await home.until(11, 5)

    chair = Chair()
    home = lived(day, chair)
    assert titles(home) == ["10:00", "11:00"]
    assert chair.told[-1] == "idle time unknown, lock unknown, do-not-disturb unknown"


def test_a_desk_that_comes_to_hang_while_an_ask_waits_lets_it_out(lived: Live) -> None:
    async def day(home: Home) -> None:
        await leaves(home, chair, 9, 40)
        await home.until(10, 10)
        assert titles(home) == []
        chair.hangs = True
        await home.until(10, 15)

    chair = Chair()
    assert [at[:4] for at in titles(lived(day, chair))] == ["10:1"]


def test_it_is_looked_at_once_a_minute_and_not_while_its_person_sleeps(lived: Live) -> None:
    async def day(home: Home) -> None:
        await home.until(10, 0)
        chair.looks.clear()
        await home.until(11, 0)
        assert 58 <= len(chair.looks) <= 61
        await home.until(22, 31)
        chair.looks.clear()
        await home.until(6, 59)
        assert chair.looks == []
        assert home.service.presence is None
        await home.until(7, 2)
        assert chair.looks

    chair = Chair()
    lived(day, chair)


@pytest.mark.parametrize(
    "text",
    [
        FILE + "presence: off\n",
        FILE.replace("desktop://", "console://"),
        FILE.replace("me: {", "people:\n  alex: {").replace("channels:", "  sam: {}\nchannels:"),
    ],
)
def test_nobody_looks_where_it_is_unwanted_or_not_clear_whose_desk_it_is(lived: Live, text: str) -> None:
    async def day(home: Home) -> None:
        await home.until(9, 40)
        home.clock.suspend(timedelta(minutes=30))
        await home.until(10, 20)

    chair = Chair(left_at=TUESDAY)
    home = lived(day, chair, text)
    assert chair.looks == []
    assert set(chair.told) == {None}
    assert home.service.presence is None
    assert home.events("break.taken") == ()


def test_one_of_two_people_uses_the_desktop_and_it_is_theirs(lived: Live) -> None:
    async def day(home: Home) -> None:
        await home.until(10, 5)

    chair = Chair(left_at=TUESDAY)
    text = FILE.replace("me: {", "people:\n  alex: {").replace("channels:", "  sam: {send_to: [phone]}\nchannels:")
    text = text.replace("{desktop: desktop://}", "{desktop: desktop://, phone: console://}")
    home = lived(day, chair, text, also=("phone",))
    assert [message.nudge_id[:3] for _, message in home.others["phone"].arrived] == ["sam"]
    assert home.phone.arrived == []
    assert home.journal.breaks("sam", TUESDAY, TUESDAY + timedelta(days=1)) == ()


def test_after_a_restart_nothing_is_known_until_the_first_look_which_tells_since_when(lived: Live) -> None:
    async def morning(home: Home) -> None:
        await leaves(home, chair, 9, 40)
        await home.until(9, 50)

    async def again(home: Home) -> None:
        assert home.service.presence is None
        await home.until(10, 5)
        assert titles(home) == []
        await returns(home, chair, 10, 40)
        await home.passes(minutes=2)

    chair = Chair()
    lived(morning, chair)
    home = lived(again, chair, start=TUESDAY.replace(hour=9, minute=52))
    assert ended(home)["10:00"] == (OccurrenceState.SUPPRESSED, Reason.AWAY)
    assert [one[0] for one in breaks(home)] == ["09:40"]


def test_a_clock_that_is_set_is_no_break(lived: Live) -> None:
    async def day(home: Home) -> None:
        await home.until(10, 5)
        home.clock.step(timedelta(minutes=30))
        await home.until(10, 50)

    home = lived(day, Chair())
    assert breaks(home) == []
