"""What may be written about a channel."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Tag, WithJsonSchema

from reminders.settings.channel_url import parse_channel_url, parse_topic, parse_url_file
from reminders.settings.fields import BLOCK_TAG, TEXT_TAG, Block, Flag, given, key, leaf, text_or_block

Url = Annotated[str | None, leaf(parse_channel_url), WithJsonSchema({"type": ["string", "null"], "pattern": "://"})]
GivenUrl = Annotated[str, given(parse_channel_url), WithJsonSchema({"type": "string", "pattern": "://"})]
AnswerTopic = Annotated[str | None, leaf(parse_topic), WithJsonSchema({"type": ["string", "null"]})]
UrlFile = Annotated[str | None, leaf(parse_url_file), WithJsonSchema({"type": ["string", "null"]})]


class ChannelBlock(Block):
    """A channel with more than a URL: exactly one of url and url_file."""

    url: Url = key(
        "An Apprise URL, desktop:// or console://; ${NAME} is filled in from the environment.",
        default="none; url_file instead",
        example="ntfys://${NTFY_TOPIC}",
    )
    url_file: UrlFile = key(
        "A file that holds the URL, read when something is sent.",
        default="none; url instead",
        example="/run/secrets/phone",
        unit="absolute path",
    )
    discreet: Flag = key("Send neutral text without health words.", default="false", example=True)
    answers: Flag = key(
        "Let the buttons of an ntfy message answer, through a topic on the same server that is listened to.",
        default="true",
        example=False,
    )
    answer_topic: AnswerTopic = key(
        "The topic that the buttons of an ntfy message answer through; ${NAME} is filled in from the environment.",
        default="made from the channel's own topic",
        example="${ANSWER_TOPIC}",
        unit="1 to 64 letters out of A-Z a-z 0-9 _ -",
    )


Channel = Annotated[
    Annotated[GivenUrl, Tag(TEXT_TAG)] | Annotated[ChannelBlock, Tag(BLOCK_TAG)], Discriminator(text_or_block)
]
