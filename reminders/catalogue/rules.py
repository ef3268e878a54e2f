"""The safety rules: which answer in a profile switches off or changes what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from reminders.catalogue.record import Record

# on; off; off until the person adds the topic's agreement code to the conditions.
Ruling = Literal["on", "off", "agreed"]
# on; gentle = easy moves only; clinician = easy moves only and no exercise until the agreement code is there.
MovesRuling = Literal["on", "gentle", "clinician"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What one code of a profile means.

    ``kind`` is "condition", "medicine" or "agreement". ``hides`` are tags of foods not to suggest, ``avoid`` the avoid
    codes it brings for moves. ``calcium_note`` and ``food_note`` name notes of the texts, empty for none; the food note
    goes with foods that have one of ``food_note_tags``, or with every food where there are none. ``spacing`` marks a
    tablet that calcium must keep clear of.
    """

    code: str
    kind: str
    water_goal: Ruling = "on"
    water: Ruling = "on"
    potassium: Ruling = "on"
    calcium: Ruling = "on"
    moves: MovesRuling = "on"
    meals: Ruling = "on"
    hides: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    calcium_note: str = ""
    food_note: str = ""
    food_note_tags: frozenset[str] = frozenset()
    spacing: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SafetyRules:
    """Every rule by code, and what diets and allergies ask of a food's tags.

    ``diets``: a food needs at least one of the tags. ``allergies``: a food must have none of the tags.
    ``agreements`` names the agreement code of each topic. ``label_tags`` mean "read the label".
    ``potassium_restricted_tag`` marks foods that stay hidden while potassium is off.
    ``reasons`` say why a habit is off, by names such as "water_off"; their English is the key of their translations.
    """

    by_code: Mapping[str, Rule]
    diets: Mapping[str, frozenset[str]]
    allergies: Mapping[str, frozenset[str]]
    agreements: Mapping[str, str]
    label_tags: frozenset[str]
    potassium_restricted_tag: str
    reasons: Mapping[str, str]

    def codes(self, *kinds: str) -> frozenset[str]:
        """Return the codes of these kinds."""
        return frozenset(code for code, rule in self.by_code.items() if rule.kind in kinds)


def read_rules(safety: Record) -> SafetyRules:
    """Read the rules; raise ValueError for a field amiss."""
    return SafetyRules(
        by_code={code: _rule(code, record) for code, record in safety.named_records("codes")},
        diets=_tag_sets(safety.record("diets")),
        allergies=_tag_sets(safety.record("allergies")),
        agreements={topic: safety.record("agreements").text(topic) for topic in safety.mapping("agreements")},
        label_tags=safety.codes("label_tags"),
        potassium_restricted_tag=safety.text("potassium_restricted_tag"),
        reasons={name: safety.record("reasons").text(name) for name in safety.mapping("reasons")},
    )


def _tag_sets(record: Record) -> dict[str, frozenset[str]]:
    return {name: record.codes(name) for name in record.fields}


def _rule(code: str, record: Record) -> Rule:
    return Rule(
        code=code,
        kind=record.text("kind"),
        water_goal=_ruling(record, "water_goal"),
        water=_ruling(record, "water"),
        potassium=_ruling(record, "potassium"),
        calcium=_ruling(record, "calcium"),
        moves=_moves_ruling(record),
        meals=_ruling(record, "meals"),
        hides=record.codes("hides"),
        avoid=record.codes("avoid"),
        calcium_note=record.text("calcium_note", ""),
        food_note=record.text("food_note", ""),
        food_note_tags=record.codes("food_note_tags"),
        spacing=record.flag("spacing", default=False),
    )


def _ruling(record: Record, topic: str) -> Ruling:
    found = record.text(topic, "on")
    if found in get_args(Ruling):
        return found  # type: ignore[return-value]
    raise ValueError(f"{record.where}: {topic} {found!r}; allowed: {', '.join(get_args(Ruling))}")


def _moves_ruling(record: Record) -> MovesRuling:
    found = record.text("moves", "on")
    if found in get_args(MovesRuling):
        return found  # type: ignore[return-value]
    raise ValueError(f"{record.where}: moves {found!r}; allowed: {', '.join(get_args(MovesRuling))}")
