"""Which language the commands speak: the one written in the file, else the terminal's, else English.

The file is looked into, not read: what is said while it is being read, or about a slip in it, is said in that language
too.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from reminders.catalogue.phrases import ENGLISH, languages
from reminders.domain.errors import JournalUnavailable

_KEY = re.compile(r"""(?:^|[{,])[ \t]*["']?language["']?[ \t]*:[ \t]*["']?([a-z]{2,3})\b""")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_LOOKED_AT_BYTES = 256 * 1024


def language_for(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language to speak to whoever types a command line: English to a program, which asks for JSON.

    It is chosen before the words are understood, so that a slip in them is told in it, and help is one whole.
    """
    if "--json" in words:
        return ENGLISH
    config = _last(words, "--config") or _daemons_file(_last(words, "--data-dir"), environment)
    return language_of(config, environment)


def _last(words: Sequence[str], option: str) -> str | None:
    """Return what an option is given, None = it is not."""
    found = None
    for word, following in zip_longest(words, words[1:]):
        name, written, value = word.partition("=")
        if name == option:
            found = value if written else following
    return found


def _daemons_file(data_dir: str | None, environment: Mapping[str, str]) -> str | None:
    """Return the file of the daemon that runs; None = there is none, or the starter serves."""
    from reminders.daemon.lock import running_daemon
    from reminders.settings.locate import data_directory

    try:
        daemon = running_daemon(data_directory(data_dir, environment))
    except (JournalUnavailable, ValueError):  # a path that holds NUL is a ValueError; whoever needs it will tell
        return None
    return None if daemon is None else daemon.config


def language_of(config: str | None, environment: Mapping[str, str]) -> str:
    """Return the language to speak to whoever uses a configuration file; None = the one found at the usual places."""
    return _written(config, environment) or _of_terminal(environment) or ENGLISH


def _written(config: str | None, environment: Mapping[str, str]) -> str | None:
    from reminders.settings.locate import config_path

    path = config_path(config, environment)
    found = {} if path is None else _named(_beginning(path))
    wanted = (found.get("me"), environment.get("REMINDERS_LANGUAGE"), found.get(""))
    return next((language for language in wanted if language in languages()), None)


def _beginning(path: str) -> str:
    """Return what a regular file begins with, nothing of any other, which a command must not wait for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            is_regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            return file.read(_LOOKED_AT_BYTES).decode("utf-8-sig", "replace") if is_regular else ""
    except (OSError, ValueError):  # it is told by whoever reads it
        return ""


def _named(text: str) -> dict[str, str]:
    """Return the first language that each top-level block names; "" = named outside any block."""
    block = ""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line[:1] not in {"", " ", "\t", "#"}:
            block = line.partition(":")[0].strip(" \t\"'")
        written = _KEY.search(_COMMENT.sub("", line))
        if written and written[1] in languages():
            found.setdefault("" if block == "language" else block, written[1])
    return found


def _of_terminal(environment: Mapping[str, str]) -> str | None:
    """Return the language of the locale; None = there is no locale, or nothing here is written in its language.

    As with gettext: LANGUAGE is a list, best first, and counts only where a locale other than C is set.
    """
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "C")
    if _code(locale) in {"c", "posix"}:
        return None
    wanted = [*environment.get("LANGUAGE", "").split(":"), locale]
    return next((code for code in map(_code, wanted) if code in languages()), None)


def _code(locale: str) -> str:
    return re.split(r"[_.@]", locale)[0].lower()
