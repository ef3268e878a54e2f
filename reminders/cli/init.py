"""``reminders init``: a first configuration by questions, tried on the spot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reminders import composition
from reminders.catalogue.phrases import ENGLISH, language_spoken, languages, phrase, say, say_as, speak
from reminders.cli.channel_questions import NO_PHONE, PUBLIC_SERVER, TOPIC_VARIABLE, Chosen, chosen_channels, wishes_of
from reminders.cli.hour_answers import days_as_written, range_as_written, ranges_or_none, training_as_written
from reminders.cli.options import data_place
from reminders.cli.profile_answers import explained, maybe_some_of, some_of
from reminders.cli.questions import UNANSWERED, Asker, language_as_written, read_once, typed_none
from reminders.cli.refusal import NoStart, Refusal, Verb
from reminders.clock import machine_zone

if TYPE_CHECKING:
    from reminders.catalogue.content import Content
    from reminders.composition.configuration import Checked
    from reminders.composition.first_file import FirstAnswers

FOLLOW = "machine"
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
@click.option("--work-hours", metavar="RANGES", help="At the desk, such as 09:00-12:00,13:00-17:30, or none.")
@click.option("--work-days", metavar="DAYS", help="Such as mon-fri.")
@click.option("--training", metavar="WHEN", multiple=True, help='Such as "tue,thu 18:30", or none; may be repeated.')
@click.option("--habits", metavar="NAMES", help="Built-in habits, after commas.")
@click.option("--diet", metavar="CODES", help="Such as vegetarian, or none.")
@click.option("--allergies", metavar="CODES", help="Such as nuts, or none.")
@click.option("--conditions", metavar="CODES", help=f"Illnesses that matter here, none, or {UNANSWERED}.")
@click.option("--medicines", metavar="CODES", help=f"Medicines that matter here, none, or {UNANSWERED}.")
@click.option("--desktop/--no-desktop", default=None, help="Nudges on this desktop.")
@click.option("--phone", metavar="TOPIC", help=f"An ntfy topic for the phone; new = a random one; {NO_PHONE} = none.")
@click.option("--ntfy-server", metavar="HOST", default=PUBLIC_SERVER, show_default=True, help="Where the topic is.")
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
@click.option(
    "--config",
    metavar="FILE",
    help="The file to write. Left out: reminders/reminders.yaml in your user's configuration directory.",
)
@data_place
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
    answers, chosen = _answers(asker, said)
    _write(path, answers, chosen, data_dir)
    if asker.confirm(say("Send a test message now?"), given=sends_test, default=not is_silent):
        _test(path, data_dir)
    if asker.confirm(say("Start it at every login, as a background service?"), given=installs, default=False):
        _install(path, data_dir)
    else:
        click.echo(say("start it with: reminders run --config {path}", path=path))


def _target(config: str | None) -> Path:
    """Return the file to write. Raises Refusal where there is one already, or none can be written."""
    from reminders.composition.first_file import why_not_writable
    from reminders.settings.locate import default_config_paths

    path = (default_config_paths()[1] if config is None else Path(config)).absolute()
    if os.path.lexists(path):
        hint = say("edit it and run reminders check, or name another file with --config")
        raise Refusal(say('"{path}" exists already and is left as it is', path=config or path), hint=hint)
    reason = why_not_writable(path)
    if reason is not None:
        hint = say("name another file with --config")
        raise Refusal(say('"{path}" cannot be written: {reason}', path=path, reason=reason), hint=hint)
    return path


def _answers(asker: Asker, said: dict[str, object]) -> tuple[FirstAnswers, Chosen]:
    from reminders.catalogue.content import load_content
    from reminders.composition.first_file import FirstAnswers

    def given(name: str) -> str | None:
        value = said[name]
        return value if isinstance(value, str) else None

    language = _language(asker, given("language"))
    wishes = wishes_of(said["desktop"], said["phone"], _given_server(said["ntfy_server"]), said["more"])
    content = load_content()
    rules = content.rules
    timezone = asker.ask(_zone_question(), given("timezone"), FOLLOW, _zone)
    awake = asker.ask(say("Awake (nothing is sent outside)"), given("awake"), "07:00-22:30", range_as_written)
    hours = asker.ask(_desk_question(), given("work_hours"), "09:00-17:30", ranges_or_none)
    days = None
    if hours is not None:
        days = asker.ask(say_as("days of the week", "On"), given("work_days"), "mon-fri", days_as_written)
    training = _training(asker, said["training"])
    habits = _habits(asker, given("habits"), content, trains=bool(training))
    asker.say("\n" + say("What you eat makes ideas for meals fit."))
    asker.list(say("Diets"), explained(rules.diets))
    diet = asker.ask(say("Diet"), given("diet"), typed_none(), some_of(tuple(rules.diets), NO_DIET))
    asker.list(say("Known allergies"), explained(rules.allergies))
    allergies = asker.ask(
        say("Allergies"), given("allergies"), typed_none(), some_of(tuple(rules.allergies), NO_ALLERGY)
    )
    conditions, medicines = _health(asker, given("conditions"), given("medicines"), content)
    chosen = chosen_channels(asker, wishes)
    answers = FirstAnswers(
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
        channels=chosen.channels,
    )
    return answers, chosen


def _given_server(server: object) -> object:
    """Return the server that was named; None = it is the option's default."""
    source = click.get_current_context().get_parameter_source("ntfy_server")
    return None if source is click.core.ParameterSource.DEFAULT else server


