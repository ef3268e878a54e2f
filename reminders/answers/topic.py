"""Topics on ntfy servers that answers come in by, and a message on one. Everything that names a place is secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """Where to listen.

    ``base_url`` is the server without a slash at the end. ``authorization`` is the value of the header that logs in
    there; None = no login. ``verify`` False = its owner wants the server's certificate left unchecked.
    """

    base_url: str = field(repr=False)
    name: str = field(repr=False)
    authorization: str | None = field(default=None, repr=False)
    verify: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerTopics:
    """The topics to follow, by channel; ``unreadable`` says of other channels why theirs cannot be made out."""

    followed: Mapping[str, Topic] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicMessage:
    """One message; ``at`` is when the server took it, by its clock, None = it does not say. ``text`` is a secret."""

    id: str
    at: datetime | None
    text: str = field(repr=False)
