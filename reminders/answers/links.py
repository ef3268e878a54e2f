"""The secrets that stand for a nudge: 128 random bits in a message, their hash in the journal."""

from __future__ import annotations

import secrets
from hashlib import sha256

TOKEN_BYTES = 16
TOKEN_LETTERS_AT_MOST = 64  # a longer text is no token, and is not worth hashing


def new_token() -> str:
    """Return a fresh token of 22 letters, digits, - and _."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str | None:
    """Return what the journal knows a token by; None for a text that cannot be a token."""
    if not token or len(token) > TOKEN_LETTERS_AT_MOST or not token.isascii():
        return None
    return sha256(token.encode()).hexdigest()
