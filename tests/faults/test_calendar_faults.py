"""Holds: no calendar, and no server of one, gets at this machine, its network or what was known of the calendar."""

from __future__ import annotations

import json
import resource
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reminders.domain.calendar import CalendarSpec
from reminders.sensors.feed import fetch
from reminders.sensors.unreadable import FeedUnreadable
from tests.daemon.calendars import Watching, on_a_loop
from tests.faults.inbox import until
from tests.faults.site import Site
from tests.sensors.calendar_server import CalendarServer, running_server
from tests.sensors.ics import calendar, meeting

PUBLIC = "93.184.215.14"
HOUR = timedelta(hours=1)
SOON = 2.0  # seconds that a fetch may take here; a daemon's may take twenty
GOOD = calendar(meeting())
SLOWEST = SOON + 3.0


@pytest.fixture
def server() -> Any:
    with running_server() as found:
        yield found


@pytest.fixture
def watching(tmp_path: Path) -> Watching:
    (tmp_path / "data").mkdir(mode=0o700)
    return Watching(tmp_path / "data", total_seconds=SOON)


def _redirect_loop(server: CalendarServer) -> None:
    server.redirects("/cal.ics", "/again")
    server.redirects("/again", "/cal.ics")


FAULTS: dict[str, tuple[Callable[[CalendarServer], object], str]] = {
    "a million events": (
        lambda server: server.serves(calendar(*["UID:x"] * 1_000_000)),
        "it is larger than 5 MiB",
    ),
    "more events than anybody has": (
        lambda server: server.serves(calendar(*["UID:x"] * 20_001)),
        "it holds more than 20000 events",
    ),
    "a redirect loop": (_redirect_loop, "it redirects more than 3 times"),
    "a stream of a gigabyte": (
        lambda server: server.streams(b"X-PAD:" + b"x" * 65530),
        "it is larger than 5 MiB",
    ),
    "a slow drip": (lambda server: server.streams(b"x", every=0.05), f"it takes longer than {SOON:g} s"),
    "a slow drip of the head": (lambda server: server.trickles_the_head(), f"it takes longer than {SOON:g} s"),
    "half a calendar": (lambda server: server.serves(GOOD[:-30]), "it breaks off in the middle"),
    "a page to log in": (lambda server: server.serves(b"<html>"), "what is there is no calendar in iCal format"),
    "gone": (lambda server: server.says(410), "its server answers 410, so nothing is there under its address"),
}


@pytest.mark.parametrize("fault", FAULTS)
@on_a_loop
async def test_fault_45_a_feed_gone_bad_keeps_the_last_good_copy_and_marks_it_stale(
    watching: Watching, server: CalendarServer, fault: str
) -> None:
    spec = CalendarSpec(name="work", url=server.serves(GOOD), allow_private=True)
    watching.watches(spec)
    await watching.looks()
    good = watching.copy(spec)
    assert [event.uid for event in good.events] == ["meeting@example.org"]
    turn_bad, why = FAULTS[fault]
    turn_bad(server)
    begin, memory = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await watching.looks(HOUR)
    assert time.monotonic() - begin < SLOWEST
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 100 * 1024
    bad = watching.copy(spec)
    assert bad == replace(good, failing_since=watching.clock.moment, failure=why, failures=1)
    assert bad.stale_since(watching.clock.moment) == watching.clock.moment
    server.serves(GOOD)
    await watching.looks(HOUR)
    assert watching.copy(spec).stale_since(watching.clock.moment) is None


TRAPS = {
    "a rule without an end": ("UID:a\nDTSTART:20200101T050000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY", 62, None),
    "every second": (
        "UID:a\nDTSTART:20200101T050000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY",
        0,
        "repeats by the minute or the second",
    ),
    "a heap of dates": (
        "UID:a\nDTSTART:20261124T050000Z\nDURATION:PT1S\nRDATE:" + ",".join(["20261125T050000Z"] * 100_000),
        0,
        "lists more than 1000 dates",
    ),
    "no name": ("DTSTART:20261124T050000Z\nDURATION:PT1H", 1, None),
    "a zone without rules": (
        "UID:a\nDTSTART;TZID=Nowhere:20261124T050000\nDURATION:PT1H",
        1,
        "names a time zone that nobody knows; its times are read in yours",
    ),
}


@pytest.mark.parametrize("trap", TRAPS)
@on_a_loop
async def test_fault_45_an_event_that_is_a_trap_does_not_take_the_others_along(
    watching: Watching, server: CalendarServer, trap: str
) -> None:
    event, occurrences, reason = TRAPS[trap]
    zone = "BEGIN:VTIMEZONE\r\nTZID:Nowhere\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
    data = calendar(event, meeting("20261125T100000")).replace(b"BEGIN:VEVENT", zone.encode(), 1)
    spec = CalendarSpec(name="work", url=server.serves(data), allow_private=True)
    watching.watches(spec)
    await watching.looks()
    copy = watching.copy(spec)
    assert len([one for one in copy.events if one.uid != "meeting@example.org"]) == occurrences
    assert len(copy.events) == occurrences + 1
    assert copy.left_out == (() if reason is None else ((reason, 1),))


