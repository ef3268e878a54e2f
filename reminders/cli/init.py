"""``reminders init``: a first configuration by questions, tried on the spot."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reminders import composition
from reminders.cli.options import places
from reminders.cli.questions import (
    UNANSWERED,
    Asker,
    as_written,
    days_as_written,
    maybe_some_of,
    ranges_as_written,
    some_of,
    training_as_written,
)
from reminders.cli.refusal import ExitCode, Refusal, Verb, finish
from reminders.clock import machine_zone

if TYPE_CHECKING:
    from reminders.catalogue.content import Content
    from reminders.composition.first_file import FirstAnswers

FOLLOW = "machine"
NO_PHONE = "no"
TOPIC_VARIABLE = "NTFY_TOPIC"
TOPIC_BYTES = 15
SIX = ("hydration", "movement", "warm_up", "cool_down", "calcium_meal", "potassium_meal")
AROUND_TRAINING = ("warm_up", "cool_down")


@click.command("init", cls=Verb, short_help="Write a first configuration, by questions")
@click.option("--timezone", metavar="ZONE", help=f'Such as Europe/Berlin; "{FOLLOW}" = the zone of this machine.')
@click.option("--awake", metavar="RANGE", help="When you are awake, such as 07:00-22:30.")
@click.option("--work-hours", metavar="RANGES", help="At the desk, such as 09:00-12:00,13:00-17:30.")
@click.option("--work-days", metavar="DAYS", help="Such as mon-fri.")
@click.option("--training", metavar="WHEN", help='Such as "tue,thu 18:30", or none.')
@click.option("--habits", metavar="NAMES", help="Built-in habits, after commas.")
@click.option("--diet", metavar="CODES", help="Such as vegetarian, or none.")
@click.option("--allergies", metavar="CODES", help="Such as nuts, or none.")
@click.option("--conditions", metavar="CODES", help=f"Illnesses that matter here, none, or {UNANSWERED}.")
@click.option("--medicines", metavar="CODES", help=f"Medicines that matter here, none, or {UNANSWERED}.")
@click.option("--desktop/--no-desktop", default=None, help="Nudges on this desktop.")
@click.option("--phone", metavar="TOPIC", help=f"An ntfy topic for the phone; new = a random one; {NO_PHONE} = none.")
@click.option("--ntfy-server", metavar="HOST", default="ntfy.sh", show_default=True, help="Where the topic is.")
@click.option("--channel", "more", metavar="NAME=URL", multiple=True, help="Any Apprise URL; may be repeated.")
@click.option("--test/--no-test", "sends_test", default=None, help="Send a test message to every channel.")
@click.option("--service/--no-service", "installs", default=None, help="Start at login, see reminders service.")
@click.option("-y", "--yes", "is_silent", is_flag=True, help="Ask nothing: what no option says takes its default.")
@places
def init(
    config: str | None,
    data_dir: str | None,
    *,
    is_silent: bool,
    sends_test: bool | None,
    installs: bool | None,
    **said: object,
) -> None:
    """Ask what is needed, write a commented configuration for you alone, check it and send a test.

    A file that is there already is never changed.
    """
    asker = Asker(is_silent=is_silent)
    path = _target(config)
    answers = _answers(asker, said)
    _write(path, answers)
    if _check(path, data_dir) and asker.confirm("Send a test message now?", given=sends_test, default=not is_silent):
        _test(path, data_dir)
    if asker.confirm("Start it at every login, as a background service?", given=installs, default=False):
        _install(path, data_dir)
    else:
        click.echo(f"start it with: reminders run --config {path}")


def _target(config: str | None) -> Path:
    from reminders.settings.locate import default_config_paths

    path = default_config_paths()[1] if config is None else Path(config)
    if path.exists():
        hint = "edit it and run reminders check, or name another file with --config"
        raise Refusal(f'"{path}" exists already and is left as it is', hint=hint)
    return path.absolute()


def _answers(asker: Asker, said: dict[str, object]) -> FirstAnswers:
    from reminders.catalogue.content import load_content
    from reminders.composition.first_file import FirstAnswers
    from reminders.settings.wall_times import parse_range

    def given(name: str) -> str | None:
        value = said[name]
        return value if isinstance(value, str) else None

    content = load_content()
    rules = content.rules
    timezone = asker.ask(_zone_question(), given("timezone"), FOLLOW, _zone)
    awake = asker.ask("Awake (nothing is sent outside)", given("awake"), "07:00-22:30", as_written(parse_range))
    hours = asker.ask("At the desk", given("work_hours"), "09:00-17:30", ranges_as_written)
    days = asker.ask("On", given("work_days"), "mon-fri", days_as_written)
    training = asker.ask('Training, such as "tue,thu 18:30"', given("training"), "none", training_as_written)
    habits = _habits(asker, given("habits"), content, trains=training is not None)
    asker.say("\nWhat you eat makes ideas for meals fit.")
    diet = asker.ask("Diet", given("diet"), "none", some_of(tuple(rules.diets), "a diet known here"))
    allergies = asker.ask(
        "Allergies", given("allergies"), "none", some_of(tuple(rules.allergies), "an allergy known here")
    )
    conditions, medicines = _health(asker, given("conditions"), given("medicines"), content)
    return FirstAnswers(
        timezone=timezone,
        awake=awake,
        work_hours=hours,
        work_days=days,
        habits=habits,
        training=training,
        diet=diet,
        allergies=allergies,
        conditions=conditions,
        medicines=medicines,
        channels=_channels(asker, said),
    )


def _zone_question() -> str:
    found = machine_zone()
    note = f", {found.fallback_reason}" if found.fallback_reason else ""
    return f'Time zone, or "{FOLLOW}" for that of this machine ({found.name} now{note})'


def _zone(text: str) -> str | None:
    from reminders.settings.fields import parse_zone

    return None if text.strip() == FOLLOW else parse_zone(text.strip())


def _habits(asker: Asker, given: str | None, content: Content, *, trains: bool) -> tuple[str, ...]:
    asker.say("\nHabits:")
    for habit in content.habits.values():
        asker.say(f"  {habit.id:15} {habit.summary}")
    usual = ",".join(name for name in SIX if trains or name not in AROUND_TRAINING)
    chosen = asker.ask("Which", given, usual, some_of(tuple(content.habits), "a built-in habit"))
    if not chosen:
        raise Refusal("no habit is chosen, so there would be nothing to do")
    return tuple(name for name in content.habits if name in chosen)


def _health(
    asker: Asker, conditions: str | None, medicines: str | None, content: Content
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Ask both health questions; one left unanswered keeps ideas for potassium off."""
    illnesses, tablets = sorted(content.rules.codes("condition")), sorted(content.rules.codes("medicine"))
    known = [*illnesses, *sorted(content.rules.codes("agreement"))]
    asker.say(
        "\nTwo questions decide which ideas are safe for you. Only you see the answers, in the file written here.\n"
        f'"{UNANSWERED}" leaves one open: then ideas for potassium-rich food stay off.'
    )
    asker.list("Illnesses that matter", illnesses)
    first = asker.ask("Which of them", conditions, UNANSWERED, maybe_some_of(known, "an illness known here"))
    asker.list("Medicines that matter", tablets)
    second = asker.ask("Which of them", medicines, UNANSWERED, maybe_some_of(tablets, "a medicine known here"))
    return first, second


