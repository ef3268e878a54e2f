"""``reminders send-test``: whether a message arrives."""

from __future__ import annotations

from collections.abc import Iterable

import click

from reminders import composition
from reminders.catalogue.phrases import phrase, say
from reminders.catalogue.retelling import retold
from reminders.cli.options import places
from reminders.cli.refusal import ExitCode, Verb, finish
from reminders.cli.selection import unknown_channels
from reminders.composition import trial
from reminders.domain.delivery import SendOutcome, SendResult

_WORDS = {
    SendOutcome.ACCEPTED: phrase("accepted"),
    SendOutcome.REJECTED: phrase("failed"),
    SendOutcome.FAILED: phrase("failed, for now"),
    SendOutcome.UNKNOWN: phrase("unknown, it may or may not have arrived"),
}
_HINTS = {
    SendOutcome.REJECTED: phrase("trying again will not help; how to mend it: reminders doctor"),
    SendOutcome.FAILED: phrase("it may be gone in a moment; look at the network and the service, then try again"),
    SendOutcome.UNKNOWN: phrase("look whether it is there before you try again"),
}


@click.command("send-test", cls=Verb, short_help="Send a test message")
@click.argument("channels", metavar="[CHANNEL]...", nargs=-1)
@places
def send_test(channels: tuple[str, ...], config: str | None, data_dir: str | None) -> None:
    """Send a test message to the channels named, or to all; nothing is recorded.

    Exit code 0 when all took it, 4 when only some did, 1 when none did.
    """
    loaded = composition.load(config, composition.data_directory(data_dir), keep=False)
    known = [channel.name for channel in loaded.household.channels]
    missing = [name for name in dict.fromkeys(channels) if name not in known]
    if missing:
        raise unknown_channels(missing, known)
    sends = trial.send_test(loaded, channels or known)
    show_sends(sends)
    accepted = sum(send.result.outcome is SendOutcome.ACCEPTED for send in sends)
    finish(ExitCode.DONE if accepted == len(sends) else ExitCode.PARTLY if accepted else ExitCode.FAILED)


def show_sends(sends: Iterable[trial.TestSend]) -> None:
    """Say how each test message went, and what to do."""
    for send in sends:
        _show(send.channel, send.result)


def _show(channel: str, result: SendResult) -> None:
    detail = f": {retold(result.detail)}" if result.detail and result.outcome is not SendOutcome.ACCEPTED else ""
    click.echo(f"{channel}: {say(_WORDS[result.outcome])}{detail}")
    if result.outcome in _HINTS:
        click.echo(say("hint: {hint}", hint=say(_HINTS[result.outcome])))
