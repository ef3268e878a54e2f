"""Holds: the stand-in for an ntfy server reads buttons and sequences the way ntfy documents it."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

from tests.channels.ntfy_actions import Action, Refused, parse_actions
from tests.channels.ntfy_stand_in import NtfyServer


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        (
            'view, "Look, \\"ma\\"; commas", https://x.example; http, Close, https://y.example, clear=true',
            [
                Action(action="view", label='Look, "ma"; commas', url="https://x.example"),
                Action(action="http", label="Close", url="https://y.example", clear=True),
            ],
        ),
        (
            "action=http, label=Open, url=https://x.example, method=PUT, headers.Authorization=Bearer tk, body='a,b;c'",
            [
                Action(
                    action="http",
                    label="Open",
                    url="https://x.example",
                    method="PUT",
                    headers={"Authorization": "Bearer tk"},
                    body="a,b;c",
                )
            ],
        ),
        ('[{"action":"view","label":"L","url":"u"}]', [Action(action="view", label="L", url="u")]),
        ("", []),
    ],
)
def test_buttons_are_read_in_both_formats(text: str, actions: list[Action]) -> None:
    assert parse_actions(text) == actions


@pytest.mark.parametrize(
    "text",
    [
        "view, Label",
        "fly, Label, https://x",
        "http, , https://x",
        "[{]",
        'view, "open',
        "view, a, b, nonsense=1",
        "view, a, https://x; view, b, https://x; view, c, https://x; view, d, https://x",
    ],
)
def test_buttons_that_ntfy_would_not_take_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_actions(text)


def ask(ntfy: NtfyServer, method: str, path: str, body: str = "", **headers: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", ntfy.port, timeout=5)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())
    finally:
        connection.close()


def test_a_sequence_is_published_updated_cleared_and_deleted(ntfy: NtfyServer) -> None:
    status, told = ask(ntfy, "POST", "/t", "one", X_Sequence_ID="s1", X_Title="=?UTF-8?B?w5xi?=")
    assert (status, told["sequence_id"], told["title"]) == (200, "s1", "Üb")
    assert ask(ntfy, "PUT", "/t/s1", "two")[1]["sequence_id"] == "s1"
    assert [one["message"] for one in ntfy.shown("t")] == ["two"]
    assert ask(ntfy, "PUT", "/t/s1/clear")[1]["event"] == "message_clear"
    assert ask(ntfy, "DELETE", "/t/s1")[1]["event"] == "message_delete"
    assert ntfy.shown("t") == []
    ntfy.is_old = True
    assert ask(ntfy, "DELETE", "/t/s1")[0] == 404
    assert "sequence_id" not in ask(ntfy, "POST", "/t", "one", X_Sequence_ID="s1")[1]


def test_a_login_is_wanted_where_it_is_wanted(ntfy: NtfyServer) -> None:
    ntfy.requires("me", "pw")
    ntfy.open_topics = frozenset({"open"})
    assert ask(ntfy, "POST", "/t", "x")[0] == 403
    assert ask(ntfy, "POST", "/t", "x", Authorization="Basic wrong")[0] == 401
    assert ask(ntfy, "POST", "/t", "x", Authorization=ntfy.login or "")[0] == 200
    assert ask(ntfy, "POST", "/open", "x")[0] == 200


def test_a_stream_opens_gives_what_is_kept_and_what_comes(ntfy: NtfyServer) -> None:
    ntfy.keepalive_seconds = 0.1
    first, second = (ntfy.publish("t", text) for text in ("one", "two"))
    ntfy.publish("other", "not here")
    connection = http.client.HTTPConnection("127.0.0.1", ntfy.port, timeout=5)
    try:
        connection.request("GET", f"/t/json?since={first['id']}")
        reply = connection.getresponse()
        assert json.loads(reply.readline())["event"] == "open"
        assert json.loads(reply.readline())["id"] == second["id"]
        assert json.loads(reply.readline())["event"] == "keepalive"
        third = ntfy.publish("t", "three")
        heard = json.loads(reply.readline())
        while heard["event"] == "keepalive":
            heard = json.loads(reply.readline())
        assert heard["id"] == third["id"]
        ntfy.cut_streams()
        assert b'"message"' not in reply.read()
    finally:
        connection.close()
