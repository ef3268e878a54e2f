"""``reminders doctor``: what works, what does not, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

import reminders
from reminders import composition
from reminders.catalogue.phrases import phrase, say, say_many
from reminders.cli.columns import aligned
from reminders.cli.options import as_json, places, print_json
from reminders.cli.refusal import ExitCode, Verb, finish
from reminders.composition.checkup import Checkup, checkup
from reminders.composition.finding import Finding, State

_STATES = {
    State.OK: phrase("ok"),
    State.WARNING: phrase("warning"),
    State.BROKEN: phrase("broken"),
}


@click.command("doctor", cls=Verb, short_help="Check everything that nudges depend on")
@as_json
@places
def doctor(as_json: bool, config: str | None, data_dir: str | None) -> None:  # noqa: FBT001
    """Check the configuration, the record, the daemon, the clock and every channel; nothing is sent or written.

    Exit code 0 when nothing is broken, 1 when something is, 3 when the configuration is refused.
    """
    found = checkup(config, composition.data_directory(data_dir))
    if as_json:
        print_json(_json(found))
    else:
        for line in _lines(found.findings):
            click.echo(line)
    finish(_exit_code(found))


def _exit_code(found: Checkup) -> ExitCode:
    if found.is_refused:
        return ExitCode.REFUSED
    is_broken = any(finding.state is State.BROKEN for finding in found.findings)
    return ExitCode.FAILED if is_broken else ExitCode.DONE


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    rows = aligned([(say(_STATES[one.state]), one.name, one.detail) for one in findings], indent=0)
    following = [one.hint for one in findings[1:]] + [None]
    for finding, row, next_hint in zip(findings, rows, following, strict=True):
        yield row
        # What mends several things is said once, under the last of them.
        if finding.hint is not None and finding.hint != next_hint:
            yield say("hint: {hint}", hint=finding.hint)
    yield _summary(findings)


def _summary(findings: Sequence[Finding]) -> str:
    broken = sum(finding.state is State.BROKEN for finding in findings)
    warnings = sum(finding.state is State.WARNING for finding in findings)
    parts = [say("{count} broken", count=broken) if broken else say("nothing is broken")]
    parts += [say_many("{count} warning", "{count} warnings", warnings)] if warnings else []
    return ", ".join(parts)


def _json(found: Checkup) -> dict[str, object]:
    return {
        "version": reminders.__version__,
        "broken": sum(finding.state is State.BROKEN for finding in found.findings),
        "warnings": sum(finding.state is State.WARNING for finding in found.findings),
        "findings": [
            {"name": one.name, "state": one.state.value, "detail": one.detail, "hint": one.hint}
            for one in found.findings
        ],
    }
