"""``doctor``: each thing is ok, a warning or broken, with its mend; no secret is shown and nothing is written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

import reminders
from reminders.daemon.lock import DaemonLock, acquire
from tests.channels.desktop.session import running_bus, running_desktop
from tests.cli.desk import FILE, HOUSEHOLD, NOW, Desk

AtDeskOf = Callable[[str], Desk]
ANSWERED = FILE.replace("  name: Alex\n", "  name: Alex\n  profile: {conditions: none, medicines: none}\n")
TOPIC = "a-topic-nobody-guesses"


def findings(desk: Desk) -> dict[str, dict[str, Any]]:
    """Return what was found by name; of several findings about one thing, the worst."""
    found: dict[str, dict[str, Any]] = {}
    for one in desk.json("doctor")["findings"]:
        rank = ["ok", "warning", "broken"].index
        if one["name"] not in found or rank(one["state"]) > rank(found[one["name"]]["state"]):
            found[one["name"]] = one
    return found


@pytest.fixture
def lock(desk: Desk) -> Iterator[DaemonLock]:
    """Hold the lock as a daemon does."""
    held = acquire(desk.data_dir, config=str(desk.config), started_at=datetime.now(UTC))
    yield held
    held.release()


def test_a_sound_house_has_only_warnings_and_exit_code_0(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(ANSWERED)
    desk.run("done", "movement")
    desk.data_dir.chmod(0o700)
    result = desk.run("doctor")
    assert result.exit_code == 0, result.output
    assert [line for line in result.stdout.splitlines() if not line.startswith("ok ")] == [
        "warning  daemon            not running, so nothing is sent",
        "hint: start it with: reminders run",
        "nothing is broken, 1 warning",
    ]
    assert "ok       channel here      printed where the daemon runs" in result.stdout


def test_json_has_a_stable_shape(desk: Desk) -> None:
    found = desk.json("doctor")
    assert list(found) == ["version", "broken", "warnings", "findings"]
    assert (found["version"], found["broken"]) == (reminders.__version__, 0)
    assert list(found["findings"][0]) == ["name", "state", "detail", "hint"]


def test_a_refused_configuration_is_3_and_the_rest_is_still_looked_at(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(FILE.replace("every: 2h", "evry: 2h"))
    result = desk.run("doctor")
    assert result.exit_code == 3
    assert 'reminders.yaml:9:15 habits.hydration.evry: unknown key "evry"' in result.stdout
    assert "hint: see them all with: reminders check" in result.stdout
    assert {"journal", "daemon", "clock", "zone"} <= set(findings(desk))


def test_an_open_data_directory_is_a_warning(desk: Desk) -> None:
    desk.data_dir.chmod(0o755)
    found = findings(desk)["data directory"]
    assert (found["state"], found["hint"]) == ("warning", f'chmod 700 "{desk.data_dir}"')


def test_a_data_directory_that_is_a_file_is_broken(at_desk_of: AtDeskOf) -> None:
    desk = at_desk_of(FILE)
    desk.data_dir.write_text("", encoding="utf-8")
    assert findings(desk)["data directory"]["state"] == "broken"
    assert desk.run("doctor").exit_code == 1


def test_a_journal_that_is_none_is_broken_with_its_mend(desk: Desk) -> None:
    (desk.data_dir / "journal.db").write_text("this is no journal", encoding="utf-8")
    found = findings(desk)["journal"]
    assert found["state"] == "broken"
    assert found["hint"] == "the daemon mends it from the newest backup when it starts: reminders run"


def test_a_journal_that_contradicts_itself_is_broken(desk: Desk) -> None:
    desk.put("movement", NOW)
    journal = desk.journal()
    journal._connection.execute("UPDATE occurrences SET state = 'done'")
    journal.close()
    found = findings(desk)["journal"]
    assert found["state"] == "broken"
    assert found["detail"].startswith("it contradicts itself: ")


def test_an_old_backup_is_a_warning(desk: Desk) -> None:
    journal = desk.journal()
    journal.note("clock.stepped", NOW, {"seconds": 3.0})
    copy = journal.backup(NOW)
    journal.close()
    old = (datetime.now(UTC) - timedelta(days=9)).timestamp()
    os.utime(copy, (old, old))
    assert findings(desk)["journal"]["detail"] == "the newest backup is 9 days old"


def test_a_journal_put_aside_is_told(desk: Desk) -> None:
    (desk.data_dir / "journal.corrupt-20260324T101500Z").touch()
    assert findings(desk)["journal"]["detail"] == "a damaged one was put aside: journal.corrupt-20260324T101500Z"


def test_a_running_daemon_is_compared_with_what_is_installed(
    desk: Desk, lock: DaemonLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert findings(desk)["daemon"]["state"] == "ok"
    monkeypatch.setattr(reminders, "__version__", "99.0")
    found = findings(desk)["daemon"]
    assert found["state"] == "warning"
    assert found["detail"].endswith("installed is 99.0")


def test_a_daemon_that_cannot_work_is_broken_and_one_on_an_older_file_is_a_warning(
    desk: Desk, lock: DaemonLock
) -> None:
    lock.report({"refused": "reminders.yaml:3:1 me: wrong"})
    assert findings(desk)["daemon"]["state"] == "warning"
    lock.report({"degraded": "the journal: the disk is full"})
    found = findings(desk)["daemon"]
    assert (found["state"], found["detail"]) == ("broken", "it cannot do its work now: the journal: the disk is full")
    assert desk.run("doctor").exit_code == 1


def test_a_daemon_that_has_not_moved_for_a_minute_is_broken(desk: Desk, lock: DaemonLock) -> None:
    lock.pulse.beat(time.monotonic() - 50)
    assert findings(desk)["daemon"]["state"] == "ok"
    lock.pulse.beat(time.monotonic() - 185)
    found = findings(desk)["daemon"]
    assert (found["state"], found["detail"]) == ("broken", "it cannot do its work now: it has not moved for 3 min")
    assert desk.run("doctor").exit_code == 1
    assert desk.json("status")["degraded"] == "it has not moved for 3 min"
    lock.pulse.beat(time.monotonic())
    assert desk.json("status")["degraded"] is None


def test_a_clock_that_is_not_set_is_broken(desk: Desk) -> None:
    with freeze_time("1970-01-01T00:10:00", real_asyncio=True):
        assert findings(desk)["clock"]["state"] == "broken"


def test_a_machine_without_a_zone_of_its_own_is_a_warning(
    at_desk_of: AtDeskOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at_desk_of(FILE.replace("timezone: Europe/Berlin\n", ""))
    assert findings(desk)["zone"]["detail"].startswith("Europe/Berlin, this machine's, with zone data ")
    monkeypatch.setenv("TZ", "Europe/Nowhere")
    found = findings(desk)["zone"]
    assert found["state"] == "warning"
    assert "UTC stands in, because" in found["detail"]


def test_channels_are_built_and_no_part_of_a_url_is_shown(
    at_desk_of: AtDeskOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PHONE_TOPIC", TOPIC)
    url_file = tmp_path / "url"
    url_file.write_text(f"ntfys://{TOPIC}\n", encoding="utf-8")
    url_file.chmod(0o644)
    channels = (
        f"channels:\n  named: ntfys://${{PHONE_TOPIC}}\n  filed: {{url_file: {url_file}}}\n"
        f"  odd: tgram://{TOPIC}\n  gone: {{url_file: {tmp_path}/missing}}\n"
    )
    desk = at_desk_of(FILE.replace("channels:\n  here: console://\n", channels))
    desk.config.chmod(0o600)
    found = findings(desk)
    assert found["channel named"]["state"] == "ok"
    assert "set in the environment: PHONE_TOPIC" in found["channel named"]["detail"]
    assert (found["channel filed"]["state"], found["channel filed"]["hint"]) == ("warning", f'chmod 600 "{url_file}"')
    assert found["channel odd"]["state"] == "broken"
    assert "cannot be opened: no such file or directory" in found["channel gone"]["detail"]
    assert found["file permissions"]["state"] == "ok"
    desk.config.chmod(0o644)
    assert findings(desk)["file permissions"]["state"] == "warning"
    assert TOPIC not in desk.run("doctor").output


@pytest.mark.parametrize(
    ("url", "is_secret"),
    [
        ("json://localhost/here", False),
        ("json://notifications.example.com/here", False),
        ("json://eo3f9a8b7c6d5e.example.com/", True),
        ("jsons://example.org:8443/hooks/back", False),
        ("json://alex:word@localhost/here", True),
        ("json://localhost/here?+X-Token=word", True),
        ("json://localhost/hooks/2b7f0a9c51d4", True),
        ("mqtt://localhost/back", False),
        (f"ntfys://{TOPIC}", True),
        ("tgram://123456789:abc/1", True),
    ],
)
def test_a_file_that_others_read_is_a_warning_only_where_it_holds_a_secret(
    at_desk_of: AtDeskOf, url: str, *, is_secret: bool
) -> None:
    desk = at_desk_of(FILE.replace("console://", f'"{url}"'))
    desk.config.chmod(0o644)
    assert ("file permissions" in findings(desk)) is is_secret


def test_a_desktop_without_a_session_is_broken(at_desk_of: AtDeskOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    desk = at_desk_of(FILE.replace("console://", "desktop://"))
    found = findings(desk)
    assert found["desktop bus"]["state"] == found["channel here"]["state"] == "broken"
    assert desk.run("doctor").exit_code == 1


@pytest.mark.desktop
def test_a_desktop_with_a_notification_service_is_told_with_its_buttons(
    at_desk_of: AtDeskOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at_desk_of(FILE.replace("console://", "desktop://"))
    with running_bus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        found = findings(desk)
        assert found["desktop bus"]["state"] == "ok"
        assert found["channel here"]["detail"] == "no notification service answers on the desktop session bus"
        with running_desktop(tmp_path, bus):
            assert findings(desk)["channel here"]["detail"] == "a notification service answers, with buttons"


PRESENT = "idle time from X11, lock unknown, do-not-disturb from the desktop"


@pytest.mark.desktop
def test_it_says_what_is_known_of_the_desk_from_whom_and_how_to_know_more(
    at_desk_of: AtDeskOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = at_desk_of(FILE.replace("console://", "desktop://"))
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with running_bus(tmp_path) as bus, running_desktop(tmp_path, bus) as place:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        blind = findings(desk)["presence"]
        assert (blind["state"], blind["hint"][:43]) == ("warning", "start the daemon inside the desktop session")
        monkeypatch.setenv("DISPLAY", place.environment["DISPLAY"])
        found = findings(desk)["presence"]
    assert (found["state"], found["detail"]) == ("ok", PRESENT)
    assert found["hint"] == "for the lock, use one that GNOME, Plasma or logind knows of"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FILE, "unknown, because nobody has a desktop channel"),
        (FILE + "presence: off\n", 'unknown, because "presence: off" is in the file'),
        (HOUSEHOLD.replace("console://", "desktop://"), "not clear whose desktop it is: 2 people use one"),
    ],
)
def test_it_says_why_nobody_looks_at_the_desk(at_desk_of: AtDeskOf, text: str, words: str) -> None:
    found = findings(at_desk_of(text))["presence"]
    assert words in found["detail"]
    assert (found["state"] == "warning") is ("2 people" in words)


def test_health_questions_are_counted_never_shown(at_desk_of: AtDeskOf) -> None:
    assert findings(at_desk_of(FILE))["health questions"]["state"] == "warning"
    assert findings(at_desk_of(ANSWERED))["health questions"]["state"] == "ok"
    answered = HOUSEHOLD.replace(
        "{name: Alex}", "{name: Alex, profile: {conditions: [kidney_disease_any], medicines: none}}"
    )
    desk = at_desk_of(answered)
    assert "not answered by 1 of 2 people" in findings(desk)["health questions"]["detail"]
    for private in ("kidney", "Alex", "Sam"):
        assert private not in desk.run("doctor").output


def test_nothing_is_written(desk: Desk) -> None:
    desk.run("done", "movement")
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    desk.run("doctor")
    desk.run("doctor", "--json")
    after = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert {path: after.pop(path) for path in before} == before
    assert {path.suffix for path in after} <= {".db-shm", ".db-wal"}


def test_a_channel_that_only_the_daemon_cannot_use_is_broken(desk: Desk) -> None:
    lock = acquire(desk.data_dir, config=str(desk.config), started_at=NOW)
    lock.report({"unbuilt": {"here": "no desktop session bus", "gone": "no desktop session bus"}})
    told = [one for one in desk.json("doctor")["findings"] if one["name"].startswith("channel ")]
    lock.release()
    assert [(one["name"], one["state"], one["detail"]) for one in told] == [
        ("channel here", "ok", "printed where the daemon runs"),
        ("channel here", "broken", "the running daemon cannot use it: no desktop session bus"),
    ]
