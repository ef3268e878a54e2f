"""Where nudges go to: the desktop, a phone, any other channel, each checked as soon as it is named."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import click

from reminders.catalogue.phrases import say
from reminders.cli.questions import Asker, asked_until_read, is_no, read_once, typed_no
from reminders.cli.refusal import Refusal

NO_PHONE = "no"
PUBLIC_SERVER = "ntfy.sh"
TOPIC_VARIABLE = "NTFY_TOPIC"
_TOPIC_BYTES = 15
_TOPIC_LETTERS_AT_MOST = 64
_LAST_PORT = 65535
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SERVER = re.compile(rf"(?:(https?)://)?({_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::(\d{{1,5}}))?/?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """An ntfy server; ``is_secure`` False = it is reached without encryption."""

    host: str
    is_secure: bool = True

    def url(self, topic: str) -> str:
        """Return the channel's URL for a topic there."""
        schema = "ntfys" if self.is_secure else "ntfy"
        return f"{schema}://{topic}" if self.host == PUBLIC_SERVER else f"{schema}://{self.host}/{topic}"

    def app_link(self, topic: str) -> str:
        """Return what the Android app reads from a code."""
        return f"ntfy://{self.host}/{topic}" + ("" if self.is_secure else "?secure=false")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What options say about channels, checked; None = they say nothing. ``more`` holds (name, URL)."""

    desktop: bool | None
    phone: str | None = field(repr=False)
    server: Server | None
    more: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """Channels by (name, URL), and the ``topic`` that their URLs take from the environment; None = none does."""

    channels: tuple[tuple[str, str], ...] = field(repr=False)
    topic: str | None = field(repr=False)


def wishes_of(desktop: object, phone: object, server: object, more: object) -> Wishes:
    """Return what the options say. Raises Refusal for a server or a channel that cannot be one."""
    return Wishes(
        desktop=desktop if isinstance(desktop, bool) else None,
        phone=phone if isinstance(phone, str) else None,
        server=read_once(server, server_as_written) if isinstance(server, str) else None,
        more=tuple(_given_channels(more)) if isinstance(more, tuple) else (),
    )


def chosen_channels(asker: Asker, wishes: Wishes) -> Chosen:
    """Ask for the channels, and return them checked; nothing is kept yet. Raises Refusal as ``wishes_of``."""
    channels: list[tuple[str, str]] = []
    asker.say("")
    if _wants_desktop(asker, wishes.desktop):
        channels.append(("desktop", "desktop://"))
    topic = _topic(asker, wishes.phone)
    if topic is not None:
        server = wishes.server or _server(asker)
        channels.append(("phone", server.url(f"${{{TOPIC_VARIABLE}}}")))
        _show_topic(server, topic)
    for name, url in wishes.more:
        read_once(name, _name_reader({taken for taken, _ in channels}))
        channels.append((name, url))
    channels += _more_channels(asker, {name for name, _ in channels})
    if not channels:
        click.echo(
            say(
                "No channel is chosen: nudges are printed where the service runs, in the background into its log alone "
                "(reminders service logs)."
            )
        )
        channels = [("console", "console://")]
    return Chosen(channels=tuple(channels), topic=topic)


def _given_channels(texts: Collection[str]) -> list[tuple[str, str]]:
    from reminders.settings.mistakes import MASK, printable

    channels: list[tuple[str, str]] = []
    for text in texts:
        name, equals, url = text.partition("=")
        if not equals or "://" in name:  # a URL in the place of the name may hold a password
            shown = MASK if "://" in name else printable(name)
            raise Refusal(say('--channel "{name}" is not NAME=URL', name=shown))
        read_once(name, _name_reader({taken for taken, _ in channels}))
        channels.append((name, read_once(url, _url_reader(name))))
    return channels


def _name_reader(taken: Collection[str]) -> Callable[[str], str]:
    from reminders.settings.entry_name import CHANNEL_NAME
    from reminders.settings.mistakes import Mistake

    def read(text: str) -> str:
        name = CHANNEL_NAME.checked(text.strip())
        if name in taken:
            raise Mistake(say('a channel "{name}" is there already', name=name), hint=say("give this one another name"))
        return name

    return read


def _url_reader(name: str) -> Callable[[str], str]:
    """Return a reader that keeps a URL as written, once it is known that messages can be sent there."""
    from reminders.settings.channel_url import parse_channel_url
    from reminders.settings.mistakes import FOUND, MASK, Mistake
    from reminders.settings.template import TemplateMistake, fill

    def read(text: str) -> str:
        written = text.strip()
        try:
            _refuse_unknown_service(name, written, parse_channel_url(fill(written, os.environ)))
        except TemplateMistake as mistake:
            raise Mistake(str(mistake)) from None
        except Mistake as mistake:
            raise Mistake(mistake.message.replace(FOUND, MASK), hint=mistake.hint) from None
        return written

    return read


def _refuse_unknown_service(name: str, written: str, url: str) -> None:
    from reminders.channels.served_schemas import served_schemas
    from reminders.settings.channel_check import unknown_services
    from reminders.settings.document import Document
    from reminders.settings.mistakes import Mistake
    from reminders.settings.origins import Origins

    schemas = served_schemas()
    if schemas is not None:
        file = Document(file="", templates={("channels", name): written})
        origins = Origins(file=file, environment=Document(file=""))
        for finding in unknown_services({name: url}, origins, schemas):
            raise Mistake(finding.message, hint=finding.hint)


def _wants_desktop(asker: Asker, given: bool | None) -> bool:  # noqa: FBT001
    from reminders.catalogue.retelling import retold
    from reminders.composition.trial import why_no_desktop

    reason = None if given is False else why_no_desktop()
    if reason is not None:
        click.echo(say("No desktop can be reached from here: {reason}", reason=retold(reason)))
        return given is True
    return asker.confirm(say("A desktop was found. Nudges on it?"), given=given, default=True)


def _topic(asker: Asker, given: str | None) -> str | None:
    from reminders.background.environment import environment_path, read_environment

    kept = read_environment(environment_path()).get(TOPIC_VARIABLE)
    fresh = kept or f"reminders-{secrets.token_hex(_TOPIC_BYTES)}"
    asker.say(
        say("Nudges on the phone come through the ntfy app. Who knows the topic can read them, so it is a long one.")
    )
    question = say('Topic: "new" for a random one, "{no_phone}" for no phone', no_phone=typed_no())
    answer = asker.ask(question, given, typed_no(), _topic_reader(kept))
    return fresh if answer == "new" else answer


def _topic_reader(kept: str | None) -> Callable[[str], str | None]:
    """Return a reader of a topic; one that is ``kept`` from before is the only one there can be."""
    from reminders.background.environment import environment_path
    from reminders.settings.mistakes import Mistake

    def read(text: str) -> str | None:
        word = text.strip()
        if is_no(word.lower()):
            return None
        is_plain = word.replace("-", "").replace("_", "").isalnum() and word.isascii()
        if not is_plain or len(word) > _TOPIC_LETTERS_AT_MOST:
            raise Mistake(say("a topic has letters, digits, - and _ only, 64 at most"))
        if kept is not None and word not in ("new", kept):
            raise Mistake(
                say("{file} holds another {variable}", file=environment_path(), variable=TOPIC_VARIABLE),
                hint=say("remove it there, or use --phone new"),
            )
        return word

    return read


def _server(asker: Asker) -> Server:
    question = say("Server of the topic, {public} or the address of your own", public=PUBLIC_SERVER)
    return asker.ask(question, None, PUBLIC_SERVER, server_as_written)


def server_as_written(text: str) -> Server:
    """Read the name of an ntfy server, with a port or not; ``http://`` before it = without encryption."""
    from reminders.settings.mistakes import FOUND, Mistake

    match = _SERVER.fullmatch(text.strip())
    if match is None or not 0 < int(match[3] or _LAST_PORT) <= _LAST_PORT:
        hint = say("write its name alone, such as {example}", example="ntfy.example.org")
        raise Mistake(say("{found} cannot be a server", found=FOUND), hint=hint)
    scheme, host, port = match.groups()
    return Server(host=host if port is None else f"{host}:{port}", is_secure=scheme != "http")


