"""Faults 54 to 60: what comes in by the page of a real daemon, and a page that cannot be opened."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from reminders.answers.links import hash_of, new_token
from reminders.daemon.lock import running_daemon
from reminders.domain.delivery import DeliveryState
from reminders.domain.occurrence import OccurrenceState
from reminders.journal.sqlite_journal import SqliteJournal
from tests.channels.servers import free_port, need
from tests.end_to_end.home import Daemon
from tests.faults.inbox import Answer, until
from tests.faults.site import PERSON, Site

LATE_SECONDS = 1.0
BEAT_SECONDS = 15.0
API = "/api/v1/answers"


class Visited:
    """A site whose page is open at a port of its own."""

    def __init__(self, site: Site, port: int, daemon: Daemon) -> None:
        self.site, self.port, self.daemon = site, port, daemon
        self.page = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)

    def asked(self, habit: str = "hydration", lives: timedelta = timedelta(hours=2)) -> tuple[str, str]:
        """Have the daemon send a nudge; return its id, which is its occurrence's, and the path of a link to it."""
        nudge = self.site.put(habit, lives=lives)
        self.site.comes_to(nudge, DeliveryState.ACCEPTED)
        return nudge, self.link(nudge, datetime.now(UTC) + lives + timedelta(hours=12))

    def link(self, nudge: str, expires_at: datetime) -> str:
        token = new_token()
        hashed = hash_of(token)
        assert hashed is not None
        with contextlib.closing(SqliteJournal.open(self.site.journal_path)) as journal:
            journal.add_link(hashed, nudge, expires_at)
        return f"/a/{token}"

    def state(self, occurrence: str) -> OccurrenceState:
        return self.site.occurrences()[occurrence].state

    def answers(self) -> int:
        with self.site.reading() as journal:
            return journal.counts().answers


def with_page(site: Site, port: int, *more: str) -> None:
    site.configure()
    words = ", ".join((f"port: {port}", *more))
    site.home.config.write_text(site.home.config.read_text().replace("web: off\n", f"web: {{{words}}}\n"))


@pytest.fixture
def visited(site: Site) -> Iterator[Visited]:
    port = free_port()
    with_page(site, port)
    place = Visited(site, port, site.start().armed())
    until(lambda: _is_open(port), "the page is open")
    with place.page:
        yield place


def test_fault_54_a_link_that_is_tampered_with_dead_or_huge_changes_nothing(visited: Visited) -> None:
    nudge, link = visited.asked()
    dead = visited.link(nudge, datetime.now(UTC) - timedelta(seconds=1))
    strangers = [f"{link[:-1]}{'A' if link[-1] != 'A' else 'B'}", f"/a/{'A' * 10_000}", "/a/v2.x.y"]
    told = {(answer.status_code, answer.text) for path in strangers for answer in _both(visited, path)}
    assert [status for status, _ in told] == [403]
    assert {answer.status_code for answer in _both(visited, dead)} == {410}
    assert (visited.state(nudge), visited.answers()) == (OccurrenceState.SENT, 0)


def _both(visited: Visited, path: str) -> list[httpx2.Response]:
    return [visited.page.get(path), visited.page.post(path, data={"verb": "done"})]


def test_fault_55_a_replay_and_a_second_device_see_the_verdict_that_stands(visited: Visited) -> None:
    nudge, link = visited.asked()
    for _ in range(3):
        assert visited.page.post(link, data={"verb": "done"}).status_code == 200
    (receipt,) = visited.page.post(link, json={"verb": "skip"}).json()
    assert (receipt["outcome"], receipt["standing"]) == ("already", "done")
    assert (visited.state(nudge), visited.answers()) == (OccurrenceState.DONE, 1)


def test_fault_56_scanners_and_previews_change_nothing(visited: Visited) -> None:
    nudge, link = visited.asked()
    for agent in ("Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1", "Microsoft Office/16.0"):
        for method in ("GET", "HEAD", "OPTIONS"):
            visited.page.request(method, link, params={"verb": "done"}, headers={"user-agent": agent})
    assert (visited.state(nudge), visited.answers()) == (OccurrenceState.SENT, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"host": "evil.example"},
        {"host": "evil.example:80", "origin": "http://evil.example:80"},  # a name that was made to lead here
        {"referer": "https://evil.example/"},
    ],
)
def test_fault_57_another_site_or_another_name_gets_403(visited: Visited, headers: dict[str, str]) -> None:
    nudge, link = visited.asked()
    said = {"habit": "hydration", "verb": "done", "person": PERSON}
    assert visited.page.post(API, json=said, headers=headers).status_code == 403
    assert visited.page.post(link, data={"verb": "done"}, headers=headers).status_code == 403
    assert visited.page.post("/today/water", data={"amount_ml": "250"}, headers=headers).status_code == 403
    assert (visited.state(nudge), visited.answers()) == (OccurrenceState.SENT, 0)


