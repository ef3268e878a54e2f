"""What every answer says to the browser: show nothing of others, keep nothing, tell nobody where you were."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
KEEP_NOTHING = b"no-store"
ASK_AGAIN = b"no-cache"  # for what is the same for everybody; the browser asks whether it changed

RawHeaders = list[tuple[bytes, bytes]]


def with_standing_headers(headers: RawHeaders, now: datetime, *, is_static: bool) -> RawHeaders:
    """Return the headers of an answer with those that every answer has, in place of any of the same name."""
    own = {name for name, _ in ALWAYS} | {b"cache-control", b"date"}
    kept = [(name, value) for name, value in headers if name.lower() not in own]
    caching = ASK_AGAIN if is_static else KEEP_NOTHING
    date = format_datetime(now, usegmt=True).encode()
    return [*kept, *ALWAYS, (b"cache-control", caching), (b"date", date)]
