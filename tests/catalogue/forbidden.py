"""What must never be said, by language. A language without a list here has not been read for it."""

from __future__ import annotations

from collections.abc import Iterator

from reminders.catalogue.content import Content, load_content
from reminders.catalogue.phrases import say, speaking

ENGLISH = {
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
GERMAN = {
    "promises": r"verhinder|vorbeug|beugt\b.*\bvor\b|\bheil(t|en|ung|sam)?\b|geheilt|kurier|linder"
    r"|gegen (rücken)?schmerz|behandel[nt]|du bist sicher|nichts ernstes|alles in ordnung|(?<!keine )entwarnung"
    r"|garantier|schützt|hilft gegen",
    "over-drinking": r"so viel du kannst|so viel wie möglich|bevor du durst|bevor der durst|entgift|entschlack|detox"
    r"|(8|acht) gläser|krampf|krämpf|spül",
    "medicines and remedies": r"ibuprofen|aspirin|paracetamol|naproxen|dosis|dosier|setz\b.*\bab\b|absetzen"
    r"|nahrungsergänzung|salzersatz|kräuter|bittersalz|epsom|vitamin|magnesium|pregabalin",
    "rest and force": r"bettruhe|völlige ruhe|absolute ruhe|nicht bewegen|beweg dich nicht|zähne zusammen|durchhalten"
    r"|halt durch|durchbeißen|trotz (der )?schmerz|ohne schmerz|schmerz.* wegtrain",
    "fear of posture": r"schlechte haltung|falsche haltung|haltungsschäden|haltung (ist|schadet)|mit geradem rücken"
    r"|schadet|schädlich|ruinier|macht .*kaputt",
    "ice and heat on skin": r"nackte|bloße|über nacht|direkt auf",
    "weight and guilt": r"gewicht|\bdick|\bfett\b|schlank|abnehm|versag|du hast nicht"
    r"|du hast .*(vergessen|versäumt|verpasst)|schuld|schäm|\bfaul|hättest|verpasst|ignoriert|schon wieder"
    r"|solltest|gescheitert",
    "streaks": r"serie|in folge|am stück|hintereinander|\btag \d|abzeichen|weiter so|rekord|nicht abreißen|dranbleiben",
    "loose potassium talk": r"elektrolyt",
    "free-from claims": r"(gluten|nuss|milch|laktose)frei|\bvegan|ist sicher\b|unbedenklich|frei von",
    "inner working": r"TODO|\bTBD\b|XXX",
}
FORBIDDEN = {"en": ENGLISH, "de": GERMAN}
HEALTH = {
    "en": r"health|back|spasm|pain|calcium|potassium|exercis|stretch|strength|warm|cool|train|medic|clinic|doctor|"
    r"water|drink|walk|move|posture|diet|eyes",
    "de": r"gesund|rücken|krampf|schmerz|calcium|kalium|übung|dehn|kraft|kräft|wärm|train|sport|medi[zk]|arzt|ärzt|"
    r"wasser|trink|\bgeh|spazier|beweg|haltung|ernähr|auge",
}
# One sentence of each kind, as it must not be said.
SLIPS = {
    "en": {
        "promises": "This prevents spasms.",
        "over-drinking": "Drink as much as you can.",
        "medicines and remedies": "Try an Epsom salt bath.",
        "rest and force": "Stay on bed rest.",
        "fear of posture": "Bad posture is damaging your spine.",
        "ice and heat on skin": "Ice on bare skin.",
        "weight and guilt": "You failed today.",
        "streaks": "Five days in a row!",
        "loose potassium talk": "Electrolytes for you.",
        "free-from claims": "A gluten-free idea.",
        "inner working": "TODO: more words",
    },
    "de": {
        "promises": "Das heilt deinen Rücken.",
        "over-drinking": "Wasser, um Krämpfe zu verhindern.",
        "medicines and remedies": "Versuch es mit einem Bad in Bittersalz.",
        "rest and force": "Halte strenge Bettruhe.",
        "fear of posture": "Schlechte Haltung macht deine Bandscheiben kaputt.",
        "ice and heat on skin": "Eis auf die nackte Haut.",
        "weight and guilt": "Du hast nicht getrunken.",
        "streaks": "Fünf Tage in Folge!",
        "loose potassium talk": "Elektrolyte für dich.",
        "free-from claims": "Eine glutenfreie Idee, und frei von Nüssen.",
        "inner working": "TODO: mehr Worte",
    },
}


def asked_texts(content: Content) -> Iterator[tuple[str, str]]:
    """Yield where and what a nudge may say."""
    for habit, texts in content.texts.habits.items():
        yield f"{habit} title", texts.title
        yield f"{habit} discreet", texts.discreet
        for pool in (texts.variants, texts.plain, texts.gentle):
            for name, text in pool.items():
                yield f"{habit} {name}", text
    yield from _digest_texts(content)
    for name, text in content.texts.notes.items():
        yield f"note {name}", text
    for name, text in content.texts.service.items():
        if not name.startswith("loss"):  # about the journal, where "record" and "damaged" mean what they say
            yield f"service {name}", text
    for food in content.foods.values():
        yield f"tip {food.id}", food.tip
    for move in content.moves.values():
        yield f"steps {move.id}", f"{move.steps} {move.label}"
    for habit_default in content.habits.values():
        yield f"{habit_default.id} summary", f"{habit_default.title}: {habit_default.summary}"


def fixed_texts(content: Content) -> Iterator[tuple[str, str]]:
    """Yield where and what is always said in the same words."""
    yield "disclaimer", content.texts.disclaimer
    yield "stop rule", content.texts.stop_rule
    for number, line in enumerate((*content.flare.screen, *content.flare.advice)):
        yield f"flare {number}", line
    for name, reason in reasons_in(content.texts.language).items():
        yield f"reason {name}", reason


def reasons_in(language: str) -> dict[str, str]:
    """Return why a habit is off, as it is said in a language, by the rules' names."""
    with speaking(language):
        return {name: say(reason) for name, reason in load_content().rules.reasons.items()}


def _digest_texts(content: Content) -> Iterator[tuple[str, str]]:
    texts = content.texts.digest
    for number, text in enumerate((texts.title, texts.discreet, texts.line, texts.rest, texts.best_hour)):
        yield f"digest {number}", text
    for name, text in texts.suggestions.items():
        yield f"suggestion {name}", text
