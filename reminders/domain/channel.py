"""A channel: a named way to reach people."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ChannelKind(StrEnum):
    """Who carries the message."""

    DESKTOP = "desktop"  # ours: the desktop's notification service, with buttons
    CONSOLE = "console"  # ours: printed where the daemon runs
    APPRISE = "apprise"  # any Apprise URL


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelSpec:
    """A channel as the file names it.

    ``url`` is the Apprise URL with ``${NAME}`` not yet filled in, so that what comes from the environment is never
    stored; ``url_file`` names a file that holds the URL. Exactly one of the two is set for ``ChannelKind.APPRISE``.
    ``discreet`` asks for neutral text without health words. ``hears_answers`` says whether the buttons of an ntfy
    message may answer through a topic on the same server; ``answer_topic`` is its name, ``${NAME}`` not yet filled in,
    None = made from the channel's own topic.
    """

    name: str
    kind: ChannelKind
    url: str | None = field(default=None, repr=False)
    url_file: str | None = None
    discreet: bool = False
    hears_answers: bool = True
    answer_topic: str | None = field(default=None, repr=False)
