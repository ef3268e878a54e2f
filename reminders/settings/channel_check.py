"""What can be wrong with a channel as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from reminders.catalogue.phrases import say
from reminders.domain.errors import Severity
from reminders.settings.channel_block import ChannelBlock
from reminders.settings.channel_url import OUR_SCHEMAS, has_answer_topics, schema_of, topics_of
from reminders.settings.mistakes import Finding, Path, meant, nearest
from reminders.settings.origins import Origins

_WEB = frozenset({"http", "https"})


def check_channels(channels: Mapping[str, ChannelBlock | str]) -> Iterator[Finding]:
    """Find blocks without one way to reach people, and answers that cannot come."""
    for name, channel in channels.items():
        if isinstance(channel, ChannelBlock):
            yield from _check_address(("channels", name), channel)
            yield from _check_topic(("channels", name, "answer_topic"), channel)


def unknown_services(
    channels: Mapping[str, ChannelBlock | str], origins: Origins, schemas: Collection[str]
) -> Iterator[Finding]:
    """Find URLs of services that nothing here can send to.

    A web address is left to Apprise, which knows some services by it. What came from the environment is not shown.
    """
    for name, channel in channels.items():
        is_block = isinstance(channel, ChannelBlock)
        path: Path = ("channels", name, "url") if is_block else ("channels", name)
        url = channel.url if isinstance(channel, ChannelBlock) else channel
        schema = None if url is None else schema_of(url)
        if schema is None or schema in OUR_SCHEMAS or schema in schemas or schema in _WEB:
            continue
        written = schema_of(origins.template(path) or url or "")
        may_be_shown = written == schema
        hidden = say("no service is known by the schema of this URL")
        message = say('no service is known by the schema "{schema}"', schema=written) if may_be_shown else hidden
        near = nearest(schema, (*schemas, *OUR_SCHEMAS)) if may_be_shown else None
        hint = meant(f"{near}://") if near else say("write it as Apprise spells it: ntfys, mailtos, tgram, ...")
        yield Finding(path=path, message=message, hint=hint)


def idle_keys(channels: Mapping[str, ChannelBlock | str]) -> Iterator[Finding]:
    """Warn of keys about answers that change nothing."""
    for name, channel in channels.items():
        if not isinstance(channel, ChannelBlock):
            continue
        if channel.answers is not None and channel.url is not None and not has_answer_topics(channel.url):
            words = say("answers is about the buttons of ntfy, and changes nothing here")
            yield _warning(("channels", name, "answers"), words)
        elif channel.answers is False and channel.answer_topic is not None:
            yield _warning(("channels", name, "answer_topic"), say("nobody listens to it while answers is false"))


def _warning(path: Path, message: str) -> Finding:
    return Finding(path=path, message=message, hint=say("leave it out"), at_key=True, severity=Severity.WARNING)


def _check_address(path: Path, channel: ChannelBlock) -> Iterator[Finding]:
    if (channel.url is None) == (channel.url_file is None):
        lacks = channel.url is None
        both = say("{first} and {second} are both given", first="url", second="url_file")
        words = say("neither url nor url_file is given") if lacks else both
        yield Finding(path=path, message=words, hint=say("give one of them"), at_key=True, is_lack=lacks)


def _check_topic(path: Path, channel: ChannelBlock) -> Iterator[Finding]:
    if channel.answer_topic is None or channel.url is None:
        return
    if not has_answer_topics(channel.url):
        message = say("only the buttons of ntfy answer through a topic")
        yield Finding(path=path, message=message, hint=say("leave it out, or use an ntfys:// URL"), at_key=True)
    elif channel.answer_topic in topics_of(channel.url):
        message = say("messages go to this topic already, and answers need one of their own")
        hint = say("write another name, or leave it out: one is made")
        yield Finding(path=path, message=message, hint=hint, at_key=True)
