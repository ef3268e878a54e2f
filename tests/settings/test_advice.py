"""Hours that make sense the other way round alone are told as that, and nothing else is made of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reminders.settings.reading import Reading

Read = Callable[..., Reading]


@pytest.mark.parametrize(
    ("text", "key", "meant"),
    [
        ("me: {work: {hours: 17:30-09:00}}", "me.work.hours", "09:00-17:30"),
        ("me: {work: {hours: [13:00-14:00, 18:00-09:00]}}", "me.work.hours", "09:00-18:00"),
        ("me: {awake: 22:30-07:00}", "me.awake", "07:00-22:30"),
        ("me: {quiet: [14:00-13:00]}", "me.quiet", "13:00-14:00"),
    ],
)
def test_hours_written_backwards_are_told_and_no_sum_is_made_of_them(
    read: Read, text: str, key: str, meant: str
) -> None:
    found = [problem for problem in read(text + "\n").problems if "runs over midnight" in problem.message]
    assert [problem.key for problem in found] == [key]
    assert found[0].hint == f"if {meant} was meant, write that"
    assert not [problem for problem in read(text + "\n").problems if "limits" in problem.message]


@pytest.mark.parametrize(
    "text",
    [
        "me: {work: {hours: 22:00-06:00}, awake: 14:00-07:00}",
        "me: {awake: 10:00-02:00}",
        "me: {quiet: [21:00-08:00]}",
        "me: {awake: 00:00-24:00, work: {hours: 06:00-20:00}}",
        "me: {work: {hours: 00:00-24:00}}",
    ],
)
def test_nights_that_people_do_work_and_sleep_are_not_spoken_of(read: Read, text: str) -> None:
    assert not [problem for problem in read(text + "\n").problems if "runs over midnight" in problem.message]
