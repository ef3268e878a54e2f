"""Holds: a feed is fetched within bounds, from the very address that was looked at, and no address is ever told."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from reminders.sensors.feed import fetch, read_file, read_url_file
from reminders.sensors.feed_address import is_allowed
from reminders.sensors.unreadable import FeedUnreadable
from tests.channels.servers import need
from tests.sensors.calendar_server import CalendarServer, plainly, running_server

DATA = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def server() -> Iterator[CalendarServer]:
    with running_server() as found:
        yield found


def refused(url: str, **how: Any) -> str:
    """Return why an address cannot be read; no part of it is told."""
    with pytest.raises(FeedUnreadable) as raised:
        fetch(url, **{"allow_private": True, "total_seconds": 5.0, **how})
    text = str(raised.value)
    assert not any(part in text for part in re.split(r"[:/@?]+", url)[1:] if len(part) > 3)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    return text


@pytest.mark.parametrize(
    ("address", "alone", "with_private"),
    [
        ("8.8.8.8", True, True),
        ("2606:4700:4700::1111", True, True),
        ("::ffff:8.8.8.8", True, True),
        ("64:ff9b::808:808", True, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("10.0.0.1", False, True),
        ("172.16.0.1", False, True),
        ("192.168.1.10", False, True),
        ("100.64.0.1", False, True),
        ("198.18.0.1", False, True),
        ("fd00::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("::127.0.0.1", False, True),
        ("2002:7f00:1::", False, True),
        ("64:ff9b::a00:1", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("fe80::1", False, False),
        ("224.0.0.1", False, False),
        ("ff02::1", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
    ],
)
def test_only_addresses_of_the_open_network_are_asked_unless_it_is_allowed(
    address: str,
    alone: bool,  # noqa: FBT001
    with_private: bool,  # noqa: FBT001
) -> None:
    assert is_allowed(ip_address(address), allow_private=False) is alone
    assert is_allowed(ip_address(address), allow_private=True) is with_private


def test_a_feed_is_what_its_server_sends(server: CalendarServer) -> None:
    server.serves(DATA)
    assert fetch(server.url("/cal.ics?key=4711"), allow_private=True) == DATA
    ((path, headers),) = server.asked
    assert path == "/cal.ics?key=4711"
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert headers["User-Agent"].startswith("reminders/")
    assert "Authorization" not in headers


def test_a_name_and_a_password_are_for_their_own_server_alone(server: CalendarServer) -> None:
    server.serves(DATA, "/end.ics")
    server.redirects("/here", "/end.ics")
    server.redirects("/away", server.url("/end.ics", host="localhost"))
    assert fetch(server.url("/here", login="alex:p%40ss@"), allow_private=True) == DATA
    assert fetch(server.url("/away", login="alex:p%40ss@"), allow_private=True) == DATA
    logins = [headers.get("Authorization") for _, headers in server.asked]
    assert logins == ["Basic YWxleDpwQHNz", "Basic YWxleDpwQHNz", "Basic YWxleDpwQHNz", None]


def test_a_server_without_a_length_or_in_chunks_is_read_to_the_end(server: CalendarServer) -> None:
    def bare(request: Any) -> None:
        request.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + DATA)

    def chunked(request: Any) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for letter in (DATA[:5], DATA[5:]):
            request.wfile.write(b"%x\r\n%s\r\n" % (len(letter), letter))
        request.wfile.write(b"0\r\n\r\n")

    server.answers.update({"/bare": bare, "/chunked": chunked})
    assert fetch(server.url("/bare"), allow_private=True) == DATA
    assert fetch(server.url("/chunked"), allow_private=True) == DATA


def test_three_redirects_are_followed_and_a_fourth_is_not(server: CalendarServer) -> None:
    server.serves(DATA, "/0")
    for count in range(1, 5):
        server.redirects(f"/{count}", f"/{count - 1}", status=(301, 302, 307, 308)[count - 1])
    assert fetch(server.url("/3"), allow_private=True) == DATA
    assert refused(server.url("/4")) == "it redirects more than 3 times"


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("ftp://127.0.0.1/secret", "neither http:// nor https://"),
        ("file:///etc/passwd", "neither http:// nor https://"),
        ("http://[oops", "malformed"),
    ],
)
def test_a_redirect_leads_to_the_web_or_nowhere(server: CalendarServer, to: str, why: str) -> None:
    assert why in refused(server.redirects("/cal.ics", to))


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (401, "its server answers 401, so its address, or the login in it, is wrong or no longer valid"),
        (404, "its server answers 404, so nothing is there under its address"),
        (500, "its server answers 500"),
        (204, "its server answers 204"),
    ],
)
def test_anything_but_a_calendar_is_told_by_its_number(server: CalendarServer, status: int, why: str) -> None:
    assert refused(server.says(status)) == why


def test_a_packed_answer_and_half_an_answer_are_refused(server: CalendarServer) -> None:
    def half(request: Any) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + DATA)

    server.answers["/gz"] = lambda request: plainly(request, DATA, Content_Encoding="gzip")
    server.answers["/half"] = half
    server.answers["/noise"] = lambda request: request.wfile.write(b"SSH-2.0-OpenSSH\r\n")
    server.answers["/nothing"] = lambda request: None
    assert "packed" in refused(server.url("/gz"))
    for path in ("/half", "/noise", "/nothing"):
        assert "hangs up early, or speaks no HTTP" in refused(server.url(path))


def test_a_server_that_cannot_be_reached_is_told_so(server: CalendarServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert refused(f"http://127.0.0.1:{port}/secret.ics") == "its server refuses connections"
    assert refused("http://nowhere.invalid/secret.ics") == "the name of its server cannot be resolved"
    tls = server.url().replace("http://", "https://")
    assert refused(tls) == "the connection to its server broke"
    assert refused(tls.replace("https://", "webcal://")) == "the connection to its server broke"


@pytest.mark.parametrize("url", ["secret.ics", "ftp://example.org/x", "http:///x", "http://[x", "https://exa mple.org"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(FeedUnreadable):
        fetch(url)


def test_a_name_is_looked_up_once_and_what_was_found_is_asked(
    server: CalendarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    server.serves(DATA)
    assert fetch(server.url(host="calendar.example"), allow_private=True) == DATA
    assert looked_up == ["calendar.example"]
    assert server.asked[0][1]["Host"] == f"calendar.example:{server.port}"


def test_a_server_proves_who_it_is_before_anything_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("openssl")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=ours", "-addext", "subjectAltName=DNS:localhost"]
    command += ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "own.pem")]
    subprocess.run(command, check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "own.pem", tmp_path / "key.pem")
    with running_server(tls=tls) as server:
        server.serves(DATA)
        named, numbered = (f"https://{host}:{server.port}/cal.ics" for host in ("localhost", "127.0.0.1"))
        not_trusted = "its server cannot prove who it is: the certificate is not valid"
        assert refused(named) == not_trusted
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
        assert refused(numbered) == not_trusted
        assert server.asked == []
        assert fetch(named, allow_private=True) == DATA
        assert fetch(named.replace("https", "webcal"), allow_private=True) == DATA
        server.redirects("/plain", f"http://localhost:{server.port}/cal.ics")
        assert "from https to http" in refused(named.replace("/cal.ics", "/plain"))


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_file_is_a_plain_one_of_a_bearable_size(tmp_path: Path) -> None:
    file = tmp_path / "gym.ics"
    file.write_bytes(DATA)
    assert read_file(str(file)) == DATA
    link = tmp_path / "link.ics"
    link.symlink_to(file)
    assert read_file(str(link)) == DATA
    os.mkfifo(tmp_path / "pipe")
    for name, why in (("pipe", "is not a plain file"), (".", "not a plain file|is a directory"), ("none", "no such")):
        with pytest.raises(FeedUnreadable, match=why):
            read_file(str(tmp_path / name))
    with pytest.raises(FeedUnreadable, match="is larger than"):
        read_file(str(file), bytes_at_most=10)


def test_a_file_that_holds_an_address_holds_one_line(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("https://example.org/secret.ics\n")
    assert read_url_file(str(file)) == "https://example.org/secret.ics"
    for content in ("", "\n", "https://a.example/secret\nhttps://b.example/secret\n"):
        file.write_text(content)
        with pytest.raises(FeedUnreadable, match="must hold one line") as raised:
            read_url_file(str(file))
        assert "secret" not in str(raised.value)
