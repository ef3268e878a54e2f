"""What may be written about the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Discriminator, Tag, WithJsonSchema

from reminders.catalogue.phrases import phrase, say
from reminders.domain.web import LOOPBACK, WebSpec
from reminders.settings.fields import BLOCK_TAG, OFF_TAG, Block, Flag, Off, key, leaf, off_or_block, whole_number
from reminders.settings.mistakes import FOUND, Finding, Path
from reminders.settings.web_values import (
    is_loopback,
    parse_host,
    parse_login_token,
    parse_proxies,
    parse_public_url,
    parse_token_file,
)

WEB_PORT = 8377
TOKEN_PATH: Path = ("web", "login_token")
_TEXT = WithJsonSchema({"type": ["string", "null"]})
_TEXTS = WithJsonSchema({"type": ["string", "array", "null"], "items": {"type": "string"}})


class WebBlock(Block):
    """The page: on this machine only, unless host says otherwise."""

    port: Annotated[int | None, *whole_number(1024, 65535)] = key(
        "The port of the page.", default=str(WEB_PORT), example=WEB_PORT, unit="port, 1024 to 65535"
    )
    host: Annotated[str | None, leaf(parse_host), _TEXT] = key(
        "The address it listens on. One that other machines can reach needs public_url and a login token.",
        default=f"{LOOPBACK}, this machine only",
        example=LOOPBACK,
        unit="IP address, or localhost",
    )
    public_url: Annotated[str | None, leaf(parse_public_url), _TEXT] = key(
        "Where people reach the page from elsewhere; links in messages begin with it.",
        default="none; messages carry no link",
        example="https://reminders.example.org",
        unit="http:// or https:// URL without query",
    )
    login_token: Annotated[str | None, leaf(parse_login_token), _TEXT] = key(
        "The secret that lets people in; ${NAME} is filled in from the environment.",
        default="none; no login",
        example="${WEB_TOKEN}",
        unit="16 to 256 letters",
    )
    login_token_file: Annotated[str | None, leaf(parse_token_file), _TEXT] = key(
        "A file that holds the secret, instead of login_token.",
        default="none; no login",
        example="/run/secrets/web",
        unit="absolute path",
    )
    trusted_proxies: Annotated[tuple[str, ...] | None, leaf(parse_proxies), _TEXTS] = key(
        "The proxies in front of it, whose word about who asks is believed.",
        default="[]",
        example=["172.17.0.1"],
        unit="IP addresses or networks",
    )
    required: Flag = key("Refuse to start when the page cannot be served.", default="false", example=True)


Web = Annotated[Annotated[Off, Tag(OFF_TAG)] | Annotated[WebBlock, Tag(BLOCK_TAG)], Discriminator(off_or_block)] | None


def web_of(block: WebBlock | str | None, token_template: str | None) -> WebSpec | None:
    """Return the page's door; ``token_template`` is the token as it was written, None = nothing was to be filled in."""
    if isinstance(block, str):
        return None
    block = block or WebBlock()
    return WebSpec(
        port=block.port or WEB_PORT,
        host=block.host or LOOPBACK,
        public_url=block.public_url,
        login_token=block.login_token and (token_template or block.login_token),
        login_token_file=block.login_token_file,
        trusted_proxies=block.trusted_proxies or (),
        required=block.required or False,
    )


def check_web(block: WebBlock | str | None) -> Iterator[Finding]:
    """Find two tokens, and a door that is open to other machines without a lock."""
    if not isinstance(block, WebBlock):
        return
    if block.login_token is not None and block.login_token_file is not None:
        words = say("{first} and {second} are both given", first="login_token", second="login_token_file")
        yield Finding(path=("web", "login_token_file"), message=words, hint=say("keep one of them"), at_key=True)
    lacks = {
        "public_url: https://...": (("web", "public_url"),) if block.public_url is None else (),
        "login_token: ${WEB_TOKEN}": (
            (TOKEN_PATH, ("web", "login_token_file"))
            if block.login_token is None and block.login_token_file is None
            else ()
        ),
    }
    missing = [words for words, paths in lacks.items() if paths]
    if block.host is not None and not is_loopback(block.host) and missing:
        words = phrase("other machines could open the page at {found}: it needs public_url and login_token")
        yield Finding(
            path=("web", "host"),
            message=say(words, found=FOUND),
            found=block.host,
            hint=_lock_hint(missing),
            lacks=tuple(path for paths in lacks.values() for path in paths),
        )


def _lock_hint(missing: list[str]) -> str:
    if len(missing) == 1:
        return say("add {what}, or leave host out", what=missing[0])
    first, second = missing
    return say("add {first} and {second}, or leave host out", first=first, second=second)
