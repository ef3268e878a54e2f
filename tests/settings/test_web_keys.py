"""The page's door: where it listens, who may come in, and that nobody reads the secret in what we say or store."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from reminders.domain.household import Household
from reminders.domain.web import WebSpec
from reminders.settings.compiled import household_from_json, household_to_json
from reminders.settings.mistakes import Mistake
from reminders.settings.problems import problems_json
from reminders.settings.reading import Reading
from reminders.settings.web_values import parse_host, parse_login_token, parse_proxies, parse_public_url

AsHousehold = Callable[..., Household]
Read = Callable[..., Reading]
TOKEN = "0f5c2ab94e6d71883c2d"
OPEN = "web: {host: 0.0.0.0, public_url: https://reminders.example.org, login_token: '${WEB_TOKEN}'}\n"


def test_the_page_is_for_this_machine_only_unless_the_file_says_otherwise(household: AsHousehold) -> None:
    assert household("me: {}\n").web == WebSpec(port=8377, host="127.0.0.1")
    assert household("me: {}\nweb: {}\n").web == WebSpec(port=8377)
    assert household("me: {}\nweb: off\n").web is None


def test_every_key_of_the_page_reaches_the_domain(household: AsHousehold) -> None:
    text = (
        "web:\n  port: 9000\n  host: '::'\n  public_url: https://reminders.example.org/nudges/\n"
        "  login_token_file: /run/secrets/web\n  required: true\n"
        "  trusted_proxies: [172.17.0.1, 10.1.2.3/8, localhost]\n"
    )
    assert household(text).web == WebSpec(
        port=9000,
        host="::",
        public_url="https://reminders.example.org/nudges",
        login_token_file="/run/secrets/web",
        trusted_proxies=("172.17.0.1", "10.0.0.0/8", "127.0.0.1"),
        required=True,
    )


def test_a_token_of_the_environment_is_kept_as_it_was_written(household: AsHousehold) -> None:
    found = household(OPEN, {"WEB_TOKEN": TOKEN})
    assert found.web is not None
    assert found.web.login_token == "${WEB_TOKEN}"
    assert TOKEN not in json.dumps(household_to_json(found))
    assert household_from_json(household_to_json(found)) == found


def test_a_token_that_stands_in_the_file_is_taken_as_it_stands(household: AsHousehold) -> None:
    found = household(f"web: {{login_token: {TOKEN}}}\n").web
    assert found is not None
    assert found.login_token == TOKEN
    assert TOKEN not in repr(found)


def test_variables_set_the_door_and_a_token_of_digits_is_text(household: AsHousehold) -> None:
    environment = {
        "REMINDERS_WEB__PORT": "9001",
        "REMINDERS_WEB__HOST": "0.0.0.0",
        "REMINDERS_WEB__PUBLIC_URL": "https://reminders.example.org",
        "REMINDERS_WEB__LOGIN_TOKEN": "12345678901234567890",
        "REMINDERS_WEB__TRUSTED_PROXIES": "172.16.0.0/12",
        "REMINDERS_WEB__REQUIRED": "true",
    }
    assert household("me: {}\n", environment).web == WebSpec(
        port=9001,
        host="0.0.0.0",
        public_url="https://reminders.example.org",
        login_token="${REMINDERS_WEB__LOGIN_TOKEN}",
        trusted_proxies=("172.16.0.0/12",),
        required=True,
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "'::'", "10.0.0.1"])
@pytest.mark.parametrize(
    "rest",
    ["", ", public_url: 'https://x.example'", f", login_token: {TOKEN}", ", login_token_file: /run/secrets/web"],
)
def test_a_door_to_other_machines_needs_a_public_url_and_a_token(read: Read, host: str, rest: str) -> None:
    reading = read(f"web: {{host: {host}{rest}}}\n")
    assert reading.household is None
    (problem,) = reading.problems
    assert (problem.key, problem.line, problem.column) == ("web.host", 1, 13)
    assert "needs public_url and login_token" in problem.message
    assert problem.hint is not None
    assert ("login_token: " in problem.hint) == ("login_token" not in rest)
    assert ("public_url: " in problem.hint) == ("public_url" not in rest)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "'::1'", "localhost"])
def test_a_door_to_this_machine_needs_neither(household: AsHousehold, host: str) -> None:
    assert household(f"web: {{host: {host}}}\n").web is not None


def test_a_wrong_token_is_not_told_again_as_a_missing_one(read: Read) -> None:
    reading = read(OPEN, {"WEB_TOKEN": "short"})
    assert [problem.key for problem in reading.problems] == ["web.login_token"]
    reading = read(OPEN, {})
    assert [problem.key for problem in reading.problems] == ["web.login_token"]


SECRET = "tk_5ecret"
SPILLS = [
    f"web: {{login_token: {SECRET}}}",
    f"web: {{login_token: '{SECRET} {SECRET}'}}",
    f"web: {{login_token: [{SECRET}]}}",
    f"web: {{login_token: {SECRET}aaaaaaaaaaaaaaaaaa, login_token_file: /x}}",
    f"web: {{host: 0.0.0.0, login_token: {SECRET}aaaaaaaaaaaaaaaaaa}}",
    f"web: {{public_url: 'https://alex:{SECRET}@x.example'}}",
    f"web: {{public_url: 'ftp://alex:{SECRET}@x.example'}}",
    f"web: {{public_url: 'https://[{SECRET}'}}",
    "web: {login_token: '${TOKEN}'}",
    "web: {host: '${TOKEN}', trusted_proxies: ['${TOKEN}'], public_url: '${TOKEN}'}",
    f"channels: {{phone: {{url: 'ntfys://x', answer_topic: '{SECRET}/'}}}}",
    f"channels: {{phone: {{url: 'ntfys://{SECRET}', answer_topic: {SECRET}}}}}",
    f"channels: {{mail: {{url: 'mailto://a:b@c.d', answer_topic: {SECRET}}}}}",
]


@pytest.mark.parametrize("text", SPILLS)
def test_a_secret_of_the_page_never_stands_in_a_problem(read: Read, text: str) -> None:
    reading = read(text, {"TOKEN": SECRET})
    assert reading.household is None
    assert SECRET not in str(problems_json(reading.problems))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://reminders.example.org/", "https://reminders.example.org"),
        (" http://192.168.1.20:8377 ", "http://192.168.1.20:8377"),
        ("https://[fd00::1]/nudges//", "https://[fd00::1]/nudges"),
    ],
)
def test_a_public_url_loses_its_last_slash(text: str, url: str) -> None:
    assert parse_public_url(text) == url


@pytest.mark.parametrize(
    "wrong",
    ["reminders.example.org", "https://", "https://x:y@z", "https://x/?a=b", "https://x/#a", "https://x y", "ftp://x",
     "https://x:99999", "https://x:0", "https://[::1", "https://-x", "https://x/\x07", "", 7, None, [], True],
)  # fmt: skip
def test_what_is_no_public_url_is_refused(wrong: object) -> None:
    with pytest.raises(Mistake):
        parse_public_url(wrong)


@pytest.mark.parametrize("wrong", ["", "*", "example.org", "127.0.0.1:80", "[::1]", 0, 2130706433, True, None, []])
def test_what_is_no_address_to_listen_on_is_refused(wrong: object) -> None:
    with pytest.raises(Mistake):
        parse_host(wrong)


@pytest.mark.parametrize("wrong", ["a" * 15, "a" * 257, "a" * 15 + " ", "a" * 15 + "\n", 10**20, None, [], True])
def test_what_is_no_token_is_refused(wrong: object) -> None:
    with pytest.raises(Mistake):
        parse_login_token(wrong)


@pytest.mark.parametrize("wrong", ["nginx", "0.0.0.0/0", "::/0", "10.0.0.0/33", 3, None, [True], {}])
def test_what_is_no_proxy_is_refused(wrong: object) -> None:
    with pytest.raises(Mistake):
        parse_proxies(wrong)
