"""No text says what must never be said."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from reminders.catalogue.content import load_content

CONTENT = load_content()

FORBIDDEN = {
    "promises": r"prevent|cure|treats?\b|\bheal(s|ed|ing)?\b|\byou are safe"
    r"|nothing serious|all clear|flags clear|guarantee|protects?\b",
    "over-drinking": r"as much as you can|before you are thirsty|detox|8 glasses|eight glasses|cramp|flush",
    "medicines and remedies": r"ibuprofen|aspirin|paracetamol|naproxen|\bdos(e|age)\b|start taking|stop taking"
    r"|supplement|salt substitute|herbal|epsom|vitamin|magnesium|pregabalin",
    "rest and force": r"bed rest|complete rest|do not move|don't move|work through|no pain|push through",
    "fear of posture": r"bad posture|wrong posture|posture is|straight back|damag|ruin|harm your",
    "ice and heat on skin": r"bare skin|overnight|directly on",
    "weight and guilt": r"weight|overweight|\bfat\b|slim|\bfailed?\b|you broke|guilt|shame|lazy|should have|you forgot"
    r"|you missed|again\?",
    "streaks": r"streak|in a row|day \d|badge|don't break|keep it up|record",
    "loose potassium talk": r"electrolyte",
    "free-from claims": r"\b(gluten|nut|dairy|lactose)-free|\bvegan\b|is safe\b|free from",
    "inner working": r"TODO|\bTBD\b|XXX",
}
HEALTH = re.compile(
    r"health|back|spasm|pain|calcium|potassium|exercis|stretch|strength|warm|cool|train|medic|clinic|doctor|water|"
    r"drink|walk|move|posture|diet|eyes",
    re.IGNORECASE,
)


def asked_texts() -> Iterator[tuple[str, str]]:
    for habit, texts in CONTENT.texts.habits.items():
        yield f"{habit} title", texts.title
        yield f"{habit} discreet", texts.discreet
        for pool in (texts.variants, texts.plain, texts.gentle):
            for name, text in pool.items():
                yield f"{habit} {name}", text
    for name, text in CONTENT.texts.notes.items():
        yield f"note {name}", text
    for food in CONTENT.foods.values():
        yield f"tip {food.id}", food.tip
    for move in CONTENT.moves.values():
        yield f"steps {move.id}", f"{move.steps} {move.label}"
    for habit_default in CONTENT.habits.values():
        yield f"{habit_default.id} summary", f"{habit_default.title}: {habit_default.summary}"


def fixed_texts() -> Iterator[tuple[str, str]]:
    yield "disclaimer", CONTENT.texts.disclaimer
    yield "stop rule", CONTENT.texts.stop_rule
    for number, line in enumerate((*CONTENT.flare.screen, *CONTENT.flare.advice)):
        yield f"flare {number}", line
    for name, reason in CONTENT.texts.reasons.items():
        yield f"reason {name}", reason


@pytest.mark.parametrize("kind", sorted(FORBIDDEN))
def test_no_nudge_says_what_must_never_be_said(kind: str) -> None:
    pattern = re.compile(FORBIDDEN[kind], re.IGNORECASE)
    found = {where: text for where, text in asked_texts() if pattern.search(text)}
    assert not found


@pytest.mark.parametrize("kind", ["promises", "over-drinking", "rest and force", "fear of posture", "streaks"])
def test_no_fixed_text_says_what_must_never_be_said(kind: str) -> None:
    pattern = re.compile(FORBIDDEN[kind], re.IGNORECASE)
    found = {where: text for where, text in fixed_texts() if pattern.search(text)}
    assert not found


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        ("promises", "This prevents spasms."),
        ("over-drinking", "Drink as much as you can."),
        ("medicines and remedies", "Try an Epsom salt bath."),
        ("rest and force", "Stay on bed rest."),
        ("fear of posture", "Bad posture is damaging your spine."),
        ("ice and heat on skin", "Ice on bare skin."),
        ("weight and guilt", "You failed today."),
        ("streaks", "Five days in a row!"),
        ("loose potassium talk", "Electrolytes for you."),
        ("free-from claims", "A gluten-free idea."),
    ],
)
def test_each_pattern_finds_what_it_is_for(kind: str, example: str) -> None:
    assert re.search(FORBIDDEN[kind], example, re.IGNORECASE)


def test_discreet_texts_hold_no_health_words() -> None:
    lines = [texts.discreet for texts in CONTENT.texts.habits.values()]
    for line in (*lines, CONTENT.texts.discreet_own, CONTENT.texts.discreet_title):
        assert not HEALTH.search(line), line


def test_the_flare_page_wraps_cold_and_warmth_and_names_no_medicine() -> None:
    advice = " ".join(CONTENT.flare.advice)
    assert "wrapped in a cloth" in advice
    assert "pharmacist" in advice
    assert not re.search(FORBIDDEN["medicines and remedies"], advice, re.IGNORECASE)


def test_reasons_repeat_no_answer_of_the_profile() -> None:
    answers = {code for code, rule in CONTENT.rules.by_code.items() if rule.kind != "agreement"} - {"under_18"}
    for name, reason in CONTENT.texts.reasons.items():
        named = {code for code in answers | CONTENT.avoid_codes if code in reason or code.replace("_", " ") in reason}
        # These two reasons are about what to take out again, so they must name it.
        assert named <= ({name} if name in {"red_flag", "acute_flare"} else set()), name


def test_the_disclaimer_says_what_this_is_not() -> None:
    for words in ("not medical advice", "not reviewed by a clinician", "not for emergencies", "General information"):
        assert words in CONTENT.texts.disclaimer
