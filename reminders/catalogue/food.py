"""Foods: what one serving brings, and what a person must know about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reminders.catalogue.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Food:
    """One serving of a food.

    Minerals are in mg a serving and, with ``_per_100g``, in mg per 100 g; None = not known. ``calcium_counts`` False =
    the body cannot use that calcium. ``checked`` False = from memory, never shown. ``tip`` is said with the food.
    """

    id: str
    name: str
    serving: str
    grams: float
    calcium_mg: int
    potassium_mg: int | None
    calcium_mg_per_100g: int | None
    potassium_mg_per_100g: int | None
    calcium_counts: bool
    rich_in: frozenset[str]
    tags: frozenset[str]
    slots: frozenset[str]
    source: str
    source_ref: str
    checked: bool
    tip: str


def read_foods(foods: Record) -> dict[str, Food]:
    """Read the foods in the file's order; raise ValueError for a field amiss."""
    return {record.text("id"): _food(record) for record in foods.rows("foods", "columns")}


def foods_in_words(foods: Mapping[str, Food], words: Record) -> dict[str, Food]:
    """Return the foods as a language calls them, where it does; what they hold stays as it is."""
    said = words.nested("foods")
    return {name: _in_words(food, said.record(name)) if name in said.fields else food for name, food in foods.items()}


def _in_words(food: Food, words: Record) -> Food:
    return replace(
        food,
        name=words.text("name", food.name),
        serving=words.text("serving", food.serving),
        tip=words.text("tip", food.tip),
    )


def _food(record: Record) -> Food:
    return Food(
        id=record.text("id"),
        name=record.text("name"),
        serving=record.text("serving"),
        grams=record.number("grams"),
        calcium_mg=record.integer("calcium_mg"),
        potassium_mg=record.optional_integer("potassium_mg"),
        calcium_mg_per_100g=record.optional_integer("calcium_mg_per_100g"),
        potassium_mg_per_100g=record.optional_integer("potassium_mg_per_100g"),
        calcium_counts=record.flag("calcium_counts"),
        rich_in=record.codes("rich_in"),
        tags=record.codes("tags"),
        slots=record.codes("slots"),
        source=record.text("source"),
        source_ref=record.text("source_ref", ""),
        checked=record.flag("checked"),
        tip=record.text("tip", ""),
    )
