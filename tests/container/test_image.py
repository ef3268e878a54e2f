"""The image, built and run without an engine: it serves with no rights, tells when it hangs, and keeps its record."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.channels.servers import need, unmet
from tests.container.container import Container, Service, read_service
from tests.container.dockerfile import build_context, read_stages
from tests.container.image import Image, build, remove

ROOT = Path(__file__).parents[2]
TOKEN = "correct-horse-battery-staple"
NEEDED = ("debootstrap", "unshare", "nsenter", "ip")
# The engine waits this long before it kills; compose.yml allows more.
STOP_SECONDS = 10
HUNG_SECONDS = 60

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
Start = Callable[..., Container]


def is_able_to_mount() -> bool:
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "--net", "true"], check=False).returncode == 0


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """Build the image in a folder that is deleted at the end, whatever happened."""
    need(*NEEDED)
    if not is_able_to_mount():
        unmet("run it as root, where namespaces may be made")
    place = Path(os.environ.get("TMPDIR", "/var/tmp")) / f"reminders-image-{os.getpid()}"
    place.mkdir(mode=0o700)
    try:
        yield build(ROOT, place)
    finally:
        remove(place)


@pytest.fixture
def data(image: Image, tmp_path: Path) -> Path:
    """A new volume: the engine fills it with what the image has there, owner and mode included."""
    subprocess.run(["cp", "-a", str(image.root / image.stage.the("VOLUME").lstrip("/")), tmp_path / "data"], check=True)
    return tmp_path / "data"


@pytest.fixture
def service() -> Service:
    """What the compose file says, the token chosen."""
    return read_service(ROOT / "docker-compose.yml", {"REMINDERS_PAGE_TOKEN": TOKEN})


@pytest.fixture
def start(image: Image, service: Service, data: Path, tmp_path: Path) -> Iterator[Start]:
    """Return what starts a container; all of them are ended afterwards."""
    started: list[Container] = []

    def begin(**changes: str) -> Container:
        service.environment.update(changes)
        log = tmp_path / f"log-{len(started)}"
        started.append(Container(image, service, data=data, config=ROOT / "config", log=log))
        return started[-1]

    yield begin
    for container in started:
        container.kill()


@pytest.fixture
def running(start: Start) -> Container:
    """A container that has become healthy."""
    container = start()
    container.until(container.is_healthy)
    return container


def status(container: Container) -> dict[str, object]:
    found: dict[str, object] = json.loads(container.run("reminders", "status", "--json").stdout)
    return found


def test_it_becomes_healthy_with_no_rights_and_nothing_it_can_write_but_its_data(running: Container) -> None:
    about = running.run("cat", "/proc/1/status").stdout
    assert re.search(r"^Uid:\s+10001\s+10001\s+10001\s+10001$", about, re.MULTILINE)
    assert re.findall(r"^Cap(?:Prm|Eff|Bnd|Amb):\s+(\w+)$", about, re.MULTILINE) == ["0" * 16] * 4
    assert re.search(r"^NoNewPrivs:\s+1$", about, re.MULTILINE)
    for place in ("/opt/reminders/x", "/config/x", "/x"):
        assert running.run("/bin/sh", "-c", f"echo > {place}").returncode != 0
    for place in ("/data/x", "/tmp/x"):
        assert running.run("/bin/sh", "-c", f"echo > {place}").returncode == 0
    found = status(running)
    assert (found["running"], found["pid"], found["degraded"]) == (True, 1, None)
    assert found["config"] == "/config/reminders.yaml"
    assert found["page"] is not None


def test_what_it_writes_is_for_its_owner_alone(running: Container, data: Path) -> None:
    assert running.run("reminders", "done", "hydration", "300ml").returncode == 0
    files = [data, *data.rglob("*")]
    assert data / "journal.db" in files
    for path in files:
        about = path.lstat()
        assert about.st_uid == 10001, path
        assert stat.S_IMODE(about.st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_page_wants_a_login_from_who_comes_through_the_published_port(running: Container) -> None:
    assert running.ask("/api/v1/status").status == 401
    stranger = running.ask("/", headers={"Accept": "text/html"})
    assert (stranger.status, stranger.headers["location"].partition("?")[0]) == (303, "/login")
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://127.0.0.1:8377"}
    assert running.ask("/login", method="POST", headers=form, body=urlencode({"token": "guessed"})).status == 403
    welcome = running.ask("/login", method="POST", headers=form, body=urlencode({"token": TOKEN}))
    assert welcome.status == 303
    cookie = welcome.headers["set-cookie"].partition(";")[0]
    page = running.ask("/", headers={"Accept": "text/html", "Cookie": cookie})
    assert (page.status, "hydration" in page.body.lower()) == (200, True)
    assert running.ask("/api/v1/status", headers={"Authorization": f"Bearer {TOKEN}"}).status == 200
    assert TOKEN not in running.log


def test_it_ends_in_time_and_the_next_one_knows_what_was_said(start: Start) -> None:
    first = start()
    first.until(first.is_healthy)
    assert first.run("reminders", "done", "hydration", "300ml").returncode == 0
    assert first.stop(STOP_SECONDS) == 0
    second = start()
    second.until(second.is_healthy)
    (person,) = json.loads(second.run("reminders", "status", "--json").stdout)["people"]
    assert person["water"]["drunk_ml"] == 300
    assert second.stop(STOP_SECONDS) == 0
    assert "Traceback" not in first.log + second.log


def test_a_daemon_that_hangs_is_not_healthy_until_it_moves_again(running: Container) -> None:
    running.signal(signal.SIGSTOP)
    assert running.is_healthy()
    took_seconds = running.until(lambda: not running.is_healthy(), 2 * HUNG_SECONDS)
    assert took_seconds > HUNG_SECONDS / 2
    said = running.run("reminders", "status", "--healthy")
    assert (said.returncode, said.stdout) == (1, "it cannot do its work now: it has not moved for 1 min\n")
    running.signal(signal.SIGCONT)
    running.until(running.is_healthy)


def test_without_a_token_it_refuses_to_start_and_says_what_is_missing(start: Start) -> None:
    container = start(REMINDERS_WEB__LOGIN_TOKEN="")
    assert container.wait() == 3
    assert 'other machines could open the page at "0.0.0.0"' in container.log
    assert "add login_token" in container.log


def test_without_a_token_the_compose_file_is_refused_already() -> None:
    for chosen in ({}, {"REMINDERS_PAGE_TOKEN": ""}):
        with pytest.raises(ValueError, match="REMINDERS_PAGE_TOKEN: choose one"):
            read_service(ROOT / "docker-compose.yml", chosen)


def test_the_image_brings_nothing_that_builds_or_installs(image: Image) -> None:
    tree = image.root / "opt/reminders"
    names = {path.name for path in tree.rglob("*")}
    assert "reminders" in names
    assert names & {"pip", "pip3", "setuptools", "wheel", "pkg_resources", "gcc", "cc", "make"} == set()
    for folder in ("usr/bin", "usr/local/bin"):
        assert {path.name for path in (image.root / folder).iterdir()}.isdisjoint({"gcc", "cc", "c++", "make", "ld"})
    assert not (image.root / "build").exists()
    assert (tree / "bin/reminders").lstat().st_uid == 0


def test_what_it_imports_is_compiled_already(image: Image) -> None:
    (ours,) = image.root.glob("opt/reminders/lib/python3*/site-packages/reminders")
    sources = list(ours.rglob("*.py"))
    assert sources
    for path in sources:
        assert list((path.parent / "__pycache__").glob(f"{path.stem}.*.pyc")), path


def test_a_build_sees_the_package_and_nothing_else_of_the_project() -> None:
    seen = set(build_context(ROOT))
    assert {"pyproject.toml", "README.md", "reminders/__main__.py", "reminders/journal/queries.sql"} <= seen
    assert {name.partition("/")[0] for name in seen} == {"pyproject.toml", "README.md", "reminders"}
    assert not any("__pycache__" in name for name in seen)


def test_an_instruction_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown instruction ADD"):
        read_stages("FROM python\nADD x y\n")