def _channels(asker: Asker, said: dict[str, object]) -> tuple[tuple[str, str], ...]:
    channels: list[tuple[str, str]] = []
    asker.say("")
    wish = said["desktop"]
    if _wants_desktop(asker, wish if isinstance(wish, bool) else None):
        channels.append(("desktop", "desktop://"))
    url = _phone(asker, said["phone"], str(said["ntfy_server"]))
    channels += [("phone", url)] if url else []
    given = said["more"]
    for text in given if isinstance(given, tuple) else ():
        name, equals, address = text.partition("=")
        if not equals or "://" not in address:
            raise Refusal(f'--channel "{name}" is not NAME=URL')
        channels.append((name, address))
    channels += _more_channels(asker)
    return tuple(channels) or (("console", "console://"),)


def _wants_desktop(asker: Asker, given: bool | None) -> bool:  # noqa: FBT001
    from reminders.composition.trial import why_no_desktop

    reason = None if given is False else why_no_desktop()
    if reason is not None:
        click.echo(f"No desktop can be reached from here: {reason}")
        return given is True
    return asker.confirm("A desktop was found. Nudges on it?", given=given, default=True)


def _phone(asker: Asker, given: object, server: str) -> str | None:
    from reminders.background.environment import environment_path, keep_variables, read_environment

    kept = read_environment(environment_path()).get(TOPIC_VARIABLE)
    fresh = kept or f"reminders-{secrets.token_hex(TOPIC_BYTES)}"
    asker.say("Nudges on the phone come through the ntfy app. Who knows the topic can read them, so it is a long one.")
    answer = asker.ask(
        f'Topic: "new" for a random one, "{NO_PHONE}" for no phone',
        given if isinstance(given, str) else None,
        NO_PHONE,
        _topic,
    )
    if answer is None:
        return None
    topic = fresh if answer == "new" else answer
    if kept not in (None, topic):
        raise Refusal(
            f"{environment_path()} holds another {TOPIC_VARIABLE}", hint="remove it there, or use --phone new"
        )
    keep_variables(environment_path(), {TOPIC_VARIABLE: topic})
    composition.add_kept_variables()
    _show_topic(server, topic)
    return f"ntfys://${{{TOPIC_VARIABLE}}}" if server == "ntfy.sh" else f"ntfys://{server}/${{{TOPIC_VARIABLE}}}"


