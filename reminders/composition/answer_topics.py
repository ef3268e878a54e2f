"""Where the answers to a household's ntfy messages come in, and how an amount in one is read."""

from __future__ import annotations

import os
from collections.abc import Collection

from reminders.answers.topic import AnswerTopics, Topic
from reminders.domain.channel import ChannelKind
from reminders.domain.household import Household


def answer_topics(household: Household, unbuildable: Collection[str]) -> AnswerTopics:
    """Return the topics to follow, each once, with their secrets filled in from the environment.

    None where the page has a public URL: then the buttons post to that. ``unbuildable`` names channels whose URL is
    known to be no good.
    """
    if household.web is not None and household.web.elsewhere is not None:
        return AnswerTopics()
    followed: dict[str, Topic] = {}
    unreadable: dict[str, str] = {}
    for spec in household.channels:
        if spec.kind is not ChannelKind.APPRISE or spec.name in unbuildable:
            continue
        from reminders.channels.ntfy_address import heard_address
        from reminders.channels.unbuildable import ChannelUnbuildable

        try:
            address = heard_address(spec, os.environ)
        except ChannelUnbuildable as error:
            unreadable[spec.name] = str(error)
            continue
        if address is None:
            continue
        topic = Topic(
            base_url=address.base_url,
            name=address.answer_topic,
            authorization=address.authorization,
            verify=address.verify,
        )
        if topic not in followed.values():
            followed[spec.name] = topic
    return AnswerTopics(followed=followed, unreadable=unreadable)


def millilitres(text: str) -> int | None:
    """Read what somebody says to have drunk, such as ``300ml``; None for what is no such amount."""
    from reminders.settings.amounts import DRUNK_AT_LEAST_ML, DRUNK_AT_MOST_ML, parse_volume_ml
    from reminders.settings.mistakes import Mistake

    try:
        return parse_volume_ml(text.replace(",", "."), DRUNK_AT_LEAST_ML, DRUNK_AT_MOST_ML)
    except Mistake:
        return None
