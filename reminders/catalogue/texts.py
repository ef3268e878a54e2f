"""The words of one language: habits and notes, the service itself, the week summed up, and a bad day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reminders.catalogue.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitTexts:
    """The words of one built-in habit.

    Each pool maps a variant's name to its text. ``variants`` is the usual pool; ``plain`` needs no amount, food or
    routine and stands in where none suits. ``gentle`` is for a bad day. ``discreet`` holds no health words.
    """

    title: str
    discreet: str
    variants: Mapping[str, str]
    plain: Mapping[str, str]
    gentle: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class FlareTier:
    """One tier of the warning signs: when it applies, the signs, and what to do about them."""

    id: str
    title: str
    signs: tuple[str, ...]
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FlareTexts:
    """What to print when somebody reports a bad day: the questions first, then gentle advice. Fixed, never varied."""

    introduction: str
    tiers: tuple[FlareTier, ...]
    closing: str
    advice: tuple[str, ...]

    @property
    def screen(self) -> tuple[str, ...]:
        """The warning signs as lines to print, most urgent tier first."""
        lines = [self.introduction]
        for tier in self.tiers:
            lines += ["", tier.title, *(f"  - {sign}" for sign in tier.signs), f"  {tier.message}"]
        return (*lines, "", self.closing)


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestTexts:
    """The words that sum up a week; ``suggestions`` by what to change. ``discreet`` holds no health words."""

    title: str
    discreet: str
    line: str
    rest: str
    best_hour: str
    suggestions: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """All words of one language.

    ``meals`` names the slots of the day, ``notes`` are looked up by the rules' names for them.
    ``stop_rule`` goes with every move. ``disclaimer`` says what the service is not. ``discreet_own`` is the line on a
    discreet channel for a person's own habit. ``amount`` and ``share`` are filled into the habits' texts.
    ``lowers_titles`` = a title that follows another begins with a small letter. ``service`` is for ``ServiceWords``.
    """

    language: str
    amount: str
    share: str
    lowers_titles: bool
    disclaimer: str
    stop_rule: str
    discreet_own: str
    habits: Mapping[str, HabitTexts]
    meals: Mapping[str, str]
    notes: Mapping[str, str]
    service: Mapping[str, str]
    digest: DigestTexts
    flare: FlareTexts


def read_texts(texts: Record, language: str) -> Texts:
    """Read the words; raise ValueError for a field amiss."""
    return Texts(
        language=language,
        amount=texts.text("amount"),
        share=texts.text("share"),
        lowers_titles=texts.flag("lowers_titles"),
        disclaimer=texts.text("disclaimer"),
        stop_rule=texts.text("stop_rule"),
        discreet_own=texts.text("discreet_own"),
        habits={name: _habit_texts(record) for name, record in texts.named_records("habits")},
        meals=_lines(texts, "meals"),
        notes=_lines(texts, "notes"),
        service=_lines(texts, "service"),
        digest=_digest(texts.record("digest")),
        flare=_flare(texts.record("flare")),
    )


def _lines(record: Record, key: str) -> dict[str, str]:
    if key not in record.fields:
        return {}
    nested = record.record(key)
    return {name: nested.text(name) for name in nested.fields}


def _habit_texts(record: Record) -> HabitTexts:
    return HabitTexts(
        title=record.text("title"),
        discreet=record.text("discreet"),
        variants=_lines(record, "variants"),
        plain=_lines(record, "plain"),
        gentle=_lines(record, "gentle"),
    )


def _digest(record: Record) -> DigestTexts:
    return DigestTexts(
        title=record.text("title"),
        discreet=record.text("discreet"),
        line=record.text("line"),
        rest=record.text("rest"),
        best_hour=record.text("best_hour"),
        suggestions=_lines(record, "suggestions"),
    )


def _flare(record: Record) -> FlareTexts:
    return FlareTexts(
        introduction=record.text("introduction"),
        tiers=tuple(
            FlareTier(id=t.text("id"), title=t.text("title"), signs=t.texts("signs"), message=t.text("message"))
            for t in record.records("tiers")
        ),
        closing=record.text("closing"),
        advice=record.texts("advice"),
    )