def _show_topic(server: Server, topic: str) -> None:
    """Show what the phone needs: a code for the Android app, and the words for every other."""
    told = say("In the ntfy app, subscribe to this topic on {server}: {topic}", server=server.host, topic=topic)
    click.echo("\n" + told)
    if sys.stdout.isatty() and (sys.stdout.encoding or "").lower().startswith("utf"):
        import segno

        click.echo(say("On Android, scan this:"))
        segno.make(server.app_link(topic), error="m").terminal(sys.stdout, compact=True)


def _more_channels(asker: Asker, taken: set[str]) -> list[tuple[str, str]]:
    channels: list[tuple[str, str]] = []
    another = say("Another channel (mail, Telegram, ... by an Apprise URL)?")
    while asker.confirm(another, given=None, default=False):
        name = _asked(say("Its name, such as mail (empty = none)"), _name_reader(taken))
        url = None if name is None else _asked(say("Its URL (empty = none)"), _url_reader(name), is_hidden=True)
        if name is not None and url is not None:
            channels.append((name, url))
            taken.add(name)
    return channels


def _asked(question: str, read: Callable[[str], str], *, is_hidden: bool = False) -> str | None:
    """Ask until the answer can be used; None = there was none."""

    def ask() -> str:
        return str(click.prompt(question, default="", show_default=False, hide_input=is_hidden))

    return asked_until_read(ask, lambda text: read(text) if text.strip() else None)
