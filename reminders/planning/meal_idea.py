"""Meal ideas: which foods suit a person at a time of day, and what must be said with them."""

from __future__ import annotations

from datetime import time
from functools import lru_cache

from reminders.catalogue.content import Content
from reminders.catalogue.food import Food
from reminders.domain.person import DailyIntake, Profile
from reminders.planning.safety import rules_for, ruling

CALCIUM = "calcium"
POTASSIUM = "potassium"
MINERALS = {"calcium_meal": CALCIUM, "potassium_meal": POTASSIUM}

# From these wall times on, until the next; before the first one it is still time for a snack.
_SLOTS = (
    (time(4), "breakfast"),
    (time(10, 30), "lunch"),
    (time(14, 30), "snack"),
    (time(17), "dinner"),
    (time(22), "snack"),
)


def slot_of(wall: time) -> str:
    """Return the meal that an ask at this wall time is about: breakfast, lunch, snack or dinner."""
    return next((slot for begins, slot in reversed(_SLOTS) if wall.replace(tzinfo=None) >= begins), "snack")


def meal_of(mineral: str, slot: str, profile: Profile, content: Content) -> tuple[str, str]:
    """Return (slot to choose a food for, name of that meal in the texts).

    A tablet that calcium must keep clear of moves a breakfast idea to lunch: such tablets belong to the morning.
    """
    if mineral == CALCIUM and slot == "breakfast" and any(rule.spacing for rule in rules_for(profile, content)):
        return "lunch", "later"
    return slot, slot


@lru_cache(maxsize=256)
def foods_for(mineral: str, slot: str, profile: Profile, content: Content) -> tuple[Food, ...]:
    """Return the foods that may be suggested for a mineral at a meal, in the catalogue's order; may be empty."""
    if ruling(mineral, profile, content) != "on" or ruling("meals", profile, content) != "on":
        return ()
    hidden = hidden_tags(profile, content)
    return tuple(
        food
        for food in content.foods.values()
        if _is_source_of(mineral, food) and slot in food.slots and not food.tags & hidden
        if all(food.tags & content.rules.diets[diet] for diet in profile.diet)
    )


def hidden_tags(profile: Profile, content: Content) -> frozenset[str]:
    """Return the tags of foods that must not be suggested to the person.

    Foods high in potassium are hidden while potassium is off for any reason, an unanswered question included, because
    it may hide a kidney reason.
    """
    hidden = frozenset[str]().union(*(content.rules.allergies[allergy] for allergy in profile.allergies))
    hidden = hidden.union(*(rule.hides for rule in rules_for(profile, content)))
    if ruling(POTASSIUM, profile, content) != "on":
        hidden |= {content.rules.potassium_restricted_tag}
    return hidden


def _is_source_of(mineral: str, food: Food) -> bool:
    return food.checked and mineral in food.rich_in and (mineral != CALCIUM or food.calcium_counts)


def mg_of(mineral: str, food: Food) -> int:
    """Return what one serving brings, in mg; 0 = not known."""
    return food.calcium_mg if mineral == CALCIUM else food.potassium_mg or 0


def share_of(mineral: str, milligrams: int, intake: DailyIntake, content: Content) -> str:
    """Say which part of the person's own daily reference this is: ``27 % of your 950 mg``."""
    reference = intake.calcium_mg if mineral == CALCIUM else intake.potassium_mg
    percent = round(100 * milligrams / reference)
    return content.texts.share.format_map({"percent": str(percent), "reference": str(reference)})


@lru_cache(maxsize=512)
def notes_for(mineral: str, food: Food, profile: Profile, content: Content) -> tuple[str, ...]:
    """Return what must be said with a food: spacing from tablets, labels, handling; most important first."""
    rules = rules_for(profile, content)
    names = _calcium_notes(profile, content) if mineral == CALCIUM else []
    names += [label] if (label := _label_note(food, profile, content)) else []
    names += [
        rule.food_note
        for rule in rules
        if rule.food_note and (not rule.food_note_tags or rule.food_note_tags & food.tags)
    ]
    notes = [content.texts.notes[name] for name in dict.fromkeys(names)]
    return (*notes, food.tip) if food.tip else tuple(notes)


def _calcium_notes(profile: Profile, content: Content) -> list[str]:
    rules = [rule for rule in rules_for(profile, content) if rule.calcium_note]
    tablets = [rule.calcium_note for rule in rules if rule.kind == "medicine"]
    others = [rule.calcium_note for rule in rules if rule.kind != "medicine"]
    return [*(tablets if len(tablets) < 2 else ["several_tablets"]), *others]  # noqa: PLR2004  one note is enough


def _label_note(food: Food, profile: Profile, content: Content) -> str:
    if profile.allergies or "gluten_free" in profile.diet:
        return "label_allergy"
    if food.tags & content.rules.label_tags:
        return "label_diet" if profile.diet else "label"
    return ""
