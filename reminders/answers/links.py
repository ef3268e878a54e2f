"""The secrets that stand for a nudge: 128 random bits in a message, their hash in the journal."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from reminders.domain.answer_link import LIFE_AFTER_EXPIRY, AnswerLink
from reminders.domain.nudge import Nudge
from reminders.domain.web import LOOPBACK, WebSpec

TOKEN_BYTES = 16
FEW_TOKENS = 64  # so many are kept before anybody looks which are over
TOKEN_LETTERS_AT_MOST = 64  # a longer text is no token, and is not worth hashing


def new_token() -> str:
    """Return a fresh token of 22 letters, digits, - and _."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str | None:
    """Return what the journal knows a token by; None for a text that cannot be a token."""
    if not token or len(token) > TOKEN_LETTERS_AT_MOST or not token.isascii():
        return None
    return _hash(token)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class LinkMint:
    """Makes the links that messages carry: one token a nudge while it is open, shared by its channels and attempts.

    ``add_link`` puts a token's hash on record, inside the transaction of whoever asks for the link; a hash that is on
    record already is no news to it. ``web`` tells where the page is now, None = there is none. Tokens are forgotten
    with the process: after a restart a nudge gets a further one, and the older one still counts.
    """

    def __init__(self, add_link: Callable[[str, str, datetime], None], web: Callable[[], WebSpec | None]) -> None:
        """Begin without any token."""
        self._add_link, self._web = add_link, web
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._look_at = FEW_TOKENS

    def link_for(self, nudge: Nudge, now: datetime) -> AnswerLink | None:
        """Return the link of a nudge, which is on record then; None when it asks for nothing."""
        if not nudge.asks:
            return None
        token = self._token_of(nudge, now)
        # Each time anew: an attempt whose transaction came to nothing has taken its hash with it.
        self._add_link(_hash(token), nudge.id, nudge.expires_at + LIFE_AFTER_EXPIRY)
        web = self._web()
        if web is None:
            return AnswerLink(token=token)
        public = None if web.elsewhere is None else f"{web.elsewhere}/a/{token}"
        return AnswerLink(token=token, url=public, local_url=f"{_here(web)}/a/{token}")

    def _token_of(self, nudge: Nudge, now: datetime) -> str:
        if len(self._tokens) >= self._look_at:
            self._tokens = {name: kept for name, kept in self._tokens.items() if kept[1] > now}
            self._look_at = max(2 * len(self._tokens), FEW_TOKENS)
        token, _ = self._tokens.setdefault(nudge.id, (new_token(), nudge.expires_at))
        return token


def _here(web: WebSpec) -> str:
    host = LOOPBACK if web.host in ("0.0.0.0", "::", "") else web.host  # noqa: S104 - everywhere is here as well
    return f"http://{f'[{host}]' if ':' in host else host}:{web.port}"
