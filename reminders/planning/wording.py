"""The words of a nudge: which variant, which food, which routine, and how two asks share one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reminders.catalogue.content import Content
from reminders.domain.decision import Decision, Send
from reminders.domain.habit import Habit
from reminders.domain.nudge import Ask
from reminders.domain.person import Person
from reminders.domain.service_words import ServiceWords
from reminders.planning.meal_idea import MINERALS, foods_for, meal_of, mg_of, notes_for, share_of, slot_of
from reminders.planning.nudge_text import Composition
from reminders.planning.routine import asks_to_move, routines_for
from reminders.planning.safety import is_bad_day, ruling
from reminders.planning.variety import choose, variant_name

TITLE_AT_MOST = 40
_JOINT = " + "


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """The words for one ask; ``has_moves`` = the stop rule goes with it."""

    title: str
    body: str
    discreet: str
    variant: str = ""
    amount_ml: int | None = None
    has_moves: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Request:
    """What one ask is composed from."""

    person: Person
    habit: Habit
    decision: Decision
    send: Send
    content: Content
    recent: tuple[str, ...]
    zone: ZoneInfo
    bad_day: bool


def compose(
    person: Person,
    sends: tuple[Decision, ...],
    content: Content,
    recent: Mapping[str, tuple[str, ...]],
    zone: ZoneInfo,
    *,
    flare: bool = False,
) -> Composition:
    """Find the words for the decisions that share a nudge.

    ``recent`` holds each habit's variant names, newest first; ``zone`` is where the person is. ``flare`` = a bad day.
    The same arguments give the same words. Raises ValueError for a decision that is no Send, or about a habit that the
    person does not have.
    """
    bad_day = is_bad_day(person.profile, flare=flare)
    parts = [_part(_request(person, decision, content, recent, zone, bad_day=bad_day)) for decision in sends]
    asks = tuple(_ask(part, decision, content) for part, decision in zip(parts, sends, strict=True))
    return Composition(
        title=_title([part.title for part in parts], content),
        text=_joined_text(parts, content),
        discreet_text="\n".join(dict.fromkeys(part.discreet for part in parts)),
        asks=asks,
    )


def compose_again(asks: tuple[Ask, ...], content: Content) -> Composition:
    """Put asks on record into words once more, their own words; nothing new is chosen."""
    rule = f" {content.texts.stop_rule}"
    bodies = [ask.text for ask in asks]
    with_moves = [place for place, body in enumerate(bodies) if body.endswith(rule)]
    for place in with_moves[:-1]:
        bodies[place] = bodies[place].removesuffix(rule)
    return Composition(
        title=_title([title_of(ask.habit, content) for ask in asks], content),
        text="\n".join(bodies),
        discreet_text="\n".join(dict.fromkeys(_discreet(ask.habit, content) for ask in asks)),
        asks=asks,
    )


def service_words(content: Content) -> ServiceWords:
    """Return what the service itself says in the content's language."""
    return ServiceWords(**content.texts.service)


def _discreet(habit_id: str, content: Content) -> str:
    texts = content.texts.habits.get(habit_id)
    return content.texts.discreet_own if texts is None else texts.discreet


def _request(
    person: Person,
    decision: Decision,
    content: Content,
    recent: Mapping[str, tuple[str, ...]],
    zone: ZoneInfo,
    *,
    bad_day: bool,
) -> _Request:
    habit = person.habit(decision.habit)
    if habit is None:
        raise ValueError(f"no words for {decision.occurrence_id!r}: {person.id!r} has no such habit")
    if not isinstance(decision.verdict, Send):
        raise ValueError(f"no words for {decision.occurrence_id!r}: it is not to be sent")  # noqa: TRY004  not a type slip
    return _Request(
        person=person,
        habit=habit,
        decision=decision,
        send=decision.verdict,
        content=content,
        recent=recent.get(habit.id, ()),
        zone=zone,
        bad_day=bad_day,
    )


def _part(request: _Request) -> _Part:
    if request.habit.say is not None:
        return _own_words(request, request.habit.say)
    if request.habit.id == "hydration":
        return _drink(request)
    if request.habit.id in MINERALS:
        return _meal(request, MINERALS[request.habit.id])
    return _moves(request)


def _own_words(request: _Request, say: str) -> _Part:
    habit_id, content = request.habit.id, request.content
    return _Part(title=title_of(habit_id, content), body=say, discreet=_discreet(habit_id, content))


def title_of(habit_id: str, content: Content) -> str:
    """Return what a habit is called: a built-in one as in the texts, one's own by its name."""
    texts = content.texts.habits.get(habit_id)
    name = habit_id.replace("_", " ")
    return name[:1].upper() + name[1:] if texts is None else texts.title


