"""``reminders init``: a first configuration by questions, tried on the spot."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reminders import composition
from reminders.catalogue.phrases import ENGLISH, language_spoken, languages, phrase, say, say_as, speak
from reminders.cli.options import places
from reminders.cli.questions import (
    UNANSWERED,
    Asker,
    as_written,
    days_as_written,
    is_no,
    language_as_written,
    maybe_some_of,
    ranges_as_written,
    some_of,
    training_as_written,
    typed_no,
    typed_none,
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
NO_HABIT = phrase('"{word}" is not a built-in habit')
NO_DIET = phrase('"{word}" is not a diet known here')
NO_ALLERGY = phrase('"{word}" is not an allergy known here')
NO_ILLNESS = phrase('"{word}" is not an illness known here')
NO_MEDICINE = phrase('"{word}" is not a medicine known here')


def _print_reference(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: FBT001
    del param
    if value:
        from reminders.settings.reference import reference_yaml

        click.echo(reference_yaml(), nl=False)
        ctx.exit()


@click.command("init", cls=Verb, short_help="Write a first configuration, by questions")
@click.option("--language", metavar="CODE", help="Of nudges, page and commands, such as de. Left out: the terminal's.")
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
@click.option(
    "--reference",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_reference,
    help="Print every key of a configuration with its default and an example, and write nothing.",
)
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
    if _check(path, data_dir) and asker.confirm(
        say("Send a test message now?"), given=sends_test, default=not is_silent
    ):
        _test(path, data_dir)
    if asker.confirm(say("Start it at every login, as a background service?"), given=installs, default=False):
        _install(path, data_dir)
    else:
        click.echo(say("start it with: reminders run --config {path}", path=path))


def _target(config: str | None) -> Path:
    from reminders.settings.locate import default_config_paths

    path = default_config_paths()[1] if config is None else Path(config)
    if path.exists():
        hint = say("edit it and run reminders check, or name another file with --config")
        raise Refusal(say('"{path}" exists already and is left as it is', path=path), hint=hint)
    return path.absolute()


def _answers(asker: Asker, said: dict[str, object]) -> FirstAnswers:
    from reminders.catalogue.content import load_content
    from reminders.composition.first_file import FirstAnswers
    from reminders.settings.wall_times import parse_range

    def given(name: str) -> str | None:
        value = said[name]
        return value if isinstance(value, str) else None

    language = _language(asker, given("language"))
    content = load_content()
    rules = content.rules
    timezone = asker.ask(_zone_question(), given("timezone"), FOLLOW, _zone)
    awake = asker.ask(say("Awake (nothing is sent outside)"), given("awake"), "07:00-22:30", as_written(parse_range))
    hours = asker.ask(say("At the desk"), given("work_hours"), "09:00-17:30", ranges_as_written)
    days = asker.ask(say_as("days of the week", "On"), given("work_days"), "mon-fri", days_as_written)
    training = asker.ask(say('Training, such as "tue,thu 18:30"'), given("training"), typed_none(), training_as_written)
    habits = _habits(asker, given("habits"), content, trains=training is not None)
    asker.say("\n" + say("What you eat makes ideas for meals fit."))
    diet = asker.ask(say("Diet"), given("diet"), typed_none(), some_of(tuple(rules.diets), NO_DIET))
    allergies = asker.ask(
        say("Allergies"), given("allergies"), typed_none(), some_of(tuple(rules.allergies), NO_ALLERGY)
    )
    conditions, medicines = _health(asker, given("conditions"), given("medicines"), content)
    return FirstAnswers(
        language=language,
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


def _language(asker: Asker, given: str | None) -> str | None:
    """Ask for the language and speak it from here on; None = it goes without saying, in the file as well."""
    offered = language_spoken()
    question = say("Language of nudges, page and commands ({codes})", codes=", ".join(languages()))
    chosen = asker.ask(question, given, offered, language_as_written)
    if chosen != offered:
        speak(chosen)
    return None if chosen == offered == ENGLISH else chosen


def _zone_question() -> str:
    found = machine_zone()
    why = f", {found.fallback_reason}" if found.fallback_reason else ""
    return say(
        'Time zone, or "{follow}" for that of this machine ({zone} now{why})', follow=FOLLOW, zone=found.name, why=why
    )


def _zone(text: str) -> str | None:
    from reminders.settings.fields import parse_zone

    return None if text.strip() == FOLLOW else parse_zone(text.strip())


def _habits(asker: Asker, given: str | None, content: Content, *, trains: bool) -> tuple[str, ...]:
    asker.say("\n" + say("Habits:"))
    for habit in content.habits.values():
        asker.say(f"  {habit.id:15} {say(habit.summary)}")
    usual = ",".join(name for name in SIX if trains or name not in AROUND_TRAINING)
    chosen = asker.ask(say("Which"), given, usual, some_of(tuple(content.habits), NO_HABIT))
    if not chosen:
        raise Refusal(say("no habit is chosen, so there would be nothing to do"))
    return tuple(name for name in content.habits if name in chosen)


def _health(
    asker: Asker, conditions: str | None, medicines: str | None, content: Content
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Ask both health questions; one left unanswered keeps ideas for potassium off."""
    illnesses, tablets = sorted(content.rules.codes("condition")), sorted(content.rules.codes("medicine"))
    known = [*illnesses, *sorted(content.rules.codes("agreement"))]
    asker.say(
        "\n"
        + say("Two questions decide which ideas are safe for you. Only you see the answers, in the file written here.")
        + "\n"
        + say('"{word}" leaves one open: then ideas for potassium-rich food stay off.', word=UNANSWERED)
    )
    asker.list(say("Illnesses that matter"), illnesses)
    first = asker.ask(say("Which of them"), conditions, UNANSWERED, maybe_some_of(known, NO_ILLNESS))
    asker.list(say("Medicines that matter"), tablets)
    second = asker.ask(say("Which of them"), medicines, UNANSWERED, maybe_some_of(tablets, NO_MEDICINE))
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
            raise Refusal(say('--channel "{name}" is not NAME=URL', name=name))
        channels.append((name, address))
    channels += _more_channels(asker)
    return tuple(channels) or (("console", "console://"),)


