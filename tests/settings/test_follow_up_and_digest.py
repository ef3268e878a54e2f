"""Asking again, summing up the week, and answers through a topic: what the file says reaches the domain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from reminders.domain.habit import FollowUp
from reminders.domain.household import Household
from reminders.domain.person import Digest
from reminders.settings.compiled import household_from_json, household_to_json
from reminders.settings.reading import Reading

AsHousehold = Callable[..., Household]
Read = Callable[..., Reading]
CHANNELS = "channels: {desktop: desktop://, phone: ntfys://x}\n"


def follow_up(household: Household, person: int = 0) -> FollowUp | None:
    return household.people[person].habits[0].follow_up


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", FollowUp(after=timedelta(minutes=10))),
        ("{after: 1h30min, times: 5}", FollowUp(after=timedelta(minutes=90), times=5)),
        ("{to: phone}", FollowUp(after=timedelta(minutes=10), to=("phone",))),
        ("{to: [phone, desktop]}", FollowUp(after=timedelta(minutes=10), to=("phone", "desktop"))),
        ("{to: []}", FollowUp(after=timedelta(minutes=10))),
        ("off", None),
        ("false", None),
        ("", None),
    ],
)
def test_an_unanswered_ask_is_put_again_as_the_file_says(
    household: AsHousehold, text: str, expected: FollowUp | None
) -> None:
    found = household(CHANNELS + f"habits:\n  walk:\n    every: 4h\n    follow_up: {text}\n")
    assert follow_up(found) == expected
    assert household_from_json(household_to_json(found)) == found


def test_an_ask_is_left_alone_unless_the_file_says_otherwise(household: AsHousehold) -> None:
    assert all(habit.follow_up is None for habit in household("me: {}\n").people[0].habits)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("{times: 2}", FollowUp(after=timedelta(minutes=20), to=("phone",), times=2)),
        ("{to: [desktop]}", FollowUp(after=timedelta(minutes=20), to=("desktop",))),
        ("off", None),
    ],
)
def test_a_persons_follow_up_lies_over_the_shared_one_key_by_key(
    household: AsHousehold, own: str, expected: FollowUp | None
) -> None:
    shared = "habits: {walk: {every: 4h, follow_up: {after: 20min, to: [phone]}}}\n"
    people = f"people: {{alex: , kim: {{habits: {{walk: {{follow_up: {own}}}}}}}}}\n"
    found = household(CHANNELS + shared + people)
    assert follow_up(found) == FollowUp(after=timedelta(minutes=20), to=("phone",))
    assert follow_up(found, 1) == expected


def test_a_person_may_switch_a_shared_off_on_again(household: AsHousehold) -> None:
    text = "habits: {walk: {every: 4h, follow_up: off}}\npeople: {kim: {habits: {walk: {follow_up: {times: 2}}}}}\n"
    assert follow_up(household(text)) == FollowUp(after=timedelta(minutes=10), times=2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("movement: {every: 1h, follow_up: {after: 20min, times: 4}}", "4 follow-ups x 20min = 1h20min"),
        ("movement: {every: 1h, expire_after: 30min, follow_up: {after: 30min}}", "it would never come"),
        ("calcium_meal: {follow_up: {after: 40min, times: 3}}", "2 of 3 would come"),
    ],
)
def test_follow_ups_that_outlive_the_ask_are_told_with_the_sum(read: Read, text: str, words: str) -> None:
    (problem,) = read(f"habits: {{{text}}}\n").problems
    assert words in problem.message
    assert problem.key.endswith(".follow_up")


@pytest.mark.parametrize("text", ["{after: 20min, times: 2}", "{after: 59min}", "{}"])
def test_follow_ups_that_fit_are_not_spoken_of(read: Read, text: str) -> None:
    assert read(f"habits: {{movement: {{every: 1h, follow_up: {text}}}}}\n").problems == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Digest(weekday=6, at=time(18))),
        ("digest: {day: mon, at: 08:30}", Digest(weekday=0, at=time(8, 30))),
        ("digest: {day: friday}", Digest(weekday=4, at=time(18))),
        ("digest: {at: '19:15'}", Digest(weekday=6, at=time(19, 15))),
        ("digest: {}", Digest(weekday=6, at=time(18))),
        ("digest: off", None),
        ("digest: false", None),
    ],
)
def test_the_week_is_summed_up_when_the_file_says(household: AsHousehold, text: str, expected: Digest | None) -> None:
    found = household(f"me: {{}}\n{text}\n")
    assert found.people[0].digest == expected
    assert household_from_json(household_to_json(found)) == found


def test_a_digest_nobody_asked_for_keeps_to_the_hours_awake(read: Read) -> None:
    reading = read("me: {awake: 22:00-10:00}\n")
    assert reading.household is not None
    assert reading.household.people[0].digest == Digest(weekday=6, at=time(22))
    assert not [problem for problem in reading.problems if "digest" in problem.message]


@pytest.mark.parametrize(("at", "is_told"), [("06:59", True), ("07:00", False), ("22:29", False), ("22:30", True)])
def test_a_digest_outside_awake_is_told(read: Read, at: str, is_told: bool) -> None:  # noqa: FBT001
    reading = read(f"me: {{}}\ndigest: {{at: '{at}'}}\n")
    assert [problem.key for problem in reading.problems] == (["digest.at"] if is_told else [])


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("off", None),
        ("{day: sat}", Digest(weekday=5, at=time(20))),
        ("{at: '09:00'}", Digest(weekday=0, at=time(9))),
    ],
)
def test_a_persons_digest_lies_over_the_shared_one(household: AsHousehold, own: str, expected: Digest | None) -> None:
    found = household(f"digest: {{day: mon, at: '20:00'}}\npeople: {{alex: , kim: {{digest: {own}}}}}\n")
    assert found.people[0].digest == Digest(weekday=0, at=time(20))
    assert found.people[1].digest == expected


def test_a_persons_own_digest_outside_awake_is_told_there(read: Read) -> None:
    (problem,) = read("digest: {at: '09:00'}\npeople: {kim: {digest: {at: '23:00'}}}\n").problems
    assert problem.key == "people.kim.digest.at"


def test_answers_of_ntfy_are_heard_unless_the_file_says_otherwise(household: AsHousehold) -> None:
    found = household(
        "channels:\n  a: ntfys://x\n  b: {url: 'ntfy://localhost/x', answers: false}\n"
        "  c: {url: 'ntfys://x', answer_topic: my-Answers_1}\n  d: {url: 'ntfys://x', answer_topic: '${ANSWERS}'}\n"
        "  e: {url_file: /run/secrets/phone, answer_topic: y}\n",
        {"ANSWERS": "token-of-alex"},
    )
    assert [one.hears_answers for one in found.channels] == [True, False, True, True, True]
    assert [one.answer_topic for one in found.channels] == [None, None, "my-Answers_1", "${ANSWERS}", "y"]


def test_an_answer_topic_of_the_environment_is_never_stored(household: AsHousehold) -> None:
    environment = {"REMINDERS_CHANNELS__PHONE__URL": "ntfys://x", "REMINDERS_CHANNELS__PHONE__ANSWER_TOPIC": "123"}
    (phone,) = household("me: {}\n", environment).channels
    assert phone.answer_topic == "${REMINDERS_CHANNELS__PHONE__ANSWER_TOPIC}"


@pytest.mark.parametrize("url", ["ntfys://x", "ntfy://localhost/y/x", "ntfys://u:p@host/x?priority=high"])
def test_the_topic_that_messages_go_to_takes_no_answers(read: Read, url: str) -> None:
    reading = read(f"channels: {{phone: {{url: '{url}', answer_topic: x}}}}\n")
    assert ["one of their own" in problem.message for problem in reading.problems] == [True]


@pytest.mark.parametrize("topic", ["a/b", "", "a b", "ä", "x" * 65, "a.b", "٣"])
def test_what_is_no_topic_is_refused(read: Read, topic: str) -> None:
    reading = read(f"channels: {{phone: {{url: 'ntfys://x', answer_topic: '{topic}'}}}}\n")
    assert [problem.key for problem in reading.problems] == ["channels.phone.answer_topic"]
