"""Where several people live, each is shown their own day, and nobody another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from reminders.domain.household import Household
from reminders.journal.sqlite_journal import SqliteJournal
from tests.web.filled_journal import put
from tests.web.pages.conftest import BERLIN, NOON, Visitor
from tests.web.real_house import RealHouse
from tests.web.seen_page import text_of

MINUTE = timedelta(minutes=1)


def two_people(shipped: Household) -> Household:
    alex = replace(shipped.people[0], id="alex", name="Alex")
    sam = replace(
        shipped.people[0],
        id="sam",
        name="Sam",
        habits=tuple(replace(habit, unsafe="first see a doctor about sam") for habit in shipped.people[0].habits),
    )
    return replace(shipped, people=(alex, sam))


def test_with_several_people_nobody_is_shown_before_one_is_named(
    house: RealHouse, shipped: Household, visit: Callable[[RealHouse], Visitor]
) -> None:
    house.lived_in = two_people(shipped)
    visitor = visit(house)
    for page in ("/", "/history"):
        said = text_of(visitor.look(page))
        assert "Who is it?" in said
        assert "doctor about sam" not in said
    assert "doctor about sam" not in visitor.look("/?person=alex")
    assert "doctor about sam" in visitor.look("/?person=sam")
    assert "there are: alex, sam" in visitor.look("/?person=kim", 404)


def test_one_person_cannot_answer_for_another(
    house: RealHouse, shipped: Household, journal: SqliteJournal, visit: Callable[[RealHouse], Visitor]
) -> None:
    house.lived_in = two_people(shipped)
    visitor = visit(house)
    alex = house.lived_in.people[0]
    nudge = put(journal, alex, BERLIN, ("movement",), NOON - MINUTE)
    occurrence = journal.open_occurrences("alex")[0].id
    for named in ({"nudge": nudge}, {"occurrence": occurrence}):
        said = text_of(visitor.send("/today/answer", person="sam", verb="done", **named))
        assert "Nothing was changed: there is no such" in said
    assert "Short break: done." in text_of(visitor.send("/today/answer", person="alex", verb="done", nudge=nudge))
    assert visitor.post("/today/answer", mark=None, person="alex", verb="done", nudge=nudge).status_code == 303
