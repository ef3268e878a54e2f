"""What suits a person: which built-in habits, which water goal, which daily intakes, which moves.

The rules are data of the catalogue; here they meet a profile. Every doubt is settled towards "off": an unanswered
health question is not an answer.
"""

from __future__ import annotations

from functools import lru_cache

from reminders.catalogue.content import Content
from reminders.catalogue.intake import IntakeRow
from reminders.catalogue.move import Move
from reminders.catalogue.rules import Rule, Ruling
from reminders.domain.person import DailyIntake, Profile

_ADULT_FROM_YEARS = 18
_AGE_WHEN_NOT_TOLD = 40
_EXERCISE = frozenset({"warm_up", "cool_down", "walk", "strength"})
_MEALS = frozenset({"calcium_meal", "potassium_meal"})


def profile_codes(profile: Profile) -> frozenset[str]:
    """Return every code that holds for the person: conditions, medicines, avoid codes, pregnancy, age under 18."""
    codes = (profile.conditions or frozenset()) | (profile.medicines or frozenset()) | profile.avoid
    if profile.state == "pregnant":
        codes |= {"pregnancy"}
    if profile.age_years is not None and profile.age_years < _ADULT_FROM_YEARS:
        codes |= {"under_18"}
    return codes


def is_answered(profile: Profile) -> bool:
    """Tell whether both health questions were answered; "none of them" is an answer."""
    return profile.conditions is not None and profile.medicines is not None


@lru_cache(maxsize=256)
def rules_for(profile: Profile, content: Content) -> tuple[Rule, ...]:
    """Return the rules that the person's codes bring."""
    codes = sorted(profile_codes(profile))
    return tuple(content.rules.by_code[code] for code in codes if code in content.rules.by_code)


def ruling(topic: str, profile: Profile, content: Content) -> Ruling:
    """Return whether a topic (water_goal, water, potassium, calcium, meals) is on for the person.

    "agreed" = off until the topic's agreement code is among the conditions; once it is there, that ruling is "on".
    Potassium with a question unanswered is "off".
    """
    found = {getattr(rule, topic) for rule in rules_for(profile, content)}
    if "off" in found or (topic == "potassium" and not is_answered(profile)):
        return "off"
    if "agreed" in found and content.rules.agreements[topic] not in profile_codes(profile):
        return "agreed"
    return "on"


def unsafe_reason(profile: Profile, habit_id: str, content: Content, block: str = "me") -> str | None:
    """Say in English why a built-in habit must not be asked of this person, with what to do; None = it may be asked.

    People are told it in their language by ``retold``. A habit that is not built in is the person's own business:
    None. ``block`` is the person's key in the file.
    """
    if habit_id not in content.habits:
        return None
    name = "under_18" if "under_18" in profile_codes(profile) else _reason_name(profile, habit_id, content)
    return None if name is None else content.rules.reasons[name].replace("{profile}", f"{block}.profile")


def _reason_name(profile: Profile, habit_id: str, content: Content) -> str | None:
    if habit_id == "hydration":
        return _named("water", ruling("water", profile, content))
    if habit_id in _MEALS:
        return _meal_reason(profile, habit_id, content)
    return _move_reason(profile, habit_id, content)


def _named(topic: str, found: Ruling) -> str | None:
    return None if found == "on" else f"{topic}_{found}"


def _meal_reason(profile: Profile, habit_id: str, content: Content) -> str | None:
    if ruling("meals", profile, content) != "on":
        return "meals_off"
    if habit_id == "calcium_meal":
        return _named("calcium", ruling("calcium", profile, content))
    ruled_out = {rule.potassium for rule in rules_for(profile, content)}
    if not is_answered(profile) and "off" not in ruled_out:
        return "potassium_unanswered"
    return _named("potassium", ruling("potassium", profile, content))


def _move_reason(profile: Profile, habit_id: str, content: Content) -> str | None:
    codes = profile_codes(profile)
    if habit_id in _EXERCISE or habit_id == "movement":
        if "red_flag" in codes:
            return "red_flag"
        if habit_id in _EXERCISE and "acute_flare" in codes:
            return "acute_flare"
        if habit_id in _EXERCISE and _needs_agreement(profile, content):
            return "moves_agreed"
    return None


def _needs_agreement(profile: Profile, content: Content) -> bool:
    asked = any(rule.moves == "clinician" for rule in rules_for(profile, content))
    return asked and content.rules.agreements["moves"] not in profile_codes(profile)


def has_easy_moves_only(profile: Profile, content: Content) -> bool:
    """Tell whether only easy seated and standing moves may be offered: also while a question is unanswered."""
    gentle = any(rule.moves == "gentle" for rule in rules_for(profile, content))
    return gentle or not is_answered(profile) or _needs_agreement(profile, content)


def is_bad_day(profile: Profile, *, flare: bool) -> bool:
    """Tell whether moves must suit a flare-up, by today's pause or by the profile."""
    return flare or "acute_flare" in profile_codes(profile)


def move_suits(move: Move, profile: Profile, content: Content, *, flare: bool = False) -> bool:
    """Tell whether a move may be offered; one from memory never may."""
    avoid = profile_codes(profile).union(*(rule.avoid for rule in rules_for(profile, content)))
    if flare:
        avoid |= {"acute_flare"}
    if not move.may_be_shown or move.avoid_when & avoid:
        return False
    return move.easy or not has_easy_moves_only(profile, content)


def daily_intake(profile: Profile, content: Content) -> DailyIntake:
    """Return the person's own daily reference.

    Age not told = a middle-aged adult. Sex not told = the lower value for drinks, so that no goal is too high, and the
    higher one for minerals, so that no share is overstated. An age or state the authority has no row for takes its
    nearest row. Raises KeyError for an authority that is not in the catalogue.
    """
    authority = content.intakes[profile.reference]
    rows = _rows_for(profile, authority.rows)
    return DailyIntake(
        drinks_ml=min(row.drinks_ml for row in rows),
        calcium_mg=max(row.calcium_mg for row in rows),
        potassium_mg=max(row.potassium_mg for row in rows),
        authority=authority.name,
    )


def _rows_for(profile: Profile, rows: tuple[IntakeRow, ...]) -> list[IntakeRow]:
    state = "pregnant" if profile.state == "none" and "pregnancy" in profile_codes(profile) else profile.state
    age = _AGE_WHEN_NOT_TOLD if profile.age_years is None else profile.age_years
    of_sex = [row for row in rows if profile.sex is None or row.sex in (profile.sex, "any")]
    of_state = [row for row in of_sex if row.state == state] or [row for row in of_sex if row.state == "none"]
    distance = min(_years_from(row, age) for row in of_state)
    return [row for row in of_state if _years_from(row, age) == distance]


def _years_from(row: IntakeRow, age: int) -> int:
    return 0 if row.holds(age) else min(abs(age - row.age_min), abs(age - (row.age_max or row.age_min)))


def water_goal_ml(profile: Profile, content: Content) -> int | None:
    """Return the default day's drinks goal in ml; None = the profile allows no goal.

    With a health question unanswered it is the lower adult value of EFSA at most.
    """
    allowed = ruling("water", profile, content) == ruling("water_goal", profile, content) == "on"
    if not allowed or "under_18" in profile_codes(profile):
        return None
    own = daily_intake(profile, content).drinks_ml
    return own if is_answered(profile) else min(own, daily_intake(Profile(), content).drinks_ml)
