"""Holds: History, Channels, Configuration and the calendar speak the person's language, nothing said past it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from reminders.catalogue.content import load_content
from reminders.catalogue.phrases import speaking
from reminders.delivery.breaker import BreakerState
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.context import RealBreak
from reminders.domain.errors import Problem, Severity
from reminders.domain.habit import FollowUp, Habit
from reminders.domain.household import Household
from reminders.domain.person import Digest, Limits, Person
from reminders.domain.schedule import (
    AfterTraining,
    Anchor,
    At,
    BeforeTraining,
    Cron,
    Every,
    LocalRange,
    Schedule,
    Times,
    Within,
    WithinKind,
)
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.planning.water_words import litres
from reminders.planning.wording_of_numbers import decimal
from reminders.web.charts import weeks_chart
from reminders.web.habit_name import name_of
from reminders.web.heat_map import heat_map
from reminders.web.schedule_words import limit_words, schedule_words, training_words
from tests.bracketed import bare_words
from tests.web.filled_journal import put
from tests.web.pages.conftest import BERLIN, NOON, Visitor
from tests.web.real_house import RealHouse, healthy
from tests.web.seen_page import Seen, german_in_brackets

HOUR = timedelta(hours=1)
LUNCH = Within(kind=WithinKind.RANGES, ranges=(LocalRange(start_minute=660, end_minute=780),))
ALWAYS = Within(kind=WithinKind.RANGES, ranges=(LocalRange(start_minute=0, end_minute=1440),))
PAGES = ("/history", "/channels", "/configuration")
SCHEDULES: tuple[tuple[Schedule, dict[str, object], str], ...] = (
    (Every(interval=2 * HOUR), {}, "alle 2 h in der Wachzeit"),
    (
        Every(interval=HOUR, anchor=Anchor.ANSWER),
        {"within": Within(kind=WithinKind.WORK)},
        "jede Stunde in der Arbeitszeit, gezählt ab der letzten Antwort",
    ),
    (Every(interval=3 * HOUR), {"within": ALWAYS}, "alle 3 h rund um die Uhr"),
    (Times(count=3), {"within": LUNCH}, "3-mal am Tag, nur 11:00 bis 13:00"),
    (Times(count=1), {}, "einmal am Tag in der Wachzeit"),
    (At(times=(time(7, 45), time(12), time(18))), {}, "um 07:45, 12:00 und 18:00"),
    (Cron(expression="0 9 * * 1"), {}, "zu den Zeiten des Cron-Ausdrucks 0 9 * * 1"),
    (BeforeTraining(lead=HOUR / 6), {}, "10 min vor dem Training"),
    (AfterTraining(), {}, "nach dem Training"),
    (AfterTraining(lag=HOUR), {}, "1 h nach dem Training"),
    (
        At(times=(time(9),)),
        {"days": frozenset({0, 1, 2, 4}), "first_date": date(2026, 1, 2), "last_date": date(2026, 3, 4)},
        "um 09:00, nur Mo bis Mi und Fr, ab 2026-01-02, bis 2026-03-04",
    ),
)


def said(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def every_habit(person: Person) -> tuple[Habit, ...]:
    """Return the person's habits, the first with everything that can be set, and own ones with every schedule."""
    first = replace(
        person.habits[0],
        follow_up=FollowUp(after=HOUR / 6, to=("phone",), times=2),
        fallback=("phone", "mail"),
        expire_after=HOUR,
    )
    own = [
        Habit(id=f"own_{number}", built_in=False, schedule=schedule, say="1, 2, 3", **more)  # type: ignore[arg-type]
        for number, (schedule, more, _) in enumerate(SCHEDULES)
    ]
    return (first, *person.habits[1:], replace(own[0], unsafe="⟦ask first⟧", follow_up=FollowUp(after=HOUR)), *own[1:])


@pytest.fixture
def german(house: RealHouse, shipped: Household) -> RealHouse:
    """A house of somebody who speaks German, with every kind of habit, channel and trouble."""
    person = shipped.people[0]
    quiet = (LocalRange(start_minute=780, end_minute=840),)
    person = replace(
        person,
        language="de",
        habits=every_habit(person),
        off_habits=("eyes", "walk"),
        quiet=quiet,
        digest=Digest(weekday=6, at=time(18)),
    )
    phone = ChannelSpec(name="phone", kind=ChannelKind.APPRISE, url="ntfys://secret@ntfy.example/y")
    mail = ChannelSpec(name="mail", kind=ChannelKind.APPRISE, url_file="/run/secret", discreet=True)
    console = ChannelSpec(name="console", kind=ChannelKind.CONSOLE)
    second = ChannelSpec(name="second", kind=ChannelKind.DESKTOP)
    house.lived_in = replace(shipped, people=(person,), channels=(*shipped.channels, phone, mail, console, second))
    house.health["second"] = replace(healthy("second"), state=BreakerState.HALF_OPEN, failures_in_a_row=1)
    known = "idle time from X11, lock unknown, do-not-disturb from dunst"
    house.state = replace(house.state, unbuildable=(("mail", "⟦no such file⟧"),), presence=known)
    house.health["phone"] = replace(
        healthy("phone"),
        state=BreakerState.OPEN,
        failures_in_a_row=5,
        waiting=2,
        probe_at=NOON + timedelta(minutes=7),
        detail="⟦no route⟧",
    )
    house.health["console"] = replace(healthy("console"), waiting=1, detail="⟦slow⟧")
    return house


