"""Rules of the page in a real browser, served as the daemon serves it: looked at, used, left alone, without script."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from reminders import composition
from reminders.answers.links import hash_of
from reminders.domain.household import Household
from reminders.domain.occurrence import OccurrenceState
from reminders.domain.web import WebSpec
from reminders.journal.sqlite_journal import SqliteJournal
from reminders.web.app import build_app
from reminders.web.house import ServiceState
from reminders.web.server import PageServer
from tests.channels.servers import need
from tests.scenarios.virtual_home import BERLIN, shipped_household
from tests.web.filled_journal import UNKNOWN, Life, put
from tests.web.real_house import RealHouse

pytestmark = pytest.mark.browser

PAGES = ("/", "/bad-day", "/history", "/channels", "/configuration")
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}
LINK = "A" * 22
SERIOUS = ("serious", "critical")
PATIENCE_MS = 15_000
# Nothing but the page is to be fetched; the sandbox needs rights that a container does not give.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need("chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        yield started
        started.close()


@contextmanager
def served(house: RealHouse, port: int = 0) -> Iterator[str]:
    """Serve the page of a house as the daemon does, on a thread and a socket of its own; its address."""
    begun: Future[PageServer] = Future()
    with closing(socket.create_server(("127.0.0.1", port))) as listening:
        port = listening.getsockname()[1]

        async def serve() -> None:
            app = build_app(house, WebSpec(port=port), None)
            server = PageServer(app, on_end=app.state.live.close)
            begun.set_result(server)
            await server.serve(sockets=[listening])

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        try:
            server = begun.result(timeout=PATIENCE_MS / 1000)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.end()
            thread.join()


@pytest.fixture(scope="module")
def household(tmp_path_factory: pytest.TempPathFactory) -> Household:
    # The browser's driver keeps an event loop running in this thread, and reading the file needs one of its own.
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(shipped_household, tmp_path_factory.mktemp("shipped")).result()


def house_of(folder: Path, household: Household) -> RealHouse:
    now = composition.now()
    state = ServiceState(version="0.1.0", started_at=now - timedelta(days=1), last_beat_at=now)
    return RealHouse(folder, household, state)


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory, household: Household) -> Iterator[str]:
    """The address of a house with three months on record and a nudge that waits; only looked at."""
    house = house_of(tmp_path_factory.mktemp("months"), household)
    now, me = composition.now(), household.people[0]
    with closing(SqliteJournal.open(house.path)) as journal:
        Life(journal, me, BERLIN).live(now - timedelta(minutes=20), 90)
        put(journal, me, BERLIN, ("hydration", "movement"), now - timedelta(minutes=4), results={"desktop": UNKNOWN})
        journal.pause("me", "calcium_meal", now, now + timedelta(hours=2), "me", "a fast")
    with served(house) as address:
        yield address


@pytest.fixture(scope="module")
def weeks_in_german(tmp_path_factory: pytest.TempPathFactory, household: Household) -> Iterator[str]:
    """The address of a house of somebody who speaks German, whose words are longer; only looked at."""
    now, me = composition.now(), replace(household.people[0], language="de")
    house = house_of(tmp_path_factory.mktemp("weeks"), replace(household, people=(me,)))
    with closing(SqliteJournal.open(house.path)) as journal:
        Life(journal, me, BERLIN).live(now - timedelta(minutes=20), 30)
        nudge = put(journal, me, BERLIN, ("hydration", "movement"), now - timedelta(minutes=4))
        journal.add_link(hash_of(LINK) or "", nudge, now + timedelta(hours=12))
        journal.pause("me", "calcium_meal", now, now + timedelta(hours=2), "me", "a fast")
    with served(house) as address:
        yield address


@pytest.fixture
def house(tmp_path: Path, household: Household) -> RealHouse:
    return house_of(tmp_path, household)


@pytest.fixture
def journal(house: RealHouse) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal.open(house.path)) as opened:
        yield opened
        assert opened.check_invariant() == ()


@pytest.fixture
def address(house: RealHouse, journal: SqliteJournal) -> Iterator[str]:
    with served(house) as found:
        yield found


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address; whatever the browser complains about fails the test, unless the page is to be left alone."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def begin(address: str, *, is_left_alone: bool = False, **kind: object) -> Page:
        context = browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce", **kind})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        if not is_left_alone:
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield begin
    for context in contexts:
        context.close()
    assert complaints == []


def ask(house: RealHouse, journal: SqliteJournal, *habits: str) -> str:
    return put(journal, house.lived_in.people[0], BERLIN, habits, composition.now() - timedelta(seconds=5))


def states(journal: SqliteJournal) -> dict[str, OccurrenceState]:
    now = composition.now()
    return {row.habit: row.state for row in journal.history(None, now - timedelta(days=1), now + timedelta(days=1))}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_bars_nobody(open_page: Callable[..., Page], months: str, path: str, scheme: str) -> None:
    page = open_page(f"{months}{path}", color_scheme=scheme)
    for one in page.locator("details").all():
        one.evaluate("one => one.open = true")
    found = json.loads(json.dumps(Axe().run(page).response))["violations"]
    bars = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found if one["impact"] in SERIOUS]
    assert bars == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(open_page: Callable[..., Page], months: str, path: str, scheme: str) -> None:
    page = open_page(f"{months}{path}", viewport=PHONE, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", [*PAGES, f"/a/{LINK}"])
def test_a_page_in_german_bars_nobody_and_loses_nothing_at_its_side(
    open_page: Callable[..., Page], weeks_in_german: str, path: str, viewport: ViewportSize
) -> None:
    page = open_page(f"{weeks_in_german}{path}", viewport=viewport)
    assert page.evaluate("document.documentElement.lang") == "de"
    for one in page.locator("details").all():
        one.evaluate("one => one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    found = json.loads(json.dumps(Axe().run(page).response))["violations"]
    assert [one["id"] for one in found if one["impact"] in SERIOUS] == []
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= viewport["width"]


def test_the_answers_are_large_enough_for_a_thumb(open_page: Callable[..., Page], months: str) -> None:
    page = open_page(months, viewport=PHONE)
    boxes = [one.bounding_box() for one in page.locator(".verbs button").all()]
    assert len(boxes) == 9
    assert all(box is not None and box["height"] >= 44 and box["width"] >= 88 for box in boxes)


def test_on_a_desk_water_stands_beside_the_day_and_on_a_phone_between(
    open_page: Callable[..., Page], months: str
) -> None:
    for viewport, is_beside in ((DESK, True), (PHONE, False)):
        page = open_page(months, viewport=viewport)
        day, water = page.locator(".timeline").bounding_box(), page.locator(".side").bounding_box()
        assert day is not None
        assert water is not None
        assert (water["x"] >= day["x"] + day["width"]) is is_beside


def test_dark_is_dark_and_light_is_light(open_page: Callable[..., Page], months: str) -> None:
    brightness = {}
    for scheme in ("light", "dark"):
        colour = open_page(months, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        brightness[scheme] = sum(int(part) for part in re.findall(r"\d+", colour)[:3])
    assert brightness["light"] > 600
    assert brightness["dark"] < 120


def test_an_answer_is_taken_without_leaving_the_page_and_can_be_undone(
    house: RealHouse, journal: SqliteJournal, address: str, open_page: Callable[..., Page]
) -> None:
    ask(house, journal, "hydration", "movement")
    page = open_page(address)
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Done, 200 ml: Water").click()
    expect(page.get_by_role("status")).to_contain_text("Water: done. 0.2 of 1.6 L today.")
    assert states(journal) == {"hydration": OccurrenceState.DONE, "movement": OccurrenceState.SENT}
    page.get_by_role("button", name="Undo: Water").click()
    expect(page.get_by_role("status")).to_contain_text("Water: done taken back.")
    assert states(journal) == {"hydration": OccurrenceState.SENT, "movement": OccurrenceState.SENT}
    page.get_by_role("button", name="Done all: ").click()
    expect(page.get_by_role("heading", name="Nothing waits for an answer")).to_be_visible()
    assert set(states(journal).values()) == {OccurrenceState.DONE}
    assert page.evaluate("window.stayed")


def test_the_answer_can_be_given_with_the_keyboard_alone(
    house: RealHouse, journal: SqliteJournal, address: str, open_page: Callable[..., Page]
) -> None:
    ask(house, journal, "movement")
    page = open_page(address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    done = page.get_by_role("button", name="Done: Short break")
    for _ in range(6):
        page.keyboard.press("Tab")
        if done.evaluate("one => one === document.activeElement"):
            break
    expect(done).to_be_focused()
    assert done.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Short break: done.")
    assert states(journal) == {"movement": OccurrenceState.DONE}


def test_water_grows_with_each_glass(journal: SqliteJournal, address: str, open_page: Callable[..., Page]) -> None:
    page = open_page(address)
    page.get_by_role("button", name="Log 250 ml").click()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "250")
    page.get_by_label("Another amount, ml").fill("330")
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "580")
    expect(page.get_by_label("Another amount, ml")).to_have_value("")


def test_a_pause_is_begun_and_ended_on_the_page(
    journal: SqliteJournal, address: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(address)
    page.get_by_text("Pause for a while").click()
    page.get_by_label("What").select_option(label="Short break")
    page.get_by_label("30 minutes").check()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status")).to_contain_text("Short break is paused until")
    assert [one.habit for one in journal.pauses("me", composition.now())] == ["movement"]
    page.get_by_role("button", name="Resume: Short break").click()
    expect(page.get_by_role("status")).to_contain_text("Short break: goes on.")
    assert journal.pauses("me", composition.now()) == ()


def test_a_nudge_appears_by_itself_and_disturbs_nothing(
    house: RealHouse, journal: SqliteJournal, address: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(address)
    expect(page.get_by_role("heading", name="Nothing waits for an answer")).to_be_visible()
    page.get_by_text("Pause for a while").click()
    page.get_by_label("Why (if you like; kept in the record)").fill("half wri")
    page.get_by_label("30 minutes").check()
    page.get_by_label("Another amount, ml").focus()
    ask(house, journal, "movement")
    expect(page.get_by_role("button", name="Done: Short break")).to_be_visible()
    expect(page.get_by_label("Why (if you like; kept in the record)")).to_have_value("half wri")
    expect(page.get_by_label("30 minutes")).to_be_checked()
    expect(page.get_by_label("Another amount, ml")).to_be_focused()


def test_two_open_pages_show_the_same(
    house: RealHouse, journal: SqliteJournal, address: str, open_page: Callable[..., Page]
) -> None:
    ask(house, journal, "movement")
    first, second = open_page(address), open_page(address, viewport=PHONE)
    expect(second.get_by_role("button", name="Done: Short break")).to_be_visible()
    first.get_by_role("button", name="Done: Short break").click()
    expect(second.get_by_role("heading", name="Nothing waits for an answer")).to_be_visible()


def test_without_script_everything_works_as_well(
    house: RealHouse, journal: SqliteJournal, address: str, open_page: Callable[..., Page]
) -> None:
    ask(house, journal, "movement")
    page = open_page(address, java_script_enabled=False)
    page.get_by_role("button", name="Done: Short break").click()
    expect(page.get_by_role("status")).to_contain_text("Short break: done.")
    page.get_by_role("button", name="Undo: Short break").click()
    expect(page.get_by_role("status")).to_contain_text("Short break: done taken back.")
    page.get_by_role("button", name="Log 250 ml").click()
    expect(page.get_by_role("status")).to_contain_text("250 ml logged.")
    page.get_by_text("Pause for a while").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status")).to_contain_text("Everything is paused until")
    page.get_by_role("button", name="Resume: Everything").click()
    expect(page.get_by_role("status")).to_contain_text("Everything: goes on.")
    expect(page.get_by_role("link", name="Refresh this page")).to_be_visible()
    assert states(journal)["movement"] is OccurrenceState.SENT


def test_a_bad_day_is_told_of_on_its_own_page_and_leads_back(
    journal: SqliteJournal, address: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(address)
    page.get_by_role("link", name="Is it a bad day for your back?").click()
    expect(page.get_by_role("heading", name="Emergency: act now")).to_be_visible()
    page.get_by_role("button", name="Let them rest").click()
    expect(page.get_by_role("status")).to_contain_text("this rests: Warm-up, Cool-down.")
    assert all(one.flare for one in journal.pauses("me", composition.now()))


def test_months_are_seen_at_a_glance_and_read_as_tables(open_page: Callable[..., Page], months: str) -> None:
    page = open_page(months)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("img", name=re.compile("^Water, last 7 days: done on"))).to_be_visible()
    squares = page.locator(".heat").first.locator("rect")
    assert squares.count() > 26 * 7 - 7
    filled = page.locator(".heat rect:not(.none)").first.evaluate("one => getComputedStyle(one).fill")
    empty = page.locator(".heat rect.none").first.evaluate("one => getComputedStyle(one).fill")
    assert filled != empty
    page.get_by_role("link", name="4 weeks", exact=True).click()
    table = page.locator("#weeks-table")
    table.locator("summary").click()
    expect(table.get_by_role("row")).to_have_count(5)
    expect(table.get_by_role("columnheader").first).to_have_text("Week")


def test_open_pages_do_not_keep_the_service_from_stopping_and_come_back_to_it(
    house: RealHouse, journal: SqliteJournal, open_page: Callable[..., Page], caplog: pytest.LogCaptureFixture
) -> None:
    with served(house) as address:
        page = open_page(address, is_left_alone=True)
        expect(page.locator(".live")).to_be_visible()
        page.wait_for_function("() => performance.getEntriesByType('resource').length > 0")
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
    ask(house, journal, "movement")
    with served(house, int(address.rpartition(":")[2])):
        expect(page.get_by_role("button", name="Done: Short break")).to_be_visible()