def _topic(text: str) -> str | None:
    from reminders.settings.mistakes import Mistake

    word = text.strip()
    if word == NO_PHONE:
        return None
    if not word.replace("-", "").replace("_", "").isalnum() or not word.isascii() or len(word) > 64:  # noqa: PLR2004
        raise Mistake("a topic has letters, digits, - and _ only, 64 at most")
    return word


def _show_topic(server: str, topic: str) -> None:
    """Show what the phone needs: a code for the Android app, and the words for every other."""
    click.echo(f"\nIn the ntfy app, subscribe to this topic on {server}: {topic}")
    if sys.stdout.isatty() and (sys.stdout.encoding or "").lower().startswith("utf"):
        import segno

        click.echo("On Android, scan this:")
        segno.make(f"ntfy://{server}/{topic}", error="m").terminal(sys.stdout, compact=True)


def _more_channels(asker: Asker) -> list[tuple[str, str]]:
    channels: list[tuple[str, str]] = []
    while asker.confirm("Another channel (mail, Telegram, ... by an Apprise URL)?", given=None, default=False):
        name = click.prompt("Its name, such as mail (empty = none)", default="", show_default=False).strip()
        url = click.prompt("Its URL (empty = none)", default="", show_default=False, hide_input=True) if name else ""
        channels += [(name, url.strip())] if url.strip() else []
    return channels if not asker.is_silent else []


def _write(path: Path, answers: FirstAnswers) -> None:
    from reminders.catalogue.content import load_content
    from reminders.composition.first_file import write_first_file

    blocks = {
        name: {key: value for key, value in habit.block.items() if key != "anchor"}
        for name, habit in load_content().habits.items()
    }
    write_first_file(path, answers, blocks)
    click.echo(f"\nwrote {path}, for you alone")


def _check(path: Path, data_dir: str | None) -> bool:
    from reminders.cli.check import contents_words
    from reminders.settings.problems import problems_text

    checked = composition.check(str(path), composition.data_directory(data_dir))
    if checked.problems:
        click.echo(problems_text(checked.problems))
    if checked.household is None:
        finish(ExitCode.REFUSED)
        return False
    click.echo(f"{path} is fine: {contents_words(checked.household)}")
    return True


def _test(path: Path, data_dir: str | None) -> None:
    from reminders.cli.send_test import show_sends
    from reminders.composition import trial

    loaded = composition.load(str(path), composition.data_directory(data_dir), keep=False)
    show_sends(trial.send_test(loaded, [channel.name for channel in loaded.household.channels]))


def _install(path: Path, data_dir: str | None) -> None:
    from reminders.cli.service import install

    click.get_current_context().invoke(install, linger=False, config=str(path), data_dir=data_dir)