def test_fault_58_answers_late_early_unknown_and_for_a_habit_that_is_gone(visited: Visited) -> None:
    site = visited.site
    late, late_link = visited.asked("calcium_meal", lives=timedelta(seconds=2))
    until(lambda: visited.state(late) is OccurrenceState.LAPSED, "the meal has lapsed")
    assert visited.page.post(late_link, json={"verb": "done"}).json()[0]["outcome"] == "late"
    site.inbox.answer = lambda _: Answer(status=500)
    early = site.put("hydration")
    site.comes_to(early, DeliveryState.RETRY_WAIT)
    assert visited.page.post(API, json={"occurrence": early, "verb": "done"}).status_code == 409
    assert visited.page.post(API, json={"occurrence": "sam/hydration/never", "verb": "done"}).status_code == 404
    site.inbox.answer = lambda _: Answer()
    gone, gone_link = visited.asked("hydration")
    text = site.home.config.read_text()
    site.home.config.write_text("".join(line for line in text.splitlines(True) if "hydration" not in line))
    assert site.home.call("reload").returncode == 0
    assert visited.page.post(gone_link, data={"verb": "done"}).status_code == 200
    assert visited.state(gone) is OccurrenceState.DONE


def test_fault_59_a_storm_at_the_page_is_told_to_wait_and_delays_no_nudge(visited: Visited) -> None:
    need("wrk")
    data_dir = visited.site.home.data_dir
    wrk = shutil.which("wrk")
    storm = subprocess.Popen(
        [str(wrk), "-t2", "-c60", "-d60s", f"http://127.0.0.1:{visited.port}/api/v1/status"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        first = _beat_after(visited, None)
        nudge = visited.site.put("hydration")
        visited.site.comes_to(nudge, DeliveryState.ACCEPTED)
        second = _beat_after(visited, first)
    finally:
        storm.send_signal(signal.SIGINT)
        report, _ = storm.communicate()
    assert second - first - BEAT_SECONDS < LATE_SECONDS
    assert "Non-2xx or 3xx responses" in report, report
    assert running_daemon(data_dir) is not None
    assert visited.daemon.log("clock.stalled") == []


def _beat_after(visited: Visited, before: float | None) -> float:
    """Return the monotonic clock of the daemon's next heartbeat."""
    known = _beat(visited) if before is None else before
    until(lambda: _beat(visited) not in (None, known), "the heart beats", 2 * BEAT_SECONDS)
    beat = _beat(visited)
    assert beat is not None
    return beat


def _beat(visited: Visited) -> float | None:
    daemon = running_daemon(visited.site.home.data_dir)
    return None if daemon is None else daemon.beat_seconds


@contextlib.contextmanager
def taken_port() -> Iterator[int]:
    with contextlib.closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_fault_60_with_its_port_taken_reminders_run_and_say_so(site: Site) -> None:
    with taken_port() as port:
        with_page(site, port)
        daemon = site.start().armed()
        nudge = site.put()
        site.comes_to(nudge, DeliveryState.ACCEPTED)
        words = f"port {port} is taken by another program"
        assert words in daemon.log("page.unavailable")[0]["error"]
        assert words in daemon.log("service.started")[0]["page"]
        status = site.home.call("status")
        assert (status.returncode, words in status.stdout) == (0, True)
        assert words in site.home.call("doctor").stdout
    port = free_port()
    with_page(site, port)
    assert site.home.call("reload").returncode == 0
    until(lambda: _is_open(port), "the page opens at another port")
    assert site.home.json("status")["page"] == f"http://127.0.0.1:{port}"


def test_fault_60_a_page_that_is_required_refuses_the_start(site: Site) -> None:
    with taken_port() as port:
        with_page(site, port, "required: true")
        daemon = site.start()
        assert daemon.process.wait(timeout=30) == 3
        assert "is taken by another program" in daemon.complained


def test_fault_60_a_privileged_port_is_refused_with_its_line(site: Site) -> None:
    with_page(site, 80)
    result = site.home.call("check")
    assert result.returncode == 3
    assert "1024" in result.stdout + result.stderr


def test_fault_60_without_ipv6_or_with_nothing_else_the_daemon_runs(site: Site) -> None:
    port = free_port()
    with_page(site, port, 'host: "::1"')
    daemon = site.start().armed()
    page = daemon.log("service.started")[0]["page"]
    assert page == f"http://[::1]:{port}" or "not available" in page
    if page.startswith("http"):
        until(lambda: _is_open(port, "[::1]"), "the page is open by IPv6")


def test_a_reload_moves_the_page_and_a_page_switched_off_is_gone(visited: Visited) -> None:
    site, new = visited.site, free_port()
    assert _is_open(visited.port)
    with_page(site, new)
    assert site.home.call("reload").returncode == 0
    until(lambda: _is_open(new) and not _is_open(visited.port), "the page has moved")
    text = site.home.config.read_text()
    site.home.config.write_text(
        "".join(line for line in text.splitlines(True) if not line.startswith("web")) + "web: off\n"
    )
    assert site.home.call("reload").returncode == 0
    until(lambda: not _is_open(new), "the page is gone")
    assert site.home.json("status")["page"] is None


def _is_open(port: int, host: str = "127.0.0.1") -> bool:
    with contextlib.suppress(httpx2.HTTPError):
        return httpx2.get(f"http://{host}:{port}/healthz").status_code == 200
    return False