@pytest.fixture
def on_record(german: RealHouse, lived_in: RealHouse) -> RealHouse:
    """The same, with two months, breaks and whims of the clock on record."""
    journal = SqliteJournal.open(lived_in.path)
    for back in range(3):
        ended = NOON - timedelta(days=back, hours=1)
        journal.note_break("me", RealBreak(started=ended - timedelta(minutes=7), ended=ended))
    journal.note("clock.suspended", NOON - 5 * HOUR, {"seconds": 7200.0})
    journal.note("clock.stepped", NOON - 4 * HOUR, {"seconds": -90.0})
    journal.note("clock.stepped", NOON - 4 * HOUR, {"seconds": 90.0})
    journal.note("clock.stalled", NOON - 3 * HOUR, {"late_seconds": 60.0})
    journal.note("zone.changed", NOON - 2 * HOUR, {"before": "Europe/Berlin", "after": "Asia/Tokyo"})
    journal.close()
    return german


@pytest.fixture
def brackets(tmp_path: Path) -> Iterator[None]:
    """German has every phrase in brackets."""
    folder = tmp_path / "texts"
    folder.mkdir()
    with german_in_brackets(folder):
        yield


def names(house: RealHouse) -> set[str]:
    """Return the words that are names: of habits, channels and people, and of what a unit or a zone is called."""
    titles = [texts.title for texts in load_content("de").texts.habits.values()]
    own = [habit.id.replace("_", " ").capitalize() for habit in house.lived_in.people[0].habits]
    channels = [spec.name for spec in house.lived_in.channels]
    others = ["Reminders", "me", "KiB", "MiB", "habits.hydration.evry", "limits", "Europe/Berlin", str(house.folder)]
    return {word for name in (*titles, *own, *channels, *others) for word in bare_words(name)}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("brackets")
def test_nothing_on_a_page_is_said_past_the_language(on_record: RealHouse, visitor: Visitor, page: str) -> None:
    on_record.found = (
        Problem(
            severity=Severity.ERROR,
            file="f",
            line=14,
            column=5,
            key="habits.hydration.evry",
            message="⟦unknown⟧",
            allowed="every",
            hint="⟦every?⟧",
        ),
        Problem(severity=Severity.WARNING, file="f", line=2, column=None, key="limits", message="⟦8 due⟧"),
    )
    lines = Seen(visitor.look(page)).lines
    assert len(lines) > 50
    assert set(bare_words("\n".join(lines))) - names(on_record) == set()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("brackets")
def test_nothing_on_an_empty_page_is_said_past_the_language(
    german: RealHouse, visit: Callable[[RealHouse], Visitor], page: str
) -> None:
    german.state = replace(german.state, unbuildable=())
    german.health.clear()
    person = replace(german.lived_in.people[0], habits=(), limits=Limits(gap=timedelta(0), merge=timedelta(0)))
    german.lived_in = replace(german.lived_in, people=(person,), channels=(), source=None)
    assert set(bare_words("\n".join(Seen(visit(german).look(page)).lines))) - names(german) == set()


def test_months_are_told_in_german(on_record: RealHouse, visitor: Visitor) -> None:
    page = visitor.look("/history")
    words = said(page)
    assert '<html lang="de">' in page
    assert re.search(r"letzte 7 Tage: an \d Tagen erinnert, an \d erledigt", words)
    assert re.search(r"<title>Mo 23\. Nov\.: \d von \d erledigt</title>", page)
    assert re.search(r"<title>Woche ab 16\. Nov\.: \d+ erledigt, \d+ übersprungen, \d+ verstrichen", page)
    assert "Die Linie ist das heutige Ziel, 1600 ml." in words
    assert "letzte 7 Tage: 3 Pausen, zusammen 21 min" in words
    assert ">Bewegungspause</h3>" in page


def test_an_empty_record_says_what_to_do_in_german(german: RealHouse, visitor: Visitor) -> None:
    page = visitor.look("/history")
    assert "Seit 2026-06-01 ist nichts aufgezeichnet." in page
    assert re.search(r'Beantworte unter <a href="[^"]*/">Heute</a>, was wartet', page)
    assert "reminders done movement" in page