def _desk_question() -> str:
    return say('At the desk, "{none}" without one', none=typed_none())


def _training(asker: Asker, given: object) -> tuple[tuple[str, str], ...]:
    """Ask for one training after the other, until there is none."""
    if isinstance(given, tuple) and given:
        read = (read_once(text, training_as_written) for text in given)
        return tuple(training for training in read if training is not None)
    trainings: list[tuple[str, str]] = []
    question = say('Training, such as "tue,thu 18:30"')
    while (training := asker.ask(question, None, typed_none(), training_as_written)) is not None:
        trainings.append(training)
        question = say("Another training")
    return tuple(trainings)


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
    agreements = sorted(content.rules.codes("agreement"))
    named = maybe_some_of([*illnesses, *agreements], NO_ILLNESS, agreements)
    asker.say(
        "\n"
        + say("Two questions decide which ideas are safe for you. Only you see the answers, in the file written here.")
        + "\n"
        + say('"{word}" leaves one open: then ideas for potassium-rich food stay off.', word=UNANSWERED)
    )
    asker.list(say("Illnesses that matter"), explained(illnesses))
    first = asker.ask(say("Which of them"), conditions, UNANSWERED, named)
    asker.list(say("Medicines that matter"), explained(tablets))
    second = asker.ask(say("Which of them"), medicines, UNANSWERED, maybe_some_of(tablets, NO_MEDICINE))
    return first, second


def _write(path: Path, answers: FirstAnswers, chosen: Chosen, data_dir: str | None) -> None:
    """Write the file and what it needs, and say what is in it. Raises NoStart, with nothing left, if it is refused."""
    from reminders.catalogue.content import load_content
    from reminders.cli.check import contents_words
    from reminders.composition.first_file import write_first_file
    from reminders.settings.problems import problems_text

    blocks = {
        name: {key: value for key, value in habit.block.items() if key != "anchor"}
        for name, habit in load_content().habits.items()
    }
    checked: Checked = write_first_file(path, answers, blocks, lambda: _check(path, chosen.topic, data_dir))
    if checked.household is None:
        click.echo(problems_text(checked.problems))
        raise NoStart(say('a file that is refused is not kept: "{path}" was not written', path=path))
    click.echo("\n" + say("wrote {path}, for you alone", path=path))
    if checked.problems:
        click.echo(problems_text(checked.problems))
    click.echo(say("{file} is fine: {contents}", file=path, contents=contents_words(checked.household)))


def _check(path: Path, topic: str | None, data_dir: str | None) -> Checked:
    """Check the file, and keep its topic if it is fine. Raises StartRefused or UsageMistake if that cannot be."""
    from reminders.composition.first_file import keep_variable

    if topic is not None:
        os.environ.setdefault(TOPIC_VARIABLE, topic)
    checked = composition.check(str(path), composition.data_directory(data_dir))
    if topic is not None and checked.household is not None:
        keep_variable(TOPIC_VARIABLE, topic)
    return checked


def _test(path: Path, data_dir: str | None) -> None:
    from reminders.cli.send_test import show_sends
    from reminders.composition import trial

    loaded = composition.load(str(path), composition.data_directory(data_dir), keep=False)
    show_sends(trial.send_test(loaded, [channel.name for channel in loaded.household.channels]))


def _install(path: Path, data_dir: str | None) -> None:
    from reminders.cli.service import install

    click.get_current_context().invoke(install, linger=False, config=str(path), data_dir=data_dir)
