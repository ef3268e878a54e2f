"""What a file means: defaults filled in, layers joined, safety kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from reminders.catalogue.content import load_content
from reminders.domain.channel import ChannelKind
from reminders.domain.habit import CatchUp, Habit
from reminders.domain.household import Household
from reminders.domain.schedule import AfterTraining, Anchor, At, BeforeTraining, Cron, Every, Times, WithinKind
from reminders.domain.web import WebSpec
from reminders.settings.habit_block import HabitsBlock
from reminders.settings.reading import Reading, read_configuration

ROOT = Path(__file__).parents[2]
AsHousehold = Callable[..., Household]
SIX = ("hydration", "movement", "warm_up", "cool_down", "calcium_meal", "potassium_meal")


def habit_of(household: Household, name: str, person: str = "me") -> Habit:
    found = household.person(person)
    assert found is not None
    habit = found.habit(name)
    assert habit is not None
    return habit


def test_the_shipped_file_means_the_same_as_the_starter() -> None:
    shipped = read_configuration(str(ROOT / "config" / "reminders.yaml"), {})
    starter = read_configuration(None, {})
    assert shipped.problems == starter.problems == ()
    assert shipped.household is not None
    assert starter.household is not None
    assert starter.household.source is None
    assert shipped.household.people == starter.household.people
    assert shipped.household.channels == starter.household.channels
    assert tuple(habit.id for habit in starter.household.people[0].habits) == SIX


def test_a_file_of_one_line_is_a_useful_file(household: AsHousehold) -> None:
    found = household("me: {name: Alex}\n")
    assert tuple(habit.id for habit in found.people[0].habits) == SIX
    assert [channel.kind for channel in found.channels] == [ChannelKind.DESKTOP]
    assert found.web == WebSpec(port=8377)
    assert found.source is not None
    assert Path(found.source).is_absolute()


def test_the_schema_knows_every_built_in_habit() -> None:
    assert set(HabitsBlock.model_fields) == set(load_content().habits)


@pytest.mark.parametrize("name", list(load_content().habits))
def test_a_name_alone_takes_the_defaults_of_the_catalogue(household: AsHousehold, name: str) -> None:
    habit = habit_of(household(f"habits: {{{name}: }}\n"), name)
    default = load_content().habits[name]
    assert habit.built_in
    assert habit.life_limit == default.life_limit
    assert habit.catch_up == CatchUp(default.catch_up)
    assert habit.quiet_before_sleep == default.quiet_before_sleep


def test_movement_and_eyes_keep_to_work_and_movement_counts_from_the_answer(household: AsHousehold) -> None:
    text = "habits: {movement: {every: 45min}, eyes: {every: 30min}, walk: {every: 2h}}\n"
    found = household(text)
    kinds = [
        (habit.within.kind, habit.schedule.anchor)
        for habit in found.people[0].habits
        if isinstance(habit.schedule, Every)
    ]
    assert kinds == [
        (WithinKind.WORK, Anchor.ANSWER),
        (WithinKind.AWAKE, Anchor.CLOCK),
        (WithinKind.WORK, Anchor.CLOCK),
    ]


def test_each_kind_of_schedule_is_understood(household: AsHousehold) -> None:
    found = household(
        "habits:\n"
        "  a: {every: 2h, anchor: answer, say: x}\n"
        "  b: {at: [16:00, '07:45'], say: x}\n"
        "  c: {times: 3, say: x}\n"
        "  d: {cron: 0 9 * * mon-fri, say: x}\n"
        "  e: {before: training, lead: 5min, say: x}\n"
        "  f: {after: training, lag: 5min, say: x}\n"
        "training: [{name: Gym, days: tue, at: 18:30}]\n"
    )
    assert [habit.schedule for habit in found.people[0].habits] == [
        Every(interval=timedelta(hours=2), anchor=Anchor.ANSWER),
        At(times=(time(7, 45), time(16))),
        Times(count=3),
        Cron(expression="0 9 * * mon-fri"),
        BeforeTraining(lead=timedelta(minutes=5)),
        AfterTraining(lag=timedelta(minutes=5)),
    ]
    assert found.people[0].training[0].lasts == timedelta(minutes=60)


def test_a_schedule_of_ones_own_replaces_the_default_with_its_companions(household: AsHousehold) -> None:
    found = household("habits: {warm_up: {at: 18:00}, movement: {times: 4}}\n")
    assert habit_of(found, "warm_up").schedule == At(times=(time(18),))
    assert habit_of(found, "movement").schedule == Times(count=4)


def test_every_key_of_a_habit_reaches_the_domain(household: AsHousehold) -> None:
    found = household(
        "channels: {desktop: desktop://, phone: ntfys://x, mail: mailto://a:b@c.d}\n"
        "habits:\n"
        "  walk: {every: 3h, within: [08:00-12:00, 13:00-18:00], days: weekend, from: 2026-03-01, until: 2026-05-31,\n"
        "    send_to: phone, fallback: [mail], snooze: 20min, expire_after: 1h, catch_up: skip, say: Out you go}\n"
    )
    walk = habit_of(found, "walk")
    assert [str(one) for one in walk.within.ranges] == ["08:00-12:00", "13:00-18:00"]
    assert walk.days == {5, 6}
    assert (walk.first_date, walk.last_date) == (date(2026, 3, 1), date(2026, 5, 31))
    assert (walk.send_to, walk.fallback) == (("phone",), ("mail",))
    assert (walk.snooze, walk.expire_after) == (timedelta(minutes=20), timedelta(hours=1))
    assert (walk.catch_up, walk.say) == (CatchUp.SKIP, "Out you go")


def test_send_to_left_out_is_every_channel(household: AsHousehold) -> None:
    found = household("channels: {desktop: desktop://, phone: ntfys://x}\nhabits: {movement: }\n")
    assert habit_of(found, "movement").send_to == ("desktop", "phone")


def test_a_key_without_a_value_counts_as_left_out(household: AsHousehold) -> None:
    assert household("me:\n  awake:\n  work:\nlimits:\nweb:\n").people == household("me: {}\n").people


@pytest.mark.parametrize("word", ["off", "false"])
def test_off_switches_a_habit_off(household: AsHousehold, word: str) -> None:
    person = household(f"habits: {{movement: {word}, hydration: }}\n").people[0]
    assert person.off_habits == ("movement",)
    assert [habit.id for habit in person.habits] == ["hydration"]


def test_a_channel_is_a_url_or_a_block(household: AsHousehold) -> None:
    found = household(
        "channels:\n"
        "  desk: desktop://\n"
        "  term: {url: console://}\n"
        "  phone: ntfys://${NTFY_TOPIC}/$$x\n"
        "  mail: {url: mailto://a:b@c.d, discreet: true}\n"
        "  file: {url_file: /run/secrets/phone}\n",
        {"NTFY_TOPIC": "token-of-alex"},
    )
    spec = {channel.name: channel for channel in found.channels}
    assert [one.kind.value for one in found.channels] == ["desktop", "console", "apprise", "apprise", "apprise"]
    assert spec["phone"].url == "ntfys://${NTFY_TOPIC}/$$x"
    assert (spec["mail"].url, spec["mail"].discreet) == ("mailto://a:b@c.d", True)
    assert (spec["file"].url, spec["file"].url_file) == (None, "/run/secrets/phone")


def test_none_answers_a_health_question_and_leaving_it_out_does_not(household: AsHousehold) -> None:
    answered = household("me: {profile: {conditions: none, medicines: []}}\n").people[0]
    unanswered = household("me: {profile: {}}\n").people[0]
    assert (answered.profile.conditions, answered.profile.medicines) == (frozenset(), frozenset())
    assert (unanswered.profile.conditions, unanswered.profile.medicines) == (None, None)
    assert next(one for one in answered.habits if one.id == "potassium_meal").unsafe is None
    assert next(one for one in unanswered.habits if one.id == "potassium_meal").unsafe is not None


def test_a_goal_in_the_file_wins_where_a_goal_is_safe(household: AsHousehold) -> None:
    profile = "me: {profile: {conditions: none, medicines: none}}\n"
    assert habit_of(household(profile + "habits: {hydration: {goal: 1.8L}}\n"), "hydration").goal_ml == 1800
    assert habit_of(household(profile + "habits: {hydration: }\n"), "hydration").goal_ml == 1600


def test_a_goal_in_the_file_does_not_bring_back_a_target_that_is_off(household: AsHousehold) -> None:
    text = "me: {profile: {conditions: [heart_failure]}}\nhabits: {hydration: {goal: 1.8L}}\n"
    assert habit_of(household(text), "hydration").goal_ml is None


PEOPLE = """\
timezone: Europe/Berlin
channels: {desktop: desktop://, phone: ntfys://x}
send_to: [desktop]
habits:
  movement: {every: 60min, snooze: 20min}
  hydration: off
  tea: {every: 3h, say: Put the kettle on}
training: [{name: Gym, days: tue, at: 18:30}]
limits: {per_day: 10, gap: 20min}
people:
  alex:
  kim:
    name: Kim
    timezone: Asia/Tokyo
    awake: 06:00-21:00
    send_to: [phone]
    habits:
      movement: {every: 45min}
      hydration:
      tea: off
    training: []
    limits: {per_day: 6}
"""


def test_each_person_takes_the_shared_keys_and_lays_their_own_over_them(household: AsHousehold) -> None:
    alex, kim = household(PEOPLE).people
    assert (alex.id, alex.name, alex.zone, kim.name, kim.zone) == ("alex", "alex", "Europe/Berlin", "Kim", "Asia/Tokyo")
    assert ([habit.id for habit in alex.habits], alex.off_habits) == (["movement", "tea"], ("hydration",))
    assert ([habit.id for habit in kim.habits], kim.off_habits) == (["hydration", "movement"], ("tea",))
    assert (len(alex.training), len(kim.training)) == (1, 0)
    assert (kim.limits.per_day, kim.limits.gap) == (6, timedelta(minutes=20))


def test_habits_merge_key_by_key(household: AsHousehold) -> None:
    found = household(PEOPLE)
    own, shared = habit_of(found, "movement", "kim"), habit_of(found, "movement", "alex")
    assert isinstance(own.schedule, Every)
    assert (own.schedule.interval, own.snooze) == (timedelta(minutes=45), timedelta(minutes=20))
    assert (own.send_to, shared.send_to) == (("phone",), ("desktop",))


def test_a_mistake_in_a_shared_habit_is_told_once(read: Callable[..., Reading]) -> None:
    reading = read(PEOPLE.replace("Put the kettle on", "Tea}\n  hydratoin: {every: 2h"))
    assert [problem.key for problem in reading.problems] == ["habits.hydratoin"]


def test_a_mistake_in_a_persons_block_is_told_there(read: Callable[..., Reading]) -> None:
    reading = read(PEOPLE.replace("every: 45min", "expire_after: 2h"))
    assert [(problem.line, problem.key) for problem in reading.problems] == [
        (18, "people.kim.habits.movement.expire_after")
    ]


def test_why_a_habit_is_off_names_the_persons_own_key(household: AsHousehold) -> None:
    found = household("habits: {potassium_meal: }\npeople: {kim: {name: Kim}}\n")
    reason = habit_of(found, "potassium_meal", "kim").unsafe or ""
    assert "people.kim.profile.conditions" in reason
    assert "{profile}" not in reason
    alone = habit_of(household("habits: {potassium_meal: }\n"), "potassium_meal").unsafe or ""
    assert "set me.profile.conditions" in alone


def test_water_so_many_times_a_day_leaves_the_hours_before_sleep_alone(read: Callable[..., Reading]) -> None:
    """The last of four would else be due in the two hours before sleep, and be held back every day."""
    reading = read("habits: {hydration: {times: 4}}\n")
    assert reading.problems == ()
