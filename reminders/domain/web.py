"""Where the page is served, and who may come in."""

from __future__ import annotations

from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True, slots=True)
class WebSpec:
    """The page's door.

    ``host`` is the address it listens on; anything but a loopback address needs ``public_url`` and a login token.
    ``public_url`` is where people reach it from elsewhere, without a slash at the end; None = from this machine only.
    ``login_token`` has ``${NAME}`` not yet filled in; ``login_token_file`` names a file that holds it; None and None =
    no login. ``trusted_proxies`` are the addresses whose ``X-Forwarded-For`` is believed. ``required`` = a daemon that
    cannot open this door must not start.
    """

    port: int
    host: str = LOOPBACK
    public_url: str | None = None
    login_token: str | None = field(default=None, repr=False)
    login_token_file: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    required: bool = False

    @property
    def elsewhere(self) -> str | None:
        """Where other devices reach the page; None = nowhere: ``public_url`` may be one of this machine alone."""
        if self.public_url is None:
            return None
        authority = self.public_url.partition("://")[2].partition("/")[0]
        host = authority[1:].partition("]")[0] if authority.startswith("[") else authority.partition(":")[0]
        is_here = host in ("localhost", "::1") or host.startswith("127.")
        return None if is_here else self.public_url
