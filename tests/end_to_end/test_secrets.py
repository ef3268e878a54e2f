"""Holds: topics and passwords appear nowhere but where they must, and what is written is for its owner only."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.channels.servers import MailServer, Sink, eventually, free_port, running_mail_server, running_sink
from tests.end_to_end.home import Daemon, Home, somebodys_home

FROM_ENVIRONMENT = {"NTFY_TOPIC": "topic-kept-in-env", "MAIL_PASSWORD": "password-kept-in-env"}
FROM_FILE = ("user-kept-in-file", "password-kept-in-file", "topic-kept-in-file")
LITERAL = ("user-in-literal", "password-in-literal", "topic-in-literal", "topic-nobody-hears")
CONFIG = """\
timezone: UTC
channels:
  env: ntfy://127.0.0.1:{port}/${{NTFY_TOPIC}}
  file: {{url_file: {file}}}
  literal: ntfy://user-in-literal:password-in-literal@127.0.0.1:{port}/topic-in-literal
  gone: ntfy://127.0.0.1:{nobody}/topic-nobody-hears
  mail: mailto://me:${{MAIL_PASSWORD}}@127.0.0.1:{mail}/you@example.org?from=me@example.org
  web: json://user-in-literal:password-in-literal@127.0.0.1:{port}/topic-in-literal
  missing: {{url_file: {file}-that-is-not-there}}
habits:
  look_out: {{at: ["10:00"], say: Look out of the window.}}
"""
MISTAKEN = """\
channels:
  retried: ntfy://user-in-literal:password-in-literal@127.0.0.1/topic-in-literal?retry=9
  listed: [ntfy://user-in-literal:password-in-literal@127.0.0.1/topic-in-literal]
  misspelt: {urll: "ntfy://user-in-literal:password-in-literal@127.0.0.1/topic-in-literal"}
  ntfy://user-in-literal:password-in-literal@127.0.0.1/topic-in-literal:
habits: {hydration: {send_to: ["ntfy://127.0.0.1/topic-in-literal"]}}
"""
READING = (["check"], ["plan"], ["status"], ["history"])


@dataclass
class Told:
    """Everything that came out of a day on which sending was refused, hung and failed."""

    home: Home
    daemon: Daemon
    outputs: dict[str, str]
    processes: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("secrets")
    with (
        running_sink() as sink,
        running_mail_server() as mail,
        somebodys_home(folder / "home", FROM_ENVIRONMENT, own_clock=True) as home,
    ):
        yield _a_bad_day(home, sink, mail)


def _a_bad_day(home: Home, sink: Sink, mail: MailServer) -> Told:
    file = home.folder / "phone-url"
    user, password, topic = FROM_FILE
    file.write_text(f"ntfy://{user}:{password}@127.0.0.1:{sink.port}/{topic}\n")
    home.config.write_text(CONFIG.format(port=sink.port, nobody=free_port(), mail=mail.port, file=file))
    sink.hangs()
    mail.accepts_login = False
    daemon = home.start("--log-level", "debug").armed()
    home.clock_reads("2026-11-24 10:00:00")
    eventually(lambda: [one.method for one in sink.requests].count("POST") == 4, "four sends hang")
    processes = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    echo = " ".join((*FROM_ENVIRONMENT.values(), *FROM_FILE, *LITERAL)).encode()
    sink.answers(401, echo)
    outputs = {}
    for words in (*READING, ["send-test"], ["done", "look_out"]):
        outputs[" ".join(words)] = _all_of(home, *words)
    for words in READING:
        outputs[" ".join([*words, "--json"])] = _all_of(home, *words, "--json")
    daemon.stop()
    outputs["log"], outputs["printed"] = daemon.complained, daemon.printed
    return Told(home, daemon, outputs, processes)


def _all_of(home: Home, *words: str) -> str:
    result = home.call(*words)
    return result.stdout + result.stderr


def _secrets(told: Told) -> Iterator[str]:
    yield from (*FROM_ENVIRONMENT.values(), *FROM_FILE, *LITERAL)


def test_the_day_was_bad_enough(told: Told) -> None:
    channels = {one["channel"]: one["state"] for one in told.home.record_of("look_out")["channels"]}
    assert set(channels) == {"env", "file", "literal", "gone", "mail", "web", "missing"}
    assert "accepted" not in channels.values()
    assert told.daemon.log("delivery.rejected")
    assert told.daemon.log("delivery.left_unknown")
    assert told.daemon.log("delivery.failed")
    assert told.daemon.log("channel.unbuildable")
    assert "401" in told.outputs["send-test"]
    assert told.processes.count("reminders.channels.apprise_channel") >= 4


def test_no_log_and_no_output_holds_a_secret(told: Told) -> None:
    for name, output in told.outputs.items():
        assert output or name == "printed", name
        for secret in _secrets(told):
            assert secret not in output, name


def test_no_command_line_of_a_process_holds_a_secret(told: Told) -> None:
    for secret in _secrets(told):
        assert secret not in told.processes


def test_no_file_holds_a_secret_and_only_the_kept_configuration_what_the_file_says_itself(told: Told) -> None:
    files = [path for path in told.home.data_dir.rglob("*") if path.is_file()]
    assert {"journal.db", "household.json", "daemon.lock"} <= {path.name for path in files}
    for path in files:
        held = path.read_bytes()
        for secret in (*FROM_ENVIRONMENT.values(), *FROM_FILE):
            assert secret.encode() not in held, path.name
        if path.name != "household.json":
            assert not [secret for secret in LITERAL if secret.encode() in held], path.name
    kept = told.home.data_dir / "household.json"
    assert "${NTFY_TOPIC}" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_mistakes_about_channels_are_told_without_their_urls(home: Home) -> None:
    home.config.write_text(MISTAKEN)
    for words in (["check"], ["check", "--json"], ["run"], ["send-test"]):
        result = home.call(*words)
        assert result.returncode == 3
        for secret in LITERAL:
            assert secret not in result.stdout + result.stderr


def test_what_is_written_is_for_its_owner_only_whatever_the_umask(timed_home: Home) -> None:
    timed_home.config.write_text('channels: {here: console://}\nhabits: {look_out: {at: ["10:00"], say: Look out.}}\n')
    timed_home.clock_reads("2026-11-24 03:29:30")
    daemon = timed_home.start(umask=0).armed()
    timed_home.clock_reads("2026-11-24 03:30:01")
    backups = timed_home.data_dir / "backups"
    eventually(lambda: backups.is_dir() and any(backups.iterdir()), "the nightly copy is made", 25)
    everything = [timed_home.data_dir, *timed_home.data_dir.rglob("*")]
    modes = {path.relative_to(timed_home.folder): path.stat().st_mode & 0o777 for path in everything}
    assert len(modes) > 6
    assert {mode for path, mode in modes.items() if (timed_home.folder / path).is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if (timed_home.folder / path).is_file()} == {0o600}
    assert daemon.stop() == 0


def test_a_data_directory_open_to_others_is_told(home: Home) -> None:
    home.config.write_text("channels: {here: console://}\nhabits: {hydration: }\n")
    home.data_dir.mkdir(mode=0o755)
    home.data_dir.chmod(0o755)
    (line,) = home.start().armed().log("data_directory.exposed")
    assert line["mode"] == "0755"
    assert line["hint"] == f'chmod 700 "{home.data_dir}"'
    assert Path(line["path"]) == home.data_dir
