"""Holds: a server shows a certificate that is trusted and names it, or hears nothing from us. Virtual time."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from reminders.answers.ntfy_topic import TopicFollower
from reminders.answers.topic import Topic, TopicMessage
from reminders.answers.trust import BUNDLE_VARIABLES
from tests.answers.scripted_server import message, serving, streams
from tests.channels.servers import need
from tests.delivery.virtual_time import VirtualClock, run

NOT_TRUSTED = "its server's certificate is not trusted"


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate and its key."""

    file: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


def certificate(folder: Path, names: str) -> Certificate:
    need("openssl")
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=ours", "-addext", f"subjectAltName={names}"]
    command += ["-keyout", str(made.key), "-out", str(made.file)]
    subprocess.run(command, check=True, capture_output=True)
    return made


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*BUNDLE_VARIABLES, "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def follow(own: Certificate, *, host: str = "127.0.0.1", verify: bool = True) -> tuple[list[str], set[str | None], int]:
    """Follow a topic on a server with that certificate; return what was heard and told, and how often it was asked."""
    heard: list[str] = []
    told: set[str | None] = set()

    def hear(message: TopicMessage) -> bool:
        heard.append(message.text)
        return True

    async def scenario(clock: VirtualClock) -> int:
        async with serving(streams(message("token done")), ssl=own.server_context()) as server:
            topic = Topic(base_url=f"https://{host}:{server.port}", name="answers", verify=verify)
            follower = TopicFollower(
                "phone",
                topic,
                clock,
                since=lambda: "1",
                heard=hear,
                told=told.add,
            )
            task = asyncio.ensure_future(follower.follow())
            await asyncio.sleep(10)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            return len(server.requests)

    return heard, told, run(scenario)


@pytest.mark.parametrize("variable", BUNDLE_VARIABLES)
def test_a_certificate_that_the_sends_trust_is_trusted(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = certificate(tmp_path, "IP:127.0.0.1")
    monkeypatch.setenv(variable, str(own.file))
    assert follow(own) == (["token done"], set(), 1)


def test_a_certificate_in_a_folder_of_trusted_ones_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = certificate(tmp_path, "IP:127.0.0.1")
    folder = tmp_path / "certs"
    folder.mkdir()
    told = subprocess.run(
        ["openssl", "x509", "-hash", "-noout", "-in", str(own.file)], check=True, capture_output=True, text=True
    )
    (folder / f"{told.stdout.strip()}.0").write_bytes(own.file.read_bytes())
    for variable in ("SSL_CERT_DIR", BUNDLE_VARIABLES[0]):
        monkeypatch.setenv(variable, str(folder))
        assert follow(own) == (["token done"], set(), 1)
        monkeypatch.delenv(variable)


def test_a_certificate_that_nobody_vouches_for_hears_no_request(tmp_path: Path) -> None:
    assert follow(certificate(tmp_path, "IP:127.0.0.1")) == ([], {NOT_TRUSTED}, 0)


def test_a_certificate_for_another_name_hears_no_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = certificate(tmp_path, "DNS:elsewhere.example")
    monkeypatch.setenv(BUNDLE_VARIABLES[0], str(own.file))
    assert follow(own) == ([], {NOT_TRUSTED}, 0)


def test_a_channel_that_checks_no_certificate_is_heard_without_one(tmp_path: Path) -> None:
    assert follow(certificate(tmp_path, "DNS:elsewhere.example"), verify=False) == (["token done"], set(), 1)


def test_a_bundle_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BUNDLE_VARIABLES[0], str(tmp_path / "gone.pem"))
    heard, told, _ = follow(certificate(tmp_path, "IP:127.0.0.1"))
    assert (heard, told) == ([], {"the certificates that servers are checked against cannot be read"})
