"""Take messages back from an ntfy server: the child of a channel, without Apprise. What it says holds no address.

A message is deleted by its sequence id. Where something in between lets no DELETE through, an update without a sound
takes its place. Nothing is tried twice, and a server that refuses is left alone.
"""

from __future__ import annotations

import http.client
import json
import os
import ssl
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.header import Header
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from reminders.channels.channel_url import complete_url, schema_of
from reminders.channels.ntfy_address import SCHEMAS, NtfyAddress, ntfy_address
from reminders.channels.ntfy_message import SEQUENCE
from reminders.channels.unbuildable import ChannelUnbuildable

DELETE_IS_UNKNOWN = frozenset({404, 405, 501})
LEAST_SECONDS = 0.1
LOWEST_PRIORITY = "1"


class _NoRedirects(HTTPRedirectHandler):
    """A login must not follow a redirect to another server."""

    def redirect_request(self, *_arguments: Any, **_options: Any) -> None:
        """Follow none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """One ntfy server to ask, until ``deadline`` as ``time.monotonic()`` counts.

    ``over_title`` and ``over_text`` take the place of a message that cannot be deleted.
    """

    address: NtfyAddress
    deadline: float
    over_title: str
    over_text: str

    def take_back(self, topic: str, sequence: str) -> bool:
        """Delete a message, or put an update in its place; True when the server took either."""
        status = self._ask("DELETE", f"{topic}/{sequence}", {})
        if status in DELETE_IS_UNKNOWN:
            headers = {"X-Sequence-ID": sequence, "X-Title": _encoded(self.over_title), "X-Priority": LOWEST_PRIORITY}
            status = self._ask("POST", topic, headers, self.over_text.encode())
        return status == http.client.OK

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> int | None:
        """Return the status of the answer; None = there was none in time."""
        login = {} if self.address.authorization is None else {"Authorization": self.address.authorization}
        request = Request(  # noqa: S310 - the address begins with http:// or https://, made by ``ntfy_address``
            f"{self.address.base_url}/{path}", data=body, method=method, headers={**headers, **login}
        )
        try:
            with self._opener().open(request, timeout=self._left()) as reply:
                return int(reply.status)
        except HTTPError as error:
            return error.code
        except (OSError, http.client.HTTPException, ValueError):
            return None

    def _opener(self) -> OpenerDirector:
        if self.address.verify:
            return build_opener(_NoRedirects)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return build_opener(_NoRedirects, HTTPSHandler(context=context))

    def _left(self) -> float:
        return max(self.deadline - time.monotonic(), LEAST_SECONDS)


def main() -> None:
    """Answer one request from standard input with how many messages were taken back."""
    request = json.load(sys.stdin)
    json.dump({"taken_back": _take_back(request)}, sys.stdout)


def _take_back(request: Mapping[str, Any]) -> int:
    try:
        address = _address(request)
    except ChannelUnbuildable:
        return 0
    if address is None:
        return 0
    server = Server(
        address=address,
        deadline=time.monotonic() + request["total_seconds"],
        over_title=request["over_title"],
        over_text=request["over_text"],
    )
    taken = 0
    for sequence in filter(SEQUENCE.match, request["external_ids"]):
        answers = [server.take_back(topic, sequence) for topic in address.topics]
        taken += any(answers)
        if time.monotonic() >= server.deadline:
            break
    return taken


def _encoded(text: str) -> str:
    """Return a header's text in ASCII, as RFC 2047 writes what is more."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=1000).encode()


def _address(request: Mapping[str, Any]) -> NtfyAddress | None:
    """Return where the channel's messages are; None = its URL is another service's now."""
    url = complete_url(request["url"], request["url_file"], os.environ)
    return ntfy_address(url, None) if schema_of(url) in SCHEMAS else None


if __name__ == "__main__":
    main()
