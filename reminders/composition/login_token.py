"""The secret that lets people into the page: filled in from the environment, or read from its file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from reminders.catalogue.phrases import say
from reminders.catalogue.system_words import system_words
from reminders.domain.web import WebSpec

FILE_BYTES_AT_MOST = 4096


class TokenUnreadable(Exception):
    """there is to be a login and its token cannot be had; the text says why, and holds no secret."""


def login_token(spec: WebSpec) -> str | None:
    """Return the login token, None = there is no login. Raises TokenUnreadable."""
    if spec.login_token is None and spec.login_token_file is None:
        return None  # the usual page, on the way of every start
    from reminders.settings.mistakes import Mistake
    from reminders.settings.template import TemplateMistake, fill
    from reminders.settings.web_values import parse_login_token

    try:
        if spec.login_token is not None:
            return parse_login_token(fill(spec.login_token, os.environ))
        return parse_login_token(_content(Path(str(spec.login_token_file))).strip())
    except TemplateMistake as mistake:
        raise TokenUnreadable(f"web.login_token: {mistake}") from None
    except Mistake as mistake:
        name = "login_token" if spec.login_token is not None else "login_token_file"
        raise TokenUnreadable(f"web.{name}: {mistake.message}") from None


def _content(path: Path) -> str:
    """Return what a small, regular file holds. Raises TokenUnreadable."""
    try:
        # Without waiting: what looks like a file may be a pipe nobody writes to.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise TokenUnreadable(say('web.login_token_file: "{file}" is no regular file', file=path))
            return file.read(FILE_BYTES_AT_MOST).decode()
    except OSError as error:
        told = say('web.login_token_file: "{file}" cannot be read: {reason}', file=path, reason=system_words(error))
        raise TokenUnreadable(told) from None
    except UnicodeDecodeError:
        raise TokenUnreadable(say('web.login_token_file: "{file}" is no text', file=path)) from None