def test_channels_are_told_in_german(on_record: RealHouse, visitor: Visitor) -> None:
    words = said(visitor.look("/channels"))
    assert "Desktop-Benachrichtigung; hat die Knöpfe Erledigt, Später und Überspringen." in words
    assert "phone gestört 5 Fehlschläge in Folge; in Ruhe gelassen bis 12:07 (in 7 min)" in words
    assert "console wartet In Gebrauch; 1 in der Warteschlange; zuletzt:" in words
    assert 'Inaktivität laut X11, Bildschirmsperre unbekannt, "Nicht stören" laut dunst' in words
    assert "die Uhr wurde um 2 min zurückgestellt" in words
    assert "der Rechner hat 2 h geschlafen" in words


def test_the_configuration_is_told_in_german(german: RealHouse, visitor: Visitor) -> None:
    words = said(visitor.look("/configuration"))
    assert "Wach 07:00 bis 22:30" in words
    assert "Wochenrückblick So um 18:00" in words
    assert "höchstens 12 Erinnerungen am Tag; mindestens 30 min zwischen zwei Erinnerungen" in words
    further = 'an desktop; Ziel 1,6 L am Tag; "Später" verschiebt um 15 min'
    assert f"Wasser : alle 2 h in der Wachzeit {further}; verstreicht, wenn 1 h lang keine Antwort kommt" in words
    again = "noch einmal, wenn 10 min lang keine Antwort kommt, über phone, höchstens 2-mal"
    assert f"{again}; sonst an phone, mail" in words
    assert "Ausgeschaltet: Augen, Spaziergang" in words


@pytest.mark.parametrize(("schedule", "more", "words"), SCHEDULES)
def test_a_schedule_is_told_as_germans_say_it(schedule: Schedule, more: dict[str, object], words: str) -> None:
    habit = Habit(id="x", schedule=schedule, built_in=False, **more)  # type: ignore[arg-type]
    with speaking("de"):
        assert schedule_words(habit) == words


def test_training_and_limits_are_told_in_german(shipped: Household) -> None:
    off = replace(shipped.people[0], limits=Limits(per_day=1, gap=timedelta(0), merge=timedelta(0)))
    with speaking("de"):
        assert training_words(off) == ["Gym: Di und Do um 18:30, 1 h lang"]
        assert limit_words(off) == [
            "höchstens 1 Erinnerung am Tag",
            "kein Mindestabstand",
            "nichts wird zusammengefasst",
        ]


def test_a_number_has_the_mark_of_its_language() -> None:
    assert [litres(1600), litres(1250), decimal(3.26, 0)] == ["1.6", "1.25", "3"]
    with speaking("de"):
        assert [litres(1600), litres(1250), decimal(3.26, 0)] == ["1,6", "1,25", "3"]


def test_longer_words_get_fewer_labels_so_that_none_touches_another() -> None:
    mondays = [date(2026, 9, 7) + timedelta(days=7 * week) for week in range(12)]
    with speaking("de"):
        chart = weeks_chart({}, mondays)
        squares = heat_map("x", {}, [date(2026, 8, 31), *mondays], mondays[-1], summary="")
    labels = [bar.label for bar in chart.bars if bar.label]
    assert labels == ["7. Sept.", "5. Okt.", "26. Okt.", "23. Nov."]
    assert sum(len(label) + 1 for label in labels) <= 46
    assert [name for _, name in squares.months] == ["Aug.", "Okt.", "Nov."]


def test_a_habit_is_called_the_same_on_every_page(german: RealHouse, journal: SqliteJournal, visitor: Visitor) -> None:
    put(journal, german.lived_in.people[0], BERLIN, ("movement",), NOON - timedelta(minutes=30))
    for page in ("/", "/history", "/configuration"):
        words = said(visitor.look(page))
        assert "Bewegungspause" in words
        assert not re.search(r"\bMovement\b|\bShort break\b", words)
    with speaking("de"):
        assert [name_of("warm_up"), name_of("take_the_stairs")] == ["Aufwärmen", "Take the stairs"]


def test_the_calendar_of_a_person_speaks_their_language(german: RealHouse, visitor: Visitor) -> None:
    own = Calendar.from_ical(visitor.client.get("/calendar.ics").text)
    assert str(own["X-WR-CALNAME"]) == "Reminders für me"
    assert any("Bewegungspause" in str(event["SUMMARY"]) for event in own.walk("VEVENT"))
    discreet = Calendar.from_ical(visitor.client.get("/calendar.ics?discreet=1").text)
    assert {str(event["SUMMARY"]) for event in discreet.walk("VEVENT")} == {"Erinnerung"}