def _wants_desktop(asker: Asker, given: bool | None) -> bool:  # noqa: FBT001
    from reminders.catalogue.retelling import retold
    from reminders.composition.trial import why_no_desktop

    reason = None if given is False else why_no_desktop()
    if reason is not None:
        click.echo(say("No desktop can be reached from here: {reason}", reason=retold(reason)))
        return given is True
    return asker.confirm(say("A desktop was found. Nudges on it?"), given=given, default=True)


def _phone(asker: Asker, given: object, server: str) -> str | None:
    from reminders.background.environment import environment_path, keep_variables, read_environment

    kept = read_environment(environment_path()).get(TOPIC_VARIABLE)
    fresh = kept or f"reminders-{secrets.token_hex(TOPIC_BYTES)}"
    asker.say(
        say("Nudges on the phone come through the ntfy app. Who knows the topic can read them, so it is a long one.")
    )
    answer = asker.ask(
        say('Topic: "new" for a random one, "{no_phone}" for no phone', no_phone=typed_no()),
        given if isinstance(given, str) else None,
        typed_no(),
        _topic,
    )
    if answer is None:
        return None
    topic = fresh if answer == "new" else answer
    if kept not in (None, topic):
        raise Refusal(
            say("{file} holds another {variable}", file=environment_path(), variable=TOPIC_VARIABLE),
            hint=say("remove it there, or use --phone new"),
        )
    keep_variables(environment_path(), {TOPIC_VARIABLE: topic})
    composition.add_kept_variables()
    _show_topic(server, topic)
    return f"ntfys://${{{TOPIC_VARIABLE}}}" if server == "ntfy.sh" else f"ntfys://{server}/${{{TOPIC_VARIABLE}}}"


def _topic(text: str) -> str | None:
    from reminders.settings.mistakes import Mistake

    word = text.strip()
    if is_no(word.lower()):
        return None
    if not word.replace("-", "").replace("_", "").isalnum() or not word.isascii() or len(word) > 64:  # noqa: PLR2004
        raise Mistake(say("a topic has letters, digits, - and _ only, 64 at most"))
    return word


def _show_topic(server: str, topic: str) -> None:
    """Show what the phone needs: a code for the Android app, and the words for every other."""
    click.echo("\n" + say("In the ntfy app, subscribe to this topic on {server}: {topic}", server=server, topic=topic))
    if sys.stdout.isatty() and (sys.stdout.encoding or "").lower().startswith("utf"):
        import segno

        click.echo(say("On Android, scan this:"))
        segno.make(f"ntfy://{server}/{topic}", error="m").terminal(sys.stdout, compact=True)


def _more_channels(asker: Asker) -> list[tuple[str, str]]:
    channels: list[tuple[str, str]] = []
    another = say("Another channel (mail, Telegram, ... by an Apprise URL)?")
    while asker.confirm(another, given=None, default=False):
        name = click.prompt(say("Its name, such as mail (empty = none)"), default="", show_default=False).strip()
        url = (
            click.prompt(say("Its URL (empty = none)"), default="", show_default=False, hide_input=True) if name else ""
        )
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
    click.echo("\n" + say("wrote {path}, for you alone", path=path))


def _check(path: Path, data_dir: str | None) -> bool:
    from reminders.cli.check import contents_words
    from reminders.settings.problems import problems_text

    checked = composition.check(str(path), composition.data_directory(data_dir))
    if checked.problems:
        click.echo(problems_text(checked.problems))
    if checked.household is None:
        finish(ExitCode.REFUSED)
        return False
    click.echo(say("{file} is fine: {contents}", file=path, contents=contents_words(checked.household)))
    return True


def _test(path: Path, data_dir: str | None) -> None:
    from reminders.cli.send_test import show_sends
    from reminders.composition import trial

    loaded = composition.load(str(path), composition.data_directory(data_dir), keep=False)
    show_sends(trial.send_test(loaded, [channel.name for channel in loaded.household.channels]))


def _install(path: Path, data_dir: str | None) -> None:
    from reminders.cli.service import install

    click.get_current_context().invoke(install, linger=False, config=str(path), data_dir=data_dir)
