"""Where an ntfy channel's messages and their answers live: server, topics and login, read from its URL without Apprise.

The daemon follows the answer topic and the sender's child posts to it: both ask here, so that they mean the same one.
The URL is read as Apprise reads it; a test holds the two against each other.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import IPv6Address
from urllib.parse import unquote

from reminders.catalogue.phrases import phrase
from reminders.channels.channel_url import complete_url, fill_in, query_values, schema_of
from reminders.channels.unbuildable import ChannelUnbuildable
from reminders.domain.channel import ChannelSpec

SCHEMAS = frozenset({"ntfy", "ntfys"})
CLOUD_URL = "https://ntfy.sh"
CLOUD_HOST = "ntfy.sh"
ANSWERS_SUFFIX = "-answers"
TOPIC_LETTERS_AT_MOST = 64
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_ACCESS_TOKEN = re.compile(r"tk_[^ \t]+", re.IGNORECASE)
_HOST_LABEL = re.compile(r"([a-z0-9][a-z0-9_-]{1,62}|[a-z_-])(?<![_-])\Z", re.IGNORECASE)
_IP_V4 = re.compile(r"((25[0-5]|2[0-4]\d|[01]?\d?\d)(\.(?!\Z)|\Z)){4}", re.ASCII)
_FOUR_NUMBERS = re.compile(r"\d+(\.\d+){3}\Z", re.ASCII)
_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9a-f:]+\]|[^:]+):(?P<port>\d+)\Z", re.IGNORECASE | re.ASCII)
_PATH_SEPARATORS = re.compile(r"[ \t\r\n,\\/]+")
_LIST_SEPARATORS = re.compile(r"[\[\];,\s]+")
_REFUSING_WORDS = ("de", "di", "ne", "f", "n", "no", "of", "0", "fa")


@dataclass(frozen=True, kw_only=True, slots=True)
class NtfyAddress:
    """One ntfy channel's place.

    ``base_url`` is the server without a slash at the end. ``topics`` are the channel's, as the URL names them,
    ``answer_topic`` the one its buttons post to. ``authorization`` is the value of the header that logs in there; None
    = no login. ``verify`` False = the server's certificate is not checked. All of it is secret.
    """

    base_url: str = field(repr=False)
    topics: tuple[str, ...] = field(repr=False)
    answer_topic: str = field(repr=False)
    authorization: str | None = field(default=None, repr=False)
    verify: bool = True

    @property
    def topic(self) -> str:
        """The first of the topics, after which the answer topic is named."""
        return self.topics[0]

    @property
    def answers_url(self) -> str:
        """Where a button posts its answer."""
        return f"{self.base_url}/{self.answer_topic}"


def heard_address(spec: ChannelSpec, environment: Mapping[str, str]) -> NtfyAddress | None:
    """Return where answers to the channel's messages come in; None when it is no ntfy channel or hears none.

    Fills in ``${NAME}`` and reads the URL's file. Raises ChannelUnbuildable, whose text holds no part of the URL.
    """
    if not spec.hears_answers or (spec.url is None and spec.url_file is None):
        return None
    url = complete_url(spec.url, spec.url_file, environment)
    if schema_of(url) not in SCHEMAS:
        return None
    topic = None if spec.answer_topic is None else fill_in(spec.answer_topic, environment)
    return ntfy_address(url, topic)


def ntfy_address(url: str, answer_topic: str | None) -> NtfyAddress:
    """Read a complete ``ntfy://`` or ``ntfys://`` URL; ``answer_topic`` None = made from the channel's first topic.

    Raises ChannelUnbuildable when there is no topic or the answer topic cannot be one.
    """
    place, _, query = url.partition("://")[2].replace("/#", "/%23").partition("?")
    values = query_values(query)
    authority, path = _split_path(place)
    login, host, port = _split_authority(authority)
    names = [*path, *filter(None, _LIST_SEPARATORS.split(values.get("to", "")))]
    is_cloud = _is_cloud(values.get("mode"), host, names)
    if is_cloud and CLOUD_HOST not in host.lower():
        names = [host, *names]
    topics = tuple(dict.fromkeys(name for name in names if TOPIC.match(name)))
    if not topics:
        raise ChannelUnbuildable(phrase("the URL names no ntfy topic"))
    return NtfyAddress(
        base_url=CLOUD_URL if is_cloud else _base_url(schema_of(url), host, values.get("port") or port),
        topics=topics,
        answer_topic=_answer_topic(topics[0], answer_topic),
        authorization=None if is_cloud else _authorization(login, values),
        verify=not values.get("verify", "yes").lower()[:2].startswith(_REFUSING_WORDS),
    )


def answers_beside(topic: str) -> str:
    """Return the answer topic that goes with a topic: as hard to guess, and never longer than ntfy allows."""
    if len(topic) + len(ANSWERS_SUFFIX) <= TOPIC_LETTERS_AT_MOST:
        return topic + ANSWERS_SUFFIX
    return sha256(topic.encode()).hexdigest()[: TOPIC_LETTERS_AT_MOST - len(ANSWERS_SUFFIX)] + ANSWERS_SUFFIX


def _answer_topic(topic: str, chosen: str | None) -> str:
    if chosen is None:
        return answers_beside(topic)
    if not TOPIC.match(chosen):
        raise ChannelUnbuildable(phrase("answer_topic is no ntfy topic: it takes 1 to 64 letters, digits, _ and -"))
    if chosen == topic:
        raise ChannelUnbuildable(phrase("answer_topic must be another topic than the channel's own"))
    return chosen


def _split_path(place: str) -> tuple[str, list[str]]:
    authority, _, path = place.partition("#")[0].lstrip("/\\").partition("/")
    return authority.strip(), [unquote(name).strip() for name in _PATH_SEPARATORS.split(path) if name]


def _split_authority(authority: str) -> tuple[tuple[str, str] | None, str, str]:
    """Return the (user, password) in front of the host, as they stand, the host, and the port or nothing."""
    parts = re.split("@+", authority)
    host = parts[1] if len(parts) > 1 else parts[0]
    match = _HOST_AND_PORT.match(host)
    host, port = (match["host"], match["port"]) if match else (host, "")
    if len(parts) == 1:
        return None, host, port
    user, *password = re.split(":+", parts[0])
    return (user, password[0] if password else ""), host, port


def _is_cloud(mode: str | None, host: str, names: list[str]) -> bool:
    """Tell whether ntfy.sh is meant: said so, or what stands where the host would can only be a topic."""
    return mode.lower() == "cloud" if mode else not (_is_host(host) and names)


def _is_host(host: str) -> bool:
    if host.startswith("["):
        try:
            IPv6Address(host.strip("[]"))
        except ValueError:
            return False
        return True
    if _FOUR_NUMBERS.match(host):
        return _IP_V4.match(host) is not None
    return all(_HOST_LABEL.match(label) for label in host.removesuffix(".").split("."))


def _base_url(schema: str, host: str, port: str) -> str:
    return f"{'https' if schema == 'ntfys' else 'http'}://{host}{f':{port}' if port else ''}"


def _authorization(login: tuple[str, str] | None, values: Mapping[str, str]) -> str | None:
    """Return the header that logs in, by token or by name and password, as Apprise chooses between them."""
    user, password = login or ("", "")
    password = values.get("pass") or values.get("password") or password
    if "user" in values:
        # The one in front of the host is the password then, unless there is another.
        user, password = values["user"], password or user
    kind = values.get("auth", "").lower()
    is_token = bool(values.get("token")) or (bool(user) and not password and bool(_ACCESS_TOKEN.match(user)))
    if kind == "token" or (is_token and kind != "basic"):
        token = values.get("token") or unquote(password or user)
        return f"Bearer {token}" if token else None
    if not user:
        return None
    pair = f"{unquote(user)}:{unquote(password)}".encode()
    return f"Basic {base64.b64encode(pair).decode('ascii')}"
