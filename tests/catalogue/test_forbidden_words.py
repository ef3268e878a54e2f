"""No text says what must never be said, in any language."""

from __future__ import annotations

import re

import pytest

from reminders.catalogue.content import load_content
from reminders.catalogue.phrases import languages
from tests.catalogue.forbidden import FORBIDDEN, HEALTH, SLIPS, asked_texts, fixed_texts, reasons_in

CONTENT = load_content()
IN_FIXED_TEXTS = ("promises", "over-drinking", "rest and force", "fear of posture", "streaks")
every_language = pytest.mark.parametrize("language", sorted(FORBIDDEN))


def test_every_language_has_a_list_of_what_must_not_be_said() -> None:
    assert set(FORBIDDEN) == set(HEALTH) == set(SLIPS) == set(languages())
    assert all(set(FORBIDDEN[language]) == set(SLIPS[language]) == set(FORBIDDEN["en"]) for language in FORBIDDEN)


@every_language
@pytest.mark.parametrize("kind", sorted(FORBIDDEN["en"]))
def test_no_nudge_says_what_must_never_be_said(language: str, kind: str) -> None:
    pattern = re.compile(FORBIDDEN[language][kind], re.IGNORECASE)
    found = {where: text for where, text in asked_texts(load_content(language)) if pattern.search(text)}
    assert not found


@every_language
@pytest.mark.parametrize("kind", IN_FIXED_TEXTS)
def test_no_fixed_text_says_what_must_never_be_said(language: str, kind: str) -> None:
    pattern = re.compile(FORBIDDEN[language][kind], re.IGNORECASE)
    found = {where: text for where, text in fixed_texts(load_content(language)) if pattern.search(text)}
    assert not found


@pytest.mark.parametrize(("language", "kind"), [(one, kind) for one in SLIPS for kind in SLIPS[one]])
def test_each_pattern_finds_what_it_is_for(language: str, kind: str) -> None:
    assert re.search(FORBIDDEN[language][kind], SLIPS[language][kind], re.IGNORECASE)


@every_language
def test_discreet_texts_hold_no_health_words(language: str) -> None:
    texts = load_content(language).texts
    lines = [one.discreet for one in texts.habits.values()]
    for line in (*lines, texts.discreet_own, texts.digest.discreet, texts.service["name"], texts.service["still_open"]):
        assert not re.search(HEALTH[language], line, re.IGNORECASE), line


@pytest.mark.parametrize(
    ("language", "in_a_cloth", "pharmacist"),
    [("en", "wrapped in a cloth", "pharmacist"), ("de", "in ein Tuch gewickelt", "Apotheke")],
)
def test_the_flare_page_wraps_cold_and_warmth_and_names_no_medicine(
    language: str, in_a_cloth: str, pharmacist: str
) -> None:
    advice = " ".join(load_content(language).flare.advice)
    assert in_a_cloth in advice
    assert pharmacist in advice
    assert not re.search(FORBIDDEN[language]["medicines and remedies"], advice, re.IGNORECASE)


@every_language
def test_reasons_repeat_no_answer_of_the_profile(language: str) -> None:
    answers = {code for code, rule in CONTENT.rules.by_code.items() if rule.kind != "agreement"} - {"under_18"}
    for name, reason in reasons_in(language).items():
        named = {code for code in answers | CONTENT.avoid_codes if code in reason or code.replace("_", " ") in reason}
        # These two reasons are about what to take out again, so they must name it.
        assert named <= ({name} if name in {"red_flag", "acute_flare"} else set()), name


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("not medical advice", "not reviewed by a clinician", "not for emergencies", "General information")),
        (
            "de",
            ("keine medizinische Beratung", "nicht ärztlich geprüft", "nicht für Notfälle", "Allgemeine Information"),
        ),
    ],
)
def test_the_disclaimer_says_what_this_is_not(language: str, said: tuple[str, ...]) -> None:
    for words in said:
        assert words in load_content(language).texts.disclaimer


@pytest.mark.parametrize(
    ("language", "signs"),
    [
        ("en", ("sharp", "new", "spreading", "tingling", "dizziness", "chest", "breath")),
        ("de", ("stechend", "neu", "ausstrahlend", "Kribbeln", "Schwindel", "Brust", "Atemnot")),
    ],
)
def test_the_stop_rule_names_every_sign(language: str, signs: tuple[str, ...]) -> None:
    for sign in signs:
        assert sign in load_content(language).texts.stop_rule