def _drink(request: _Request) -> _Part:
    goal_allowed = ruling("water_goal", request.person.profile, request.content) == "on"
    amount = request.send.amount_ml if goal_allowed else None
    pool = request.content.texts.habits["hydration"]
    if amount is not None:
        return _filled(request, pool.variants, {"amount": _amount_words(amount, request.content)}, amount_ml=amount)
    note = "" if goal_allowed else request.content.texts.notes["fluid_limit"]
    return _filled(request, pool.plain, {}, note=note)


def _amount_words(amount_ml: int, content: Content) -> str:
    return content.texts.amount.format_map({"ml": str(amount_ml)})


def _meal(request: _Request, mineral: str) -> _Part:
    profile, content = request.person.profile, request.content
    wall = request.send.at.astimezone(request.zone).time()
    slot, meal = meal_of(mineral, slot_of(wall), profile, content)
    foods = {food.id: food for food in foods_for(mineral, slot, profile, content)}
    pools = content.texts.habits[request.habit.id]
    words = {"meal": content.texts.meals[meal]}
    if not foods:
        return _filled(request, pools.plain, words)
    text, food_id = _chosen(request, pools.variants, tuple(foods))
    food = foods[food_id]
    milligrams = mg_of(mineral, food)
    words |= {"food": food.name, "serving": food.serving, "mg": str(milligrams)}
    words["share"] = share_of(mineral, milligrams, request.person.intake, content)
    body = " ".join((pools.variants[text].format_map(words), *notes_for(mineral, food, profile, content)))
    return _Part(title=pools.title, body=body, discreet=pools.discreet, variant=variant_name(text, food_id))


def _moves(request: _Request) -> _Part:
    pools = request.content.texts.habits[request.habit.id]
    has_moves = asks_to_move(request.habit.id, request.content)
    if request.bad_day and pools.gentle:
        return _filled(request, pools.gentle, {}, has_moves=has_moves)
    routines = routines_for(request.habit.id, request.person.profile, request.content, flare=request.bad_day)
    if not routines:
        return _filled(request, pools.plain, {}, has_moves=has_moves)
    steps = {routine.id: routine.steps for routine in routines}
    text, routine_id = _chosen(request, pools.variants, tuple(steps))
    return _Part(
        title=pools.title,
        body=pools.variants[text].format_map({"steps": steps[routine_id]}),
        discreet=pools.discreet,
        variant=variant_name(text, routine_id),
        has_moves=has_moves,
    )


def _filled(
    request: _Request,
    pool: Mapping[str, str],
    words: Mapping[str, str],
    *,
    note: str = "",
    amount_ml: int | None = None,
    has_moves: bool = False,
) -> _Part:
    texts = request.content.texts.habits[request.habit.id]
    name, _ = _chosen(request, pool, ("",))
    body = pool[name].format_map(words)
    return _Part(
        title=texts.title,
        body=f"{body} {note}" if note else body,
        discreet=texts.discreet,
        variant=name,
        amount_ml=amount_ml,
        has_moves=has_moves,
    )


def _chosen(request: _Request, pool: Mapping[str, str], details: tuple[str, ...]) -> tuple[str, str]:
    return choose(tuple(pool), details, request.recent, request.decision.occurrence_id)


def _ask(part: _Part, decision: Decision, content: Content) -> Ask:
    return Ask(
        occurrence_id=decision.occurrence_id,
        habit=decision.habit,
        text=_with_stop_rule(part, content),
        variant=part.variant,
        amount_ml=part.amount_ml,
    )


def _with_stop_rule(part: _Part, content: Content) -> str:
    return f"{part.body} {content.texts.stop_rule}" if part.has_moves else part.body


def _joined_text(parts: list[_Part], content: Content) -> str:
    last_with_moves = max((place for place, part in enumerate(parts) if part.has_moves), default=None)
    return "\n".join(
        _with_stop_rule(part, content) if place == last_with_moves else part.body for place, part in enumerate(parts)
    )


def _title(titles: list[str], content: Content) -> str:
    room = (TITLE_AT_MOST - len(_JOINT) * (len(titles) - 1)) // len(titles)
    short = [_cut(title, room) for title in titles] if len(_JOINT.join(titles)) > TITLE_AT_MOST else titles
    if not content.texts.lowers_titles:
        return _JOINT.join(short)
    return _JOINT.join([short[0], *(title[:1].lower() + title[1:] for title in short[1:])])


def _cut(title: str, room: int) -> str:
    return title if len(title) <= room else title[: room - 1].rstrip() + "…"
