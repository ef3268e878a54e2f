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


HERE = 'web: {public_url: "http://127.0.0.1:8377"}'
NO_OTHER_DEVICE = "no other device can open this"


@pytest.mark.parametrize(
    "channels", ["phone: 'ntfys://topic', desk: 'desktop://'", "mail: 'mailtos://a:b@example.org'", "x: {url_file: /x}"]
)
@pytest.mark.parametrize("url", ["http://127.0.0.1:8377", "https://localhost/reminders", "http://[::1]:8377"])
def test_a_public_url_that_no_phone_can_open_is_told(read: Read, channels: str, url: str) -> None:
    (problem,) = read(f"channels: {{{channels}}}\nweb: {{public_url: '{url}'}}\n").problems
    assert (problem.key, problem.severity, problem.line) == ("web.public_url", "warning", 2)
    assert problem.message.startswith(NO_OTHER_DEVICE)


@pytest.mark.parametrize(
    "text",
    [
        HERE,
        "channels: {desk: 'desktop://', print: 'console://', old: 'dbus://_/'}\n" + HERE,
        "channels: {phone: 'ntfys://topic'}\nweb: {port: 8400}",
        "channels: {phone: 'ntfys://topic'}\nweb: off",
        # where other machines reach the listener a public URL is asked for, and a container's may be of its machine
        "channels: {a: ntfy://a}\nweb: {host: 0.0.0.0, public_url: 'http://[::1]', login_token: abcdefghijklmnop}",
    ],
)
def test_a_public_url_of_this_machine_is_fine_where_nothing_is_read_elsewhere(read: Read, text: str) -> None:
    reading = read(text + "\n")
    assert reading.household is not None, reading.problems
    assert not [one for one in reading.problems if NO_OTHER_DEVICE in one.message]
