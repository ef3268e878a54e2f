"""Holds: no secret of a channel shows in a log, the journal, a command's output, a crash dump or the process list."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from reminders.domain.delivery import DeliveryState as S
from tests.channels.servers import free_port
from tests.end_to_end.home import Daemon
from tests.faults.inbox import until
from tests.faults.site import PERSON, Site

IN_ENVIRONMENT = ("environment-topic-5a1d", "environment-password-93c2")
IN_URL_FILE = ("file-topic-77fe", "file-password-0b6d")
IN_CONFIGURATION = ("plain-topic-e418", "plain-password-2c9a")
SECRETS = (*IN_ENVIRONMENT, *IN_URL_FILE, *IN_CONFIGURATION)
READING = (("status",), ("history",), ("plan", "--person", PERSON), ("check",))


def secrets_in(text: bytes | str, where: str, secrets: tuple[str, ...] = SECRETS) -> None:
    told = text if isinstance(text, bytes) else text.encode()
    assert [secret for secret in secrets if secret.encode() in told] == [], where


@contextlib.contextmanager
def core_dumps_permitted() -> Iterator[None]:
    """Let what is started meanwhile leave core dumps, as far as this machine lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


@pytest.fixture
def secretive(site: Site) -> Site:
    """Give the channels secrets in each of the three places where they may stand; two of them fail."""
    topic, password = IN_ENVIRONMENT
    site.home.environment |= {"TOPIC": topic, "PASSWORD": password}
    url_file = site.home.folder / "mail-url"
    url_file.write_text(f"ntfy://me:{IN_URL_FILE[1]}@127.0.0.1:{site.inbox.port}/{IN_URL_FILE[0]}\n")
    url_file.chmod(0o600)
    plain_topic, plain_password = IN_CONFIGURATION
    site.configure(
        phone=f"ntfy://me:${{PASSWORD}}@127.0.0.1:{site.inbox.port}/${{TOPIC}}",
        gone=f"ntfy://me:{plain_password}@127.0.0.1:{free_port()}/{plain_topic}",
        filed="FILED",
        broken=f"json://me:{plain_password}@:{plain_topic}/${{PASSWORD}}",
        send_to="phone",
    )
    text = site.home.config.read_text().replace('"FILED"', f"{{url_file: {url_file}}}")
    site.home.config.write_text(text)
    return site


def everything_said(site: Site, daemon: Daemon) -> None:
    secrets_in(daemon.printed, "the daemon's output")
    secrets_in(daemon.complained, "the daemon's log")
    for words in READING:
        result = site.home.call(*words)
        assert result.returncode == 0, result.stderr
        secrets_in(result.stdout + result.stderr, f"reminders {words[0]}")


def everything_kept(folder: Path) -> None:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {"journal.db", "daemon.json"} <= {file.name for file in files}
    for file in files:
        # The compiled configuration is the file once more: it holds what stands in the file in plain words.
        secrets = SECRETS if file.suffix != ".json" or file.name == "daemon.json" else IN_ENVIRONMENT + IN_URL_FILE
        secrets_in(file.read_bytes(), str(file), secrets)
        assert file.stat().st_mode & 0o077 == 0, file


def command_lines(daemon: Daemon) -> str:
    process = psutil.Process(daemon.process.pid)
    return " ".join(word for one in (process, *process.children(recursive=True)) for word in one.cmdline())


def test_fault_62_no_secret_is_told_kept_or_listed(secretive: Site) -> None:
    site = secretive
    with core_dumps_permitted():
        daemon = site.start().armed()
    for status in (200, 401, 503):
        site.inbox.answers(status)
        nudge_id = site.put(send_to=("phone", "gone", "filed", "broken"))
        until(lambda one=nudge_id: len(site.inbox.of(one)) >= 2, "both that work were tried")  # type: ignore[misc]
        site.comes_to(nudge_id, S.RETRY_WAIT, "gone")
    site.inbox.answers(None)
    hanging = site.put("calcium_meal")
    until(lambda: site.inbox.of(hanging), "a send hangs")
    listed = command_lines(daemon)
    assert "reminders.channels.apprise_channel" in listed
    secrets_in(listed, "the process list")
    limits = Path(f"/proc/{daemon.process.pid}/limits").read_text()
    assert [line.split()[4:6] for line in limits.splitlines() if "core file" in line] == [["0", "0"]]
    daemon.kill()
    site.inbox.answers(200)
    restarted = site.start().armed()
    site.comes_to(hanging, S.UNKNOWN)
    assert {"phone", "filed"} <= {line["channel"] for line in daemon.log("nudge.sent")}
    assert {"phone", "broken"} <= {line["channel"] for line in daemon.log("delivery.rejected")}
    everything_said(site, daemon)
    everything_said(site, restarted)
    everything_kept(site.home.data_dir)


def test_fault_62_refused_configuration_is_told_without_its_secrets(secretive: Site) -> None:
    site = secretive
    text = site.home.config.read_text()
    site.home.config.write_text(text.replace("ntfy://me:", "ntfy//me:").replace("send_to: [phone]", "send_to: [fone]"))
    for words in (("run",), ("check",), ("check", "--json")):
        result = site.home.call(*words)
        assert result.returncode == 3
        assert "fone" in result.stdout + result.stderr
        secrets_in(result.stdout + result.stderr, " ".join(words))
