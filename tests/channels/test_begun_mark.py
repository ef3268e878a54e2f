"""Holds: the mark of a send under way leaves nothing behind, not even of a daemon that was killed."""

from __future__ import annotations

import asyncio
import stat
import tempfile
from pathlib import Path
from typing import Any

import pytest

from reminders.channels.apprise_channel import AppriseChannel
from reminders.channels.begun_mark import BegunMarks
from reminders.daemon.child import run_child
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.delivery import SendOutcome


@pytest.mark.parametrize("folder", ["sending", None])
def test_a_mark_is_gone_when_its_send_is_over(
    folder: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    marks = BegunMarks(None if folder is None else tmp_path / folder)
    with marks.new() as first, marks.new() as second:
        assert first is not None
        assert second is not None
        assert first != second
        assert not first.exists()
        first.touch()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    with BegunMarks(tmp_path / "sending").new():
        assert stat.S_IMODE((tmp_path / "sending").stat().st_mode) == 0o700


def test_what_a_killed_daemon_left_is_cleared(tmp_path: Path) -> None:
    marks = BegunMarks(tmp_path / "sending")
    marks.clear()
    with marks.new():
        pass
    (tmp_path / "sending" / "0123456789abcdef").touch()
    marks.clear()
    assert list((tmp_path / "sending").iterdir()) == []


def test_a_folder_that_cannot_be_made_leaves_the_send_without_a_mark(tmp_path: Path) -> None:
    with BegunMarks(tmp_path / "missing" / "sending").new() as mark:
        assert mark is None


def test_a_send_uses_the_folder_it_is_given(sink: Any, a_message: Any, tmp_path: Path) -> None:
    seen: list[list[str]] = []
    folder = tmp_path / "sending"
    answer = sink.behaviours[0]

    def look(sock: Any, over: Any) -> None:
        seen.append([mark.name for mark in folder.iterdir()])
        answer(sock, over)

    sink.behaviours = [look]
    spec = ChannelSpec(name="phone", kind=ChannelKind.APPRISE, url=sink.url())
    channel = AppriseChannel(spec, run_child, marks=BegunMarks(folder))
    assert asyncio.run(channel.send(a_message(), 15)).outcome is SendOutcome.ACCEPTED
    assert [len(names) for names in seen] == [1]
    assert list(folder.iterdir()) == []
