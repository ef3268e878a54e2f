"""What is shown: history, totals and explanations say what happened, and reading writes nothing."""

from __future__ import annotations

from reminders.domain.answer import Verb
from reminders.domain.delivery import DeliveryState
from reminders.domain.occurrence import OccurrenceState, Reason
from tests.journal.day import Day


def test_history_tells_each_occurrence_with_its_channels_and_answer(day: Day) -> None:
    day.press(day.send("hydration", amount_ml=250, send_to=("desk", "phone")), Verb.DONE, 5)
    day.suppress(Reason.PAUSED, slot="10:00", due=60, detail="until eleven")
    drunk, held = day.journal.history("me", day.at(0), day.at(90))
    assert (drunk.state, drunk.answer, drunk.via, drunk.amount_ml, drunk.late) == (
        OccurrenceState.DONE,
        Verb.DONE,
        "desktop",
        250,
        False,
    )
    assert [(one.channel, one.state) for one in drunk.channels] == [
        ("desk", DeliveryState.ACCEPTED),
        ("phone", DeliveryState.ACCEPTED),
    ]
    assert (drunk.sent_at, drunk.answered_at) == (day.at(0), day.at(5))
    assert (held.state, held.reason, held.detail, held.channels) == (
        OccurrenceState.SUPPRESSED,
        Reason.PAUSED,
        "until eleven",
        (),
    )


def test_history_keeps_to_its_person_habit_and_half_open_range(day: Day) -> None:
    day.send("movement")
    day.send("hydration", slot="10:00", minute=60, expires=90)
    assert [one.habit for one in day.journal.history(None, day.at(0), day.at(60))] == ["movement"]
    assert [one.habit for one in day.journal.history(None, day.at(0), day.at(61), "hydration")] == ["hydration"]
    assert day.journal.history("you", day.at(0), day.at(90)) == ()


def test_totals_count_the_states_of_each_habit(day: Day) -> None:
    day.press(day.send(slot="09:00"), Verb.DONE, 5)
    day.press(day.send(slot="09:10", minute=10), Verb.DONE, 70)
    day.suppress(Reason.GAP, slot="09:20", due=20)
    (totals,) = day.journal.totals("me", day.at(0), day.at(60))
    assert totals.states == {
        OccurrenceState.DONE: 1,
        OccurrenceState.LAPSED: 1,
        OccurrenceState.SUPPRESSED: 1,
    }
    assert (totals.total, totals.late) == (3, 1)


def test_explain_shows_what_is_behind_a_moment(day: Day) -> None:
    day.send()
    (explanation,) = day.journal.explain("me", None, day.at(30))
    assert explanation.occurrence == day.occurrence()
    assert explanation.nudge.title == "Move"
    assert [event.kind for event in explanation.events] == [
        "occurrence.planned",
        "occurrence.nudged",
        "delivery.queued",
        "delivery.begun",
        "delivery.accepted",
        "occurrence.sent",
    ]
    assert [one.state for one in explanation.deliveries] == [DeliveryState.ACCEPTED]


def test_explain_falls_back_on_the_nearest_within_a_day(day: Day) -> None:
    day.suppress(Reason.GAP, slot="09:00", due=0, expires=10)
    day.suppress(Reason.GAP, slot="12:00", due=180, expires=190)
    (explanation,) = day.journal.explain("me", "movement", day.at(150))
    assert explanation.occurrence.slot_key.endswith("12:00")
    assert day.journal.explain("me", "movement", day.at(5000)) == ()


def test_last_events_come_newest_first_and_filtered(day: Day) -> None:
    day.journal.note("clock.stepped", day.at(0), {"seconds": 3600})
    day.send()
    assert day.journal.last_events(2)[0].id > day.journal.last_events(2)[1].id
    (stepped,) = day.journal.last_events(9, kind="clock.stepped")
    assert (stepped.at, stepped.data) == (day.at(0), {"seconds": 3600})
    assert {event.habit for event in day.journal.last_events(9, person="me", habit="movement")} == {"movement"}


def test_counts_add_up(day: Day) -> None:
    day.press(day.send(), Verb.DONE, 1)
    counts = day.journal.counts()
    assert (counts.nudges, counts.answers, counts.pauses) == (1, 1, 0)
    assert counts.occurrences == {OccurrenceState.DONE: 1}
    assert counts.deliveries == {DeliveryState.ACCEPTED: 1}


def test_outcomes_tell_what_became_of_each_slot_and_what_was_put_to_the_person(day: Day) -> None:
    day.press(day.send(slot="09:00"), Verb.DONE, 1)
    late = day.send(slot="10:00", minute=60, expires=70)
    day.journal.close_expired(day.at(75))
    day.press(late, Verb.DONE, 80)
    day.suppress(Reason.GAP, slot="11:00", due=120, expires=130)
    rows = day.journal.outcomes("me", day.at(0), day.at(121))
    assert [(row.habit, row.due_at, row.state, row.late) for row in rows] == [
        ("movement", day.at(0), OccurrenceState.DONE, False),
        ("movement", day.at(60), OccurrenceState.LAPSED, True),
        ("movement", day.at(120), OccurrenceState.SUPPRESSED, False),
    ]
    assert [(row.was_asked, row.was_done) for row in rows] == [(True, True), (True, True), (False, False)]
    assert day.journal.outcomes("me", day.at(0), day.at(120)) == rows[:2]
    assert day.journal.outcomes("you", day.at(0), day.at(121)) == ()


def test_messages_of_a_stretch_come_with_their_asks_oldest_first(day: Day) -> None:
    first, second = day.send("movement", "eyes"), day.send(slot="10:00", minute=60)
    assert [one.id for one in day.journal.nudges_between("me", day.at(0), day.at(61))] == [first, second]
    (only,) = day.journal.nudges_between("me", day.at(0), day.at(60))
    assert [ask.habit for ask in only.asks] == ["movement", "eyes"]
    assert day.journal.nudges_between("you", day.at(0), day.at(61)) == ()


def test_answers_of_a_stretch_leave_out_those_taken_back(day: Day) -> None:
    day.say("hydration", Verb.DONE, 1, amount_ml=250)
    day.say("movement", Verb.DONE, 2)
    day.journal.undo("me", "movement", day.at(3))
    day.say("eyes", Verb.DONE, 4)
    assert [one.habit for one in day.journal.answers("me", day.at(0), day.at(5))] == ["hydration", "eyes"]
    assert [one.habit for one in day.journal.answers("me", day.at(0), day.at(4))] == ["hydration"]
