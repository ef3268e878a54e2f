"""Holds: the commands that README shows run, and print what is quoted of them."""

from __future__ import annotations

import json
import shlex
import socket
import urllib.request

from tests.channels.servers import eventually
from tests.end_to_end.home import Home
from tests.end_to_end.readme import README, ROOT, blocks, commands, is_quoted, section

# What a person would have to write to get the mistakes that README quotes.
MISTAKES = (("hydration:      {every: 2h", "hydration:      {evry: 2h"), ("gap: 30min", "gap: 30"))
MORNING = section("Living with it").partition("All the commands of a day")[0]
PORT = 8377
OK = range(200, 300)


def give_configuration(home: Home) -> None:
    """Lay the shipped configuration where it is looked for, its nudges on the console."""
    (home.folder / "config").mkdir()
    shipped = (ROOT / "config/reminders.yaml").read_text(encoding="utf-8")
    (home.folder / "config/reminders.yaml").write_text(shipped.replace("desktop://", "console://"))
    home.environment["REMINDERS_WEB__PORT"] = str(free_port())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_its_commands_run_and_print_what_is_quoted(home: Home) -> None:
    give_configuration(home)
    fine = (home.folder / "config/reminders.yaml").read_text()
    broken = fine
    for right, wrong in MISTAKES:
        assert right in broken
        broken = broken.replace(right, wrong)
    file = home.folder / "config/reminders.yaml"
    for shown in commands(README.replace(MORNING, "")):
        wanted = broken if shown.code == 3 else fine
        if file.read_text() != wanted:
            file.write_text(wanted)
        if shown.words[0] == "run":
            assert home.start(places=False).armed().stop() == 0
            continue
        if not shown.output and all(daemon.has_ended() for daemon in home.daemons):
            home.start(places=False).armed()  # what is shown without output is said to a daemon that runs
        result = home.call(*shown.words, places=False)
        assert result.returncode == shown.code, (shown.words, result.stdout, result.stderr)
        assert not shown.output or is_quoted(shown.output, result.stdout), result.stdout


def test_the_morning_it_tells_of_happens_like_that(timed_home: Home) -> None:
    home = timed_home
    give_configuration(home)
    home.environment["TZ"] = "Europe/London"
    home.clock_reads("2026-11-24 08:59:56")
    home.start(places=False).armed()
    eventually(lambda: "accepted" in home.call("history", places=False).stdout, "the first glass is due", 30)
    told = list(commands(MORNING))
    assert len(told) == 5
    for shown in told:
        result = home.call(*shown.words, places=False)
        assert result.returncode == 0, (shown.words, result.stderr)
        printed = result.stdout.replace(f"{home.folder}/", "")
        assert is_quoted(shown.output, printed.replace(home.environment["REMINDERS_WEB__PORT"], str(PORT))), printed


def test_what_it_asks_of_the_api_is_answered(home: Home) -> None:
    give_configuration(home)
    home.start(places=False).armed()
    port = home.environment["REMINDERS_WEB__PORT"]
    eventually(lambda: is_open(int(port)), "the page is open", 20)
    calls = [shlex.split(line) for line in "".join(blocks("sh")).splitlines() if line.startswith("curl ")]
    assert len(calls) >= 3
    for words in calls:
        (url,) = [word for word in words if word.startswith("http")]
        assert f":{PORT}/" in url
        data = words[words.index("--json") + 1] if "--json" in words else None
        assert data is None or json.loads(data)
        request = urllib.request.Request(url.replace(f":{PORT}/", f":{port}/"), None if data is None else data.encode())
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status in OK


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
