"""Holds: who may come in, by which name, from which page, how often, and what every answer tells the browser."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from reminders.domain.errors import StartRefused
from reminders.domain.web import WebSpec
from reminders.web.app import build_app
from reminders.web.session import COOKIE, LIFE
from tests.web.place import ELSEWHERE, HERE, NOW, PUBLIC, TOKEN, Place, another, bearer, visitor

STATUS = "/api/v1/status"
PAUSES = "/api/v1/pauses"


def logged_in(place: Place, **rest: object) -> TestClient:
    client = visitor(place, token=TOKEN, **rest)  # type: ignore[arg-type]
    assert client.post("/login", data={"token": TOKEN}).status_code == 303
    return client


def app_of(client: TestClient) -> Starlette:
    app = client.app
    assert isinstance(app, Starlette)
    return app


# -- the door itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "fd00::1"])
@pytest.mark.parametrize(("public_url", "token"), [(None, None), (PUBLIC, None), (None, TOKEN)])
def test_a_door_that_other_machines_reach_needs_a_public_url_and_a_login(
    place: Place, host: str, public_url: str | None, token: str | None
) -> None:
    with pytest.raises(StartRefused, match="other machines could open the page"):
        build_app(place, WebSpec(port=8377, host=host, public_url=public_url), token)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "127.0.0.2"])
def test_a_door_of_this_machine_needs_neither(place: Place, host: str) -> None:
    build_app(place, WebSpec(port=8377, host=host), None)


# -- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["localhost:8377", "127.0.0.1:8377", "[::1]:8377", "LOCALHOST", "127.0.0.1:9000"])
def test_this_machines_own_names_lead_in(place: Place, name: str) -> None:
    assert visitor(place).get(STATUS, headers={"host": name}).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8377", "127.0.0.1@evil.example", "", "[::1",
     "127.0.0.1:99999", "localhost,evil.example", "0.0.0.0", "2130706433", "127.1"],
)  # fmt: skip
def test_another_name_that_leads_here_is_turned_away(place: Place, name: str) -> None:
    response = visitor(place).get(STATUS, headers={"host": name})
    assert (response.status_code, response.json()["error"]) == (403, "forbidden")


def test_the_public_name_leads_in_with_a_login(place: Place) -> None:
    client = visitor(place, token=TOKEN, at=PUBLIC, public_url=PUBLIC)
    assert client.get(STATUS, headers=bearer()).status_code == 200
    assert client.get(STATUS, headers={**bearer(), "host": "other.example"}).status_code == 403


# -- without a login -------------------------------------------------------------------------------------------------


def test_this_machine_comes_in_where_there_is_no_login(place: Place) -> None:
    client = visitor(place)
    assert client.get("/").status_code == 200
    assert client.get(STATUS).status_code == 200
    assert client.post("/api/v1/answers", json={"habit": "hydration", "verb": "done"}).status_code == 200


@pytest.mark.parametrize("peer", [ELSEWHERE, "10.0.0.3", "2001:db8::5", "testclient"])
def test_another_machine_does_not_whatever_name_it_uses(place: Place, peer: str) -> None:
    client = visitor(place, peer=peer)
    for path in ("/", STATUS, "/metrics", "/calendar.ics", "/events"):
        assert client.get(path).status_code == 403
    assert client.post("/api/v1/answers", json={"habit": "hydration", "verb": "done"}).status_code == 403


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "via", "x-real-ip", "x-forwarded-host"])
def test_who_comes_through_a_proxy_is_not_this_machine(place: Place, header: str) -> None:
    assert visitor(place).get(STATUS, headers={header: "127.0.0.1"}).status_code == 403


def test_where_people_come_by_a_public_url_this_machine_needs_a_login_too(place: Place) -> None:
    """A proxy may pass the world on as if it were this machine, and say nothing of it."""
    assert visitor(place, public_url=PUBLIC).get("/").status_code == 403
    assert visitor(place, public_url="http://localhost:8377").get("/").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/static/page.css"])
def test_what_names_nobody_is_open_to_all(place: Place, path: str) -> None:
    assert visitor(place, peer=ELSEWHERE).get(path).status_code == 200
    assert visitor(place, peer=ELSEWHERE, token=TOKEN, at=PUBLIC, public_url=PUBLIC).get(path).status_code == 200


# -- with a login ----------------------------------------------------------------------------------------------------


def test_with_a_login_this_machine_logs_in_too(place: Place) -> None:
    client = visitor(place, token=TOKEN)
    response = client.get("/history", headers={"accept": "text/html"})
    assert (response.status_code, response.headers["location"]) == (303, "/login?to=%2Fhistory")
    response = client.get(STATUS)
    assert (response.status_code, response.json()["error"]) == (401, "login_needed")
    assert response.headers["www-authenticate"] == "Bearer"
    assert client.post("/api/v1/answers", json={"habit": "hydration", "verb": "done"}).status_code == 401


def test_the_token_logs_in_and_leads_on(place: Place) -> None:
    client = visitor(place, token=TOKEN)
    assert 'name="token"' in client.get("/login").text
    response = client.post("/login", data={"token": TOKEN, "to": "/history"})
    assert (response.status_code, response.headers["location"]) == (303, "/history")
    cookie = response.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert TOKEN not in cookie
    assert client.get("/").status_code == 200
    assert client.get("/login").headers["location"] == "/"


def test_by_https_the_cookie_is_for_https_alone(place: Place) -> None:
    client = visitor(place, token=TOKEN, at=PUBLIC, public_url=PUBLIC)
    assert "Secure" in client.post("/login", data={"token": TOKEN}).headers["set-cookie"]


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""])
def test_the_login_leads_nowhere_else(place: Place, to: str) -> None:
    client = visitor(place, token=TOKEN)
    assert client.post("/login", data={"token": TOKEN, "to": to}).headers["location"] == "/"


@pytest.mark.parametrize("wrong", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "\u00e4"])
def test_a_wrong_token_is_told_in_constant_words(place: Place, wrong: str) -> None:
    client = visitor(place, token=TOKEN)
    response = client.post("/login", data={"token": wrong})
    assert response.status_code == 403
    assert "That is not the login token" in response.text
    assert COOKIE not in client.cookies
    assert wrong == "" or f'"{wrong}"' not in response.text


def test_after_five_wrong_tokens_an_address_waits(place: Place) -> None:
    client = visitor(place, token=TOKEN)
    tries = [client.post("/login", data={"token": "x"}).status_code for _ in range(6)]
    assert tries == [403] * 5 + [429]
    assert client.post("/login", data={"token": TOKEN}).status_code == 429
    elsewhere = another(client.app, peer=ELSEWHERE)
    assert elsewhere.post("/login", data={"token": TOKEN}).status_code == 303


def test_logging_out_ends_the_session_wherever_its_cookie_is(place: Place) -> None:
    client = logged_in(place)
    name = client.cookies[COOKIE]
    client.post("/logout", data={"csrf_token": mark_of(client)})
    assert client.get(STATUS).status_code == 401
    assert client.get(STATUS, headers={"cookie": f"{COOKIE}={name}"}).status_code == 401


def test_a_session_that_is_not_used_ends(place: Place) -> None:
    client = logged_in(place)
    place.moment = NOW + LIFE
    assert client.get(STATUS).status_code == 401


def test_a_session_that_is_used_goes_on(place: Place) -> None:
    client = logged_in(place)
    for _ in range(3):
        place.moment += LIFE * 0.9
        assert client.get(STATUS).status_code == 200


@pytest.mark.parametrize("name", ["x", "x" * 5000, "", "\x7f"])
def test_a_made_up_session_is_none(place: Place, name: str) -> None:
    assert visitor(place, token=TOKEN).get(STATUS, headers={"cookie": f"{COOKIE}={name}"}).status_code == 401


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer  {TOKEN} ", 200),
        ("Basic YW55Ym9keTowMTIzNDU2Nzg5YWJjZGVmLXNlY3JldA==", 200),
        ("Basic MDEyMzQ1Njc4OWFiY2RlZi1zZWNyZXQ6", 401),  # as the name, not the password
        ("Basic !!!", 401),
        ("Basic /w==", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Digest {TOKEN}", 401),
        (TOKEN, 401),
        ("Bearer", 401),
    ],
)
def test_programs_send_the_token_along(place: Place, header: str, status: int) -> None:
    client = visitor(place, token=TOKEN, peer=ELSEWHERE, at=PUBLIC, public_url=PUBLIC)
    assert client.get(STATUS, headers={"authorization": header}).status_code == status


def test_a_calendar_program_is_asked_for_a_password(place: Place) -> None:
    response = visitor(place, token=TOKEN).get("/calendar.ics")
    assert (response.status_code, response.headers["www-authenticate"][:5]) == (401, "Basic")


# -- where a change may come from ------------------------------------------------------------------------------------


def mark_of(client: TestClient, path: str = "/") -> str:
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', client.get(path).text)
    assert found is not None
    return found[1]


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "http://127.0.0.1:3000"},
    {"origin": "https://127.0.0.1:8377.evil.example"},
    {"origin": "http://localhost:8377"},  # this machine by another name: another page to a browser
    {"origin": "ftp://127.0.0.1:8377"},
    {"origin": "http://127.0.0.1:x"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": HERE},
    {"sec-fetch-site": "cross-site", "origin": "null"},
    {"referer": "https://evil.example/page"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/api/v1/answers", "/api/v1/undo", "/today/answer", "/login", "/logout", "/a/token"])
def test_another_site_changes_nothing(place: Place, headers: dict[str, str], path: str) -> None:
    before = place.events()
    client = visitor(place)
    answer = {"habit": "hydration", "verb": "done"}
    assert client.post(path, json=answer, headers=headers).status_code == 403
    assert client.delete(PAUSES, headers=headers).status_code == 403
    assert place.events() == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": HERE},
        {"origin": HERE, "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"referer": f"{HERE}/history"},
    ],
)
def test_our_own_page_and_a_program_may_change(place: Place, headers: dict[str, str]) -> None:
    answer = {"habit": "hydration", "verb": "done"}
    assert visitor(place).post("/api/v1/answers", json=answer, headers=headers).status_code == 200


def test_the_public_page_may_change_behind_a_proxy_that_names_itself(place: Place) -> None:
    client = visitor(place, token=TOKEN, public_url=PUBLIC, headers=bearer())
    answer = {"habit": "hydration", "verb": "done"}
    assert client.post("/api/v1/answers", json=answer, headers={"origin": PUBLIC}).status_code == 200
    assert client.post("/api/v1/answers", json=answer, headers={"origin": f"{PUBLIC}:444"}).status_code == 403


def test_a_browser_that_hides_its_page_may_not_use_the_api(place: Place) -> None:
    answer = {"habit": "hydration", "verb": "done"}
    response = visitor(place).post("/api/v1/answers", json=answer, headers={"origin": "null"})
    assert response.status_code == 403


@pytest.mark.parametrize("token", [None, TOKEN])
def test_a_form_without_its_visitors_mark_is_refused(place: Place, token: str | None) -> None:
    client = visitor(place) if token is None else logged_in(place)
    before = place.events()
    for mark in ({}, {"csrf_token": "x"}, {"csrf_token": "\u00e4"}):
        response = client.post("/today/water", data={"amount_ml": "250", **mark}, headers={"origin": "null"})
        assert response.status_code == 403
    assert place.events() == before
    response = client.post("/today/water", data={"amount_ml": "250", "csrf_token": mark_of(client)})
    assert response.status_code == 303
    assert place.events() > before


def test_the_mark_of_one_session_is_none_of_anothers(place: Place) -> None:
    first = logged_in(place)
    second = another(first.app)
    second.post("/login", data={"token": TOKEN})
    response = second.post("/today/water", data={"amount_ml": "250", "csrf_token": mark_of(first)})
    assert response.status_code == 403


# -- how much and how often ------------------------------------------------------------------------------------------


def test_after_thirty_requests_at_once_an_address_waits(place: Place) -> None:
    client = visitor(place)
    answers = [client.get("/healthz") for _ in range(60)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert int(refused[0].headers["retry-after"]) >= 1
    assert refused[0].headers["connection"] == "close"
    assert another(client.app, peer=ELSEWHERE).get("/healthz").status_code == 200


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(place: Place) -> None:
    client = visitor(place, trusted_proxies=("10.0.0.0/8",), peer="10.1.2.3")
    for number in range(60):
        response = client.get("/healthz", headers={"x-forwarded-for": f"203.0.113.{number}"})
        assert response.status_code == 200
    stranger = another(client.app, peer=ELSEWHERE)
    codes = {stranger.get("/healthz", headers={"x-forwarded-for": f"203.0.113.{n}"}).status_code for n in range(60)}
    assert codes == {200, 429}


def test_what_is_said_of_the_hops_before_a_trusted_proxy_is_not_believed(place: Place) -> None:
    client = visitor(place, trusted_proxies=("10.1.2.3",), peer="10.1.2.3")
    codes = {
        client.get("/healthz", headers={"x-forwarded-for": f"203.0.113.{n}, {ELSEWHERE}"}).status_code
        for n in range(60)
    }
    assert codes == {200, 429}


def test_one_household_of_ipv6_is_one_address(place: Place) -> None:
    app = visitor(place).app
    codes = {another(app, peer=f"2001:db8::{n:x}").get("/healthz").status_code for n in range(60)}
    assert codes == {200, 429}


@pytest.mark.parametrize("path", ["/api/v1/answers", "/login", "/a/token"])
def test_more_than_four_kilobytes_are_refused(place: Place, path: str) -> None:
    client = visitor(place, headers=bearer(), token=TOKEN)
    assert client.post(path, content=b"x" * 4097).status_code == 413

    def in_pieces() -> object:
        for _ in range(5):
            yield b"x" * 1000

    response = client.post(path, content=in_pieces(), headers={"content-type": "application/json"})  # type: ignore[arg-type]
    assert response.status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e9", "9" * 400, "4097"])
def test_a_length_that_is_none_is_refused(place: Place, length: str) -> None:
    response = visitor(place).post("/api/v1/answers", content=b"{}", headers={"content-length": length})
    assert response.status_code == 413


# -- what every answer says ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", STATUS, "/healthz", "/nowhere", "/api/v1/nowhere", "/a/x", "/static/page.css", "/login"]
)
def test_every_answer_shows_nothing_of_others_and_keeps_nothing(place: Place, path: str) -> None:
    headers = visitor(place, peer="127.0.0.1").get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")
    assert headers["date"] == "Tue, 24 Mar 2026 10:20:00 GMT"
    assert not [name for name in headers if name.startswith("access-control")]
    assert "server" not in headers


def test_a_preflight_of_another_site_learns_nothing(place: Place) -> None:
    response = visitor(place).options(
        "/api/v1/answers",
        headers={"origin": "https://evil.example", "access-control-request-method": "POST"},
    )
    assert response.status_code == 405
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_an_error_of_ours_tells_nothing_and_has_the_same_headers(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> object:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(place, "service", fail)
    app = visitor(place).app
    client = TestClient(app, base_url=HERE, client=("127.0.0.1", 1), raise_server_exceptions=False)
    response = client.get("/healthz")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.headers["cache-control"] == "no-store"
