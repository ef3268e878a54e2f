"""Turn the file's channels into objects, and say why one cannot be built. Called by the composition.

No network is used: a channel that can be built may still fail to send.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TextIO

from reminders.channels.begun_mark import BegunMarks
from reminders.channels.console_channel import REMEMBERED_NUDGES, ConsoleChannel
from reminders.channels.unbuildable import ChannelUnbuildable
from reminders.domain.channel import ChannelKind, ChannelSpec
from reminders.domain.service_words import ENGLISH, ServiceWords
from reminders.ports import AnswerListener, Channel, ChildRunner, Clock

__all__ = ["Built", "ChannelUnbuildable", "build_channels", "validate"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Needs:
    """What the channels of a household are built with.

    Presses are reported to ``listener``, consoles print to ``out`` with the time of ``clock`` (None = no time).
    ``marks`` keeps what is on its way (None = temporary files). ``has_public_page`` tells whether answers can be given
    on the page from anywhere, ``words_at`` which words a channel's messages usually speak with.
    """

    listener: AnswerListener
    run_child: ChildRunner
    out: TextIO
    clock: Clock | None = None
    marks: BegunMarks | None = None
    has_public_page: Callable[[], bool] = lambda: False
    words_at: Callable[[str], ServiceWords] = lambda _channel: ENGLISH


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """The channels by name, and (name, reason) for each that could not be built.

    ``console_stands_in`` is True when none could be: every name then leads to the console, one nudge printed once.
    """

    channels: Mapping[str, Channel] = field(default_factory=dict)
    failures: tuple[tuple[str, str], ...] = ()
    console_stands_in: bool = False


async def build_channels(
    specs: Iterable[ChannelSpec],
    *,
    listener: AnswerListener,
    run_child: ChildRunner,
    out: TextIO,
    clock: Clock | None = None,
    marks: BegunMarks | None = None,
    has_public_page: Callable[[], bool] = lambda: False,
    words_at: Callable[[str], ServiceWords] = lambda _channel: ENGLISH,
) -> Built:
    """Build every channel that can be built, with what ``Needs`` says.

    Without any spec the console stands in under the name "console".
    """
    needs = Needs(
        listener=listener,
        run_child=run_child,
        out=out,
        clock=clock,
        marks=marks,
        has_public_page=has_public_page,
        words_at=words_at,
    )
    channels: dict[str, Channel] = {}
    failures: list[tuple[str, str]] = []
    for spec in specs:
        try:
            channels[spec.name] = await _build(spec, needs)
        except ChannelUnbuildable as error:
            failures.append((spec.name, str(error)))
    if channels:
        return Built(channels=channels, failures=tuple(failures))
    printed: deque[str] = deque(maxlen=REMEMBERED_NUDGES)
    names = [name for name, _ in failures] or [ChannelKind.CONSOLE.value]
    stand_ins = {name: ConsoleChannel(name, out, clock, printed) for name in names}
    return Built(channels=stand_ins, failures=tuple(failures), console_stands_in=True)


async def validate(spec: ChannelSpec, run_child: ChildRunner) -> str | None:
    """Return why the channel's URL cannot be used, with its plug-in loaded but nothing sent; None = nothing found.

    A desktop or console channel is found out by building it.
    """
    if spec.kind is not ChannelKind.APPRISE:
        return None
    from reminders.channels.apprise_channel import AppriseChannel  # noqa: PLC0415

    return await AppriseChannel(spec, run_child).validate()


async def _build(spec: ChannelSpec, needs: Needs) -> Channel:
    if spec.kind is ChannelKind.CONSOLE:
        return ConsoleChannel(spec.name, needs.out, needs.clock)
    if spec.kind is ChannelKind.DESKTOP:
        return await _build_desktop(spec.name, needs.listener)
    # A daemon whose channels are all on this machine need not hold what only a URL needs.
    from reminders.channels.apprise_channel import AppriseChannel  # noqa: PLC0415
    from reminders.channels.channel_url import complete_url  # noqa: PLC0415

    complete_url(spec.url, spec.url_file, os.environ)
    return AppriseChannel(
        spec,
        needs.run_child,
        marks=needs.marks,
        has_public_page=needs.has_public_page,
        usual_words=partial(needs.words_at, spec.name),
    )


async def _build_desktop(name: str, listener: AnswerListener) -> Channel:
    if sys.platform in ("darwin", "win32"):
        from reminders.channels.desktop_notifier_channel import DesktopNotifierChannel  # noqa: PLC0415

        notifier = DesktopNotifierChannel(name, listener)
        await notifier.connect()
        return notifier
    from reminders.channels.desktop_channel import DesktopChannel  # noqa: PLC0415

    desktop = DesktopChannel(name, listener)
    await desktop.connect()
    return desktop
