"""Holds: the bytes of the X11 protocol are read as it says, and nothing that comes over the line breaks the reader."""

from __future__ import annotations

import struct
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.sensors import x11_wire
from reminders.sensors.x11_idle import local_display
from tests.sensors.screens import entry

SECRET = bytes(range(16))


def test_the_greeting_is_padded_to_words_and_proves_who_asks() -> None:
    plain, proven = x11_wire.hello(None), x11_wire.hello(SECRET)
    assert plain == struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0)
    assert proven == struct.pack("<BxHHHHxx", ord("l"), 11, 0, 18, 16) + b"MIT-MAGIC-COOKIE-1\0\0" + SECRET
    assert len(proven) % 4 == 0


@pytest.mark.parametrize("status", [0, 2])
def test_a_server_that_turns_us_away_is_told_from_one_that_lets_us_in(status: int) -> None:
    assert x11_wire.setup_bytes(struct.pack("<BxHHH", 1, 11, 0, 5)) == 20
    with pytest.raises(ValueError, match="turned the connection down"):
        x11_wire.setup_bytes(struct.pack("<BxHHH", status, 11, 0, 5))


@pytest.mark.parametrize("vendor", [b"", b"a", b"The X.Org Foundation"])
def test_the_root_window_stands_behind_vendor_and_formats(vendor: bytes) -> None:
    head = struct.pack("<IIIIHHBB", 1, 2, 3, 4, len(vendor), 65535, 1, 2) + bytes(10)
    setup = head + vendor + bytes(-len(vendor) % 4) + bytes(16) + struct.pack("<I", 0x1E4) + bytes(36)
    assert x11_wire.root_of(setup) == 0x1E4
    with pytest.raises(ValueError, match="cut off"):
        x11_wire.root_of(setup[:34])


def test_a_screen_without_the_extension_does_not_tell() -> None:
    assert x11_wire.extension_number(struct.pack("<BxHIBB22x", 1, 1, 0, 1, 144)) == 144
    with pytest.raises(ValueError, match="does not tell"):
        x11_wire.extension_number(struct.pack("<BxHIBB22x", 1, 1, 0, 0, 0))


def test_the_idle_time_is_in_milliseconds() -> None:
    reply = struct.pack("<BBHIIIIIB7x", 1, 0, 2, 0, 99, 600_000, 330_000, 0, 0)
    assert len(reply) == x11_wire.REPLY_BYTES
    assert x11_wire.idle_of(reply) == timedelta(minutes=5.5)
    assert x11_wire.ask_idle(144, 0x1E4) == struct.pack("<BBHI", 144, 1, 2, 0x1E4)


def test_an_event_is_no_reply_and_a_long_one_is_skipped_whole() -> None:
    event, long, error = (x11_wire.Packet(struct.pack("<BBHI24x", kind, 0, 1, 3)) for kind in (34, 35, 0))
    assert not event.is_reply
    assert event.further_bytes == 0
    assert long.further_bytes == 12
    assert error.is_error
    assert error.further_bytes == 0


# -- who may ask ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (entry(256, b"laptop", b"0", b"MIT-MAGIC-COOKIE-1", SECRET), SECRET),
        (entry(256, b"laptop", b"", b"MIT-MAGIC-COOKIE-1", SECRET), SECRET),
        (entry(65535, b"", b"0", b"MIT-MAGIC-COOKIE-1", SECRET), SECRET),
        (entry(256, b"other", b"0", b"MIT-MAGIC-COOKIE-1", SECRET), None),
        (entry(256, b"laptop", b"1", b"MIT-MAGIC-COOKIE-1", SECRET), None),
        (entry(256, b"laptop", b"0", b"XDM-AUTHORIZATION-1", SECRET), None),
        (entry(0, b"\x7f\0\0\1", b"0", b"MIT-MAGIC-COOKIE-1", SECRET), None),
        (b"", None),
    ],
)
def test_the_proof_is_that_of_this_machine_and_display(first: bytes, expected: bytes | None) -> None:
    other = entry(256, b"laptop", b"7", b"MIT-MAGIC-COOKIE-1", b"another")
    assert x11_wire.cookie_for(other + first, b"laptop", 0) == expected


@given(st.binary(max_size=200))
def test_no_authority_file_breaks_the_reader(content: bytes) -> None:
    x11_wire.cookie_for(content, b"laptop", 0)


@given(st.binary(min_size=8, max_size=200))
def test_no_greeting_breaks_the_reader(content: bytes) -> None:
    for read in (x11_wire.setup_bytes, x11_wire.root_of):
        try:
            read(content[:8] if read is x11_wire.setup_bytes else content)
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":0", 0),
        (":12.0", 12),
        ("unix:1", 1),
        ("", None),
        ("localhost:10.0", None),
        ("elsewhere:0", None),
        (":x", None),
    ],
)
def test_only_a_display_of_this_machine_is_asked(text: str, expected: int | None) -> None:
    assert local_display(text) == expected
