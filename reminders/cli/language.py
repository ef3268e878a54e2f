"""Which language the commands speak: the one written in the file, else the terminal's, else English.

The file is looked into, not read: what is said while it is being read, or about a slip in it, is said in that language
too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from reminders.catalogue.phrases import ENGLISH, languages

_KEY = re.compile(r"""[ \t]*language[ \t]*:[ \t]*["']?([a-z]{2,3})\b""")
_LOOKED_AT_CHARACTERS = 256 * 1024


def language_of(config: str | None, environment: Mapping[str, str]) -> str:
    """Return the language to speak to whoever uses a configuration file; None = the one found at the usual places."""
    return _written(config, environment) or _of_terminal(environment) or ENGLISH


def _written(config: str | None, environment: Mapping[str, str]) -> str | None:
    from reminders.settings.locate import config_path

    path = config_path(config, environment)
    try:
        with Path(path or os.devnull).open(encoding="utf-8", errors="replace") as file:
            text = file.read(_LOOKED_AT_CHARACTERS)
    except OSError:
        return None
    found = _named(text)
    return found.get("me") or found.get("")


def _named(text: str) -> dict[str, str]:
    """Return the first language that each top-level block names; "" = named outside any block."""
    block = ""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line[:1] not in {"", " ", "\t", "#"}:
            block = line.partition(":")[0].strip()
        written = _KEY.match(line)
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
