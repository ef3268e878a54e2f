"""What a channel's URL may hold, and how it is completed. Knows nothing of Apprise, so the daemon can ask cheaply.

No text that leaves this module holds any part of a URL: an ntfy topic is as good as a password.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from reminders.catalogue.phrases import phrase
from reminders.channels.unbuildable import ChannelUnbuildable

URL_LIMIT_BYTES = 16 * 1024
PLACEHOLDER = re.compile(r"\$(?:\$|\{(?P<name>[^{}]*)\})")
VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
SCHEMA = re.compile(r"(?P<schema>[a-z0-9][a-z0-9+.-]*)://\S*\Z", re.IGNORECASE)

# Reading files of this machine, trying again and hiding a failure are not a URL's to ask for.
REFUSED_KEYS = {
    "attach": phrase("files are never attached"),
    "retry": phrase("retries are ours, so that none is sent twice unseen"),
    "optional": phrase("it would report a failure as a success"),
}
# These act on this machine instead of reaching a person: the system log, a lamp, a program started here.
REFUSED_SCHEMAS = frozenset({"syslog", "blink1", "deltachat", "deltachats"})
_UNSET = phrase("the environment variable {name} is not set")
_UNOPENED = phrase('url_file "{file}" cannot be opened: {reason}')
_NO_FILE = phrase('url_file "{file}" is not a plain file')
_TOO_LONG = phrase('url_file "{file}" is longer than {bytes} bytes')
_NO_LINE = phrase('url_file "{file}" must hold one line, the URL')
_REACHES_NOBODY = phrase("{schema}:// acts on this machine only and reaches nobody")
_NOT_ALLOWED = phrase('"{key}" is not allowed in the URL: {reason}')


def complete_url(url: str | None, url_file: str | None, environment: Mapping[str, str]) -> str:
    """Return the URL with every ``${NAME}`` filled in once, or what ``url_file`` holds as it stands.

    Raises ChannelUnbuildable for an unset name, an unreadable file or a URL that is not to be used.
    """
    complete = read_url_file(url_file) if url is None and url_file is not None else fill_in(url or "", environment)
    schema_of(complete)
    refuse_keys(query_keys(complete))
    return complete


def fill_in(template: str, environment: Mapping[str, str]) -> str:
    """Return the template with ``${NAME}`` replaced from the environment and ``$$`` by a dollar sign.

    Raises ChannelUnbuildable when a name is unset, empty or not a name.
    """

    def value(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return "$"
        if not VARIABLE_NAME.match(name):
            raise ChannelUnbuildable(phrase("a ${...} in the URL does not hold the name of an environment variable"))
        if not environment.get(name):
            raise ChannelUnbuildable(_UNSET.format(name=name))
        return environment[name]

    return PLACEHOLDER.sub(value, template).strip()


def read_url_file(path: str) -> str:
    """Return the URL a file holds, without the white space around it.

    Raises ChannelUnbuildable, naming the file, when it is missing, a link, not a plain file, too long or empty.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else phrase("not a path")
        raise ChannelUnbuildable(_UNOPENED.format(file=path, reason=reason.lower())) from None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ChannelUnbuildable(_NO_FILE.format(file=path))
        content = file.read(URL_LIMIT_BYTES + 1)
    if len(content) > URL_LIMIT_BYTES:
        raise ChannelUnbuildable(_TOO_LONG.format(file=path, bytes=URL_LIMIT_BYTES))
    text = content.decode("utf-8", "replace").strip()
    if not text or len(text.splitlines()) > 1:
        raise ChannelUnbuildable(_NO_LINE.format(file=path))
    return text


def schema_of(url: str) -> str:
    """Return the part before ``://`` in lower case; raises ChannelUnbuildable when there is none or it is refused."""
    match = SCHEMA.match(url)
    if match is None:
        raise ChannelUnbuildable(phrase("the URL is not of the form service://..."))
    schema = match["schema"].lower()
    if schema in REFUSED_SCHEMAS:
        raise ChannelUnbuildable(_REACHES_NOBODY.format(schema=schema))
    return schema


def query_keys(url: str) -> list[str]:
    """Return the keys after the question mark in lower case, split as Apprise splits them."""
    pairs = re.split("[&;]", url.partition("?")[2])
    return [_key(pair.partition("=")[0]) for pair in pairs]


def _key(text: str) -> str:
    return unquote(text).rstrip("+ ").lstrip().lower()


def query_values(query: str) -> dict[str, str]:
    """Return what the text after the question mark sets, its keys in lower case; of a key set twice the last counts."""
    pairs = [pair.partition("=") for pair in re.split("[&;]", query)]
    return {_key(key): unquote(value).strip() for key, _, value in pairs if key}


def refuse_keys(keys: Iterable[str]) -> None:
    """Raise ChannelUnbuildable when one of the keys is not a URL's to set."""
    for key in keys:
        if key in REFUSED_KEYS:
            raise ChannelUnbuildable(_NOT_ALLOWED.format(key=key, reason=REFUSED_KEYS[key]))
