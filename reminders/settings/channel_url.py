"""What may stand for a channel: an Apprise URL, ``desktop://`` or ``console://``. Its text is never in a message."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, unquote_plus

from reminders.catalogue.phrases import phrase, say
from reminders.domain.channel import ChannelKind
from reminders.settings.mistakes import FOUND, Mistake

_SCHEMA = re.compile(r"([A-Za-z0-9][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_SECOND_URL = re.compile(r"[\s,;][A-Za-z0-9]{2,20}://")
_OURS = {"desktop": ChannelKind.DESKTOP, "console": ChannelKind.CONSOLE}
OUR_SCHEMAS = frozenset(_OURS)
# attach would read any file of this machine; retry and optional would blur what was sent and what was not
_REFUSED_OPTIONS = ("attach", "retry", "optional")
# the system log, a lamp, a program started here
_LOCAL_SCHEMAS = frozenset({"syslog", "blink1", "deltachat", "deltachats"})
_NTFY = frozenset({"ntfy", "ntfys"})
# Apprise's own ways to the desktop of this machine
_DESKTOP_SCHEMAS = frozenset({"dbus", "glib", "gnome", "kde", "macosx", "qt", "windows"})
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}", re.ASCII)
_FORM = phrase("write a URL such as ntfys://${NTFY_TOPIC}, mailtos://..., or desktop://")


def parse_channel_url(value: object) -> str:
    """Return the URL, filled in and checked; raise Mistake otherwise. Whether its service exists is found later."""
    match = _SCHEMA.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise Mistake(say("{found} is not a channel", found=FOUND), hint=say(_FORM))
    schema, rest = match.groups()
    if _SECOND_URL.search(rest):
        hint = say("give each a name of its own, and list both in send_to")
        raise Mistake(say("two URLs stand in one channel"), hint=hint)
    if any(character.isspace() or not character.isprintable() for character in rest):
        raise Mistake(say("the URL holds a space, a line break or the like"), hint=say("write %20 for a space"))
    if schema.lower() in _LOCAL_SCHEMAS:
        raise Mistake(say("this URL acts on this machine only and reaches nobody"), hint=say(_FORM))
    if schema.lower() in _OURS and rest:
        raise Mistake(say('"{schema}://" takes nothing after it', schema=schema.lower()))
    if schema.lower() not in _OURS and not rest.strip("/"):
        raise Mistake(say("the URL ends after its schema"), hint=say(_FORM))
    _refuse_options(rest)
    return match[0]


def schema_of(url: str) -> str:
    """Return what stands before ``://``, in lower case."""
    return url.strip().partition("://")[0].lower()


def kind_of(url: str) -> ChannelKind:
    """Tell who carries messages to a URL that was checked."""
    return _OURS.get(schema_of(url), ChannelKind.APPRISE)


def is_of_this_desktop(url: str) -> bool:
    """Tell whether a URL that was checked is one of Apprise's own for the desktop of this machine."""
    return schema_of(url) in _DESKTOP_SCHEMAS


def parse_url_file(value: object) -> str:
    """Return the absolute path of a file that holds a URL; raise Mistake otherwise. The file is read at sending."""
    if not isinstance(value, str) or not Path(value).is_absolute():
        hint = say("write a path such as {example}", example="/run/secrets/phone")
        raise Mistake(say("{found} is not an absolute path", found=FOUND), hint=hint)
    return value


def parse_topic(value: object) -> str:
    """Return the name of an ntfy topic, filled in and checked; raise Mistake otherwise. It is as good as a password."""
    if not isinstance(value, str):
        raise Mistake(say("the topic is not text"), hint=say("put it in quotes"))
    if not _TOPIC.fullmatch(value):
        raise Mistake(say("this cannot name an ntfy topic"), allowed=say("1 to 64 letters out of A-Z a-z 0-9 _ -"))
    return value


def has_answer_topics(url: str) -> bool:
    """Tell whether a URL that was checked is one of ntfy, whose buttons can answer through a topic."""
    return schema_of(url) in _NTFY


def topics_of(url: str) -> frozenset[str]:
    """Return what may be a topic in a checked URL of ntfy; its host is one when it stands alone."""
    place = url.partition("://")[2].partition("?")[0].rpartition("@")[2].strip("/")
    host, *topics = place.split("/")
    return frozenset(map(unquote, topics or [host]))


def _refuse_options(rest: str) -> None:
    for option in re.split(r"[?&;]", rest)[1:]:
        name = unquote_plus(option.partition("=")[0]).strip().lower()
        if name in _REFUSED_OPTIONS:
            hint = say("leave {what} out", what=f'"{name}=..."')
            raise Mistake(say('the option "{name}" is not allowed in a URL', name=name), hint=hint)