def test_fault_45_a_daemon_goes_on_with_what_it_knew_and_says_since_when(site: Site) -> None:
    now = datetime.now(UTC)
    event = f"UID:now\nSUMMARY:Layoffs\nDTSTART:{now - HOUR:%Y%m%dT%H%M%SZ}\nDTEND:{now + 3 * HOUR:%Y%m%dT%H%M%SZ}"
    with running_server() as server:
        site.configure()
        url = server.serves(calendar(event), "/secret-4711.ics")
        with site.home.config.open("a") as file:
            file.write(f"calendars: {{work: {{url: '{url}', allow_private: true}}}}\n")
        daemon = site.start().armed()
        copy = site.home.data_dir / "calendars" / "sam-work.json"
        until(copy.exists, "the calendar is read")
        assert [one["uid"] for one in json.loads(copy.read_text())["events"]] == ["now"]
        assert daemon.stop() == 0
        server.says(503, "/secret-4711.ics")
        daemon = site.start().armed()
        until(lambda: json.loads(copy.read_text())["failures"] == 1, "the calendar cannot be read")
        known = json.loads(copy.read_text())
        assert [one["uid"] for one in known["events"]] == ["now"]
        told = site.home.call("status").stdout
        assert "calendar work" in told
        assert "stale since" in told
        assert "its server answers 503" in told
        doctor = site.home.call("doctor").stdout
        assert "calendar work" in doctor
        assert "what was known before still counts" in doctor
        assert daemon.stop() == 0
        texts = [told, doctor, daemon.complained, *(one.read_text() for one in copy.parent.iterdir())]
    assert not any(secret in text for text in texts for secret in ("4711", "Layoffs"))


# -- where a feed may lead ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "10.0.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "[::]",
    ],
)
def test_fault_61_an_address_of_this_machine_or_its_network_is_not_asked(server: CalendarServer, host: str) -> None:
    server.serves(GOOD)
    with pytest.raises(FeedUnreadable, match="private network"):
        fetch(server.url(host=host), total_seconds=SOON)
    assert server.asked == []


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]", "0.0.0.0"])
def test_fault_61_not_even_a_private_feed_leads_to_where_machines_keep_their_keys(
    server: CalendarServer, host: str
) -> None:
    with pytest.raises(FeedUnreadable, match="at which no calendar can be"):
        fetch(f"http://{host}:{server.port}/cal.ics", allow_private=True, total_seconds=SOON)


class OpenNetwork:
    """Names that lead where the test says, one address after the other; the public one is the server of the test."""

    def __init__(self, patch: pytest.MonkeyPatch, server: CalendarServer, names: dict[str, list[str]]) -> None:
        self.looked_up: list[str] = []
        self.connected: list[str] = []
        real_look_up = socket.getaddrinfo
        net = self

        class Wire(socket.socket):
            def connect(self, place: Any) -> None:
                net.connected.append(place[0])
                super().connect(("127.0.0.1", server.port) if place[0] == PUBLIC else place)

        def look_up(host: str, port: int, **how: Any) -> Any:
            self.looked_up.append(host)
            if host not in names:
                return real_look_up(host, port, **how)
            answers = names[host]
            address = answers.pop(0) if len(answers) > 1 else answers[0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        patch.setattr(socket, "socket", Wire)
        patch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:{port}/secret",
        "http://localhost:{port}/secret",
        "http://inside.example:{port}/secret",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.1]/",
        "//127.0.0.1:{port}/secret",
    ],
)
def test_fault_61_a_redirect_into_the_network_is_not_followed(
    server: CalendarServer, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = OpenNetwork(monkeypatch, server, {"calendar.example": [PUBLIC], "inside.example": ["10.0.0.7"]})
    server.serves(GOOD, "/secret")
    server.redirects("/cal.ics", to.format(port=server.port))
    with pytest.raises(FeedUnreadable, match="private network"):
        fetch(server.url(host="calendar.example"), total_seconds=SOON)
    assert net.connected == [PUBLIC]
    assert [path for path, _ in server.asked] == ["/cal.ics"]


def test_fault_61_a_name_that_changes_between_look_up_and_connection_leads_nowhere_else(
    server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = OpenNetwork(monkeypatch, server, {"calendar.example": [PUBLIC, "127.0.0.1"]})
    server.serves(GOOD)
    assert fetch(server.url(host="calendar.example"), total_seconds=SOON) == GOOD
    assert (net.looked_up, net.connected) == (["calendar.example"], [PUBLIC])


def test_fault_61_a_name_that_changes_between_two_redirects_is_looked_at_again(
    server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = OpenNetwork(monkeypatch, server, {"calendar.example": [PUBLIC, "127.0.0.1"]})
    server.redirects("/cal.ics", "/inside")
    server.serves(GOOD, "/inside")
    with pytest.raises(FeedUnreadable, match="private network"):
        fetch(server.url(host="calendar.example"), total_seconds=SOON)
    assert (net.looked_up, net.connected) == (["calendar.example"] * 2, [PUBLIC])


def test_fault_61_of_several_addresses_only_those_of_the_open_network_are_tried(
    server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = OpenNetwork(monkeypatch, server, {})
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("10.0.0.7", PUBLIC)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    server.serves(GOOD)
    assert fetch(server.url(host="calendar.example"), total_seconds=SOON) == GOOD
    assert net.connected == [PUBLIC]
