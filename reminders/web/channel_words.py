"""What a channel is and can do, in words; never its address."""

from __future__ import annotations

import re

from reminders.catalogue.phrases import say
from reminders.domain.channel import ChannelKind, ChannelSpec

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,31}")
_NTFY = frozenset({"ntfy", "ntfys"})


def kind_words(spec: ChannelSpec) -> str:
    """Return what carries the message: ``desktop notification``, ``ntfys, through Apprise``."""
    match spec.kind:
        case ChannelKind.DESKTOP:
            return say("desktop notification")
        case ChannelKind.CONSOLE:
            return say("printed where the service runs")
        case ChannelKind.APPRISE:
            scheme = _scheme(spec)
            return say("{scheme}, through Apprise", scheme=scheme) if scheme else say("through Apprise")


def ability_words(spec: ChannelSpec) -> list[str]:
    """Return what the channel can do beside showing text."""
    found = []
    if spec.kind is ChannelKind.DESKTOP:
        found.append(say("has the buttons Done, Snooze and Skip"))
    elif _scheme(spec) in _NTFY and spec.hears_answers:
        found.append(say("has buttons, and hears the answers"))
    else:
        found.append(say("has no buttons: answer here, or by command"))
    if spec.discreet:
        found.append(say("discreet: neutral words, nothing about health"))
    if spec.url_file is not None:
        found.append(say("its address is read from a file"))
    return found


def _scheme(spec: ChannelSpec) -> str:
    """Return the scheme when the file spells it out; one from the environment is not known."""
    scheme, separator, _ = (spec.url or "").partition("://")
    return scheme if separator and _SCHEME.fullmatch(scheme) else ""
