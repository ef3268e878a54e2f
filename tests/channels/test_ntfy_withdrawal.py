"""Holds: an answered ntfy message is deleted by its sequence, or updated where no DELETE passes, and never harmed."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from tests.channels.ntfy_stand_in import NtfyServer, running_ntfy


def withdraw(channel: Any, *external_ids: str) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(*(channel.withdraw(one) for one in external_ids))

    asyncio.run(all_at_once())


def requests(ntfy: NtfyServer, method: str) -> list[str]:
    return [seen.path for seen in ntfy.seen if seen.method == method]


def test_a_message_is_deleted_on_the_same_server_with_the_same_login(ntfy: NtfyServer, phone: Any, send: Any) -> None:
    ntfy.requires("me", "pass,word")
    channel = phone(ntfy.url(user="me:pass%2Cword@"))
    sent = send(channel)
    withdraw(channel, sent.external_id)
    assert ntfy.shown() == []
    assert requests(ntfy, "DELETE") == [f"/health-topic/{sent.external_id}"]


def test_only_the_message_that_is_meant_goes(ntfy: NtfyServer, phone: Any, send: Any, a_message: Any) -> None:
    channel = phone(ntfy.url())
    first, second = send(channel), send(channel, a_message(nudge_id="n8"))
    withdraw(channel, first.external_id)
    assert [one["sequence_id"] for one in ntfy.shown()] == [second.external_id]


def test_a_message_on_several_topics_goes_from_all_of_them(ntfy: NtfyServer, phone: Any, send: Any) -> None:
    channel = phone(ntfy.url("one/two"))
    withdraw(channel, send(channel).external_id)
    assert (ntfy.shown("one"), ntfy.shown("two")) == ([], [])


@pytest.mark.parametrize("status", [404, 405, 501])
def test_where_no_delete_passes_a_silent_update_takes_its_place(
    ntfy: NtfyServer, phone: Any, send: Any, status: int
) -> None:
    channel = phone(ntfy.url())
    sent = send(channel)
    ntfy.refuses_methods, ntfy.refusal = frozenset({"DELETE"}), status
    withdraw(channel, sent.external_id)
    (shown,) = ntfy.shown()
    assert (shown["sequence_id"], shown["priority"], shown["message"]) == (sent.external_id, 1, "Answered, or over.")
    assert "actions" not in shown


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_server_that_refuses_is_asked_once_and_left_alone(
    ntfy: NtfyServer, phone: Any, send: Any, status: int
) -> None:
    channel = phone(ntfy.url())
    sent = send(channel)
    before = len(ntfy.seen)
    ntfy.refuses = status
    withdraw(channel, sent.external_id)
    assert [seen.method for seen in ntfy.seen[before:]] == ["DELETE"]


def test_a_login_does_not_follow_a_redirect(sink: Any, phone: Any) -> None:
    sink.answers(302, Location=f"http://localhost:{sink.port}/elsewhere")
    to_elsewhere = sink.behaviours[0]
    sink.answers(405)
    sink.behaviours.append(to_elsewhere)
    withdraw(phone(sink.url(user="me:pw@")), "s1")
    assert [(request.method, request.path) for request in sink.requests] == [
        ("DELETE", "/health-topic/s1"),
        ("POST", "/health-topic"),
    ]


def test_a_server_that_is_gone_or_hangs_costs_a_few_seconds_and_no_error(
    sink: Any, phone: Any, nobody_port: int
) -> None:
    withdraw(phone(f"ntfy://127.0.0.1:{nobody_port}/health-topic"), "s1")
    sink.hangs()
    began_at = time.monotonic()
    withdraw(phone(sink.url()), "s1")
    assert time.monotonic() - began_at < 6
    assert len(sink.requests) == 1


@pytest.mark.parametrize("external_id", ["", "17@5f3c01aa:1.23", "../other", "x" * 65, "ä"])
def test_what_no_ntfy_server_gave_is_not_taken_back(ntfy: NtfyServer, phone: Any, external_id: str) -> None:
    withdraw(phone(ntfy.url()), external_id)
    assert ntfy.seen == []


def test_what_went_to_another_service_stays(sink: Any, phone: Any) -> None:
    withdraw(phone(sink.url(schema="json")), "s1")
    assert sink.requests == []


def test_a_url_file_that_has_become_another_services_is_left_alone(
    ntfy: NtfyServer, phone: Any, send: Any, tmp_path: Any
) -> None:
    file = tmp_path / "phone"
    file.write_text(ntfy.url())
    channel = phone(url_file=str(file))
    sent = send(channel)
    for url in (f"json://127.0.0.1:{ntfy.port}/x", "nonsense"):
        file.write_text(url)
        withdraw(channel, sent.external_id)
    assert requests(ntfy, "DELETE") == []


def test_many_messages_are_taken_back_with_few_processes(ntfy: NtfyServer, phone: Any) -> None:
    from reminders.daemon.child import run_child  # noqa: PLC0415

    asked: list[int] = []

    async def counted(module: str, request: Any, **limits: Any) -> object:
        asked.append(len(request["external_ids"]))
        return await run_child(module, request, **limits)

    withdraw(phone(ntfy.url(), runner=counted), *(f"s{number}" for number in range(30)))
    assert sorted(requests(ntfy, "DELETE")) == sorted(f"/health-topic/s{number}" for number in range(30))
    assert len(asked) <= 3


def test_a_login_or_topic_is_in_no_process_list_while_a_message_is_taken_back(ntfy: NtfyServer, phone: Any) -> None:
    from tests.channels.test_ntfy_buttons import command_lines  # noqa: PLC0415

    processes: list[str] = []
    add = ntfy.add

    def note(*arguments: Any, **fields: Any) -> Any:
        processes.append(command_lines())
        return add(*arguments, **fields)

    ntfy.add = note  # type: ignore[method-assign]
    withdraw(phone(ntfy.url("sEcReTtOpIc", user="me:pAsSwOrD99@")), "s1")
    assert "reminders.channels.ntfy_withdrawal" in processes[0]
    assert "sEcReTtOpIc" not in processes[0]
    assert "pAsSwOrD99" not in processes[0]


def test_a_message_of_an_old_server_is_never_touched(phone: Any, send: Any) -> None:
    with running_ntfy(is_old=True) as old:
        assert send(phone(old.url())).external_id is None
