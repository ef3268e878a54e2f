"""Daily reference intakes by authority, sex, age and state: group values for healthy people, not medical targets."""

from __future__ import annotations

from dataclasses import dataclass

from reminders.catalogue.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class IntakeRow:
    """One row of an authority's table.

    ``sex`` is "male", "female" or "any"; ages are whole years, inclusive, ``age_max`` None = no upper end.
    ``state`` is "none", "pregnant" or "lactating". ``drinks_ml`` is what is to be drunk a day, without the water in
    food; ``water_ml`` is both, None where the authority gives none. Minerals are in mg a day.
    """

    id: str
    sex: str
    age_min: int
    age_max: int | None
    state: str
    water_ml: int | None
    drinks_ml: int
    calcium_mg: int
    potassium_mg: int

    def holds(self, age_years: int) -> bool:
        """Tell whether an age falls into this row."""
        return self.age_min <= age_years and (self.age_max is None or age_years <= self.age_max)


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """Who publishes a table: ``id`` is what a person writes under ``reference``."""

    id: str
    name: str
    rows: tuple[IntakeRow, ...]


def read_authorities(intakes: Record) -> dict[str, Authority]:
    """Read the tables in the file's order; raise ValueError for a field amiss."""
    return {
        name: Authority(id=name, name=record.text("name"), rows=tuple(map(_row, record.records("rows"))))
        for name, record in intakes.named_records("systems")
    }


def _row(record: Record) -> IntakeRow:
    return IntakeRow(
        id=record.text("id"),
        sex=record.text("sex"),
        age_min=record.integer("age_min"),
        age_max=record.optional_integer("age_max"),
        state=record.text("state"),
        water_ml=record.optional_integer("water_ml"),
        drinks_ml=record.integer("water_drinks_ml"),
        calcium_mg=record.integer("calcium_mg"),
        potassium_mg=record.integer("potassium_mg"),
    )
