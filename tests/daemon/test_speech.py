"""Holds: each person hears the service in their own language; no language at all stops a message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminders.daemon.loss_notice import loss_notice
from reminders.daemon.speech import Speech, words_for
from reminders.domain.household import Household
from reminders.domain.nudge import Nudge, NudgeKind
from reminders.domain.service_words import ENGLISH
from tests.planning.people import alex, moment

NOW = moment("18:00")
GERMAN = replace(alex(), language="de")


def nudge(person: str) -> Nudge:
    return Nudge(
        id="n1",
        person=person,
        kind=NudgeKind.ASK,
        asks=(),
        title="",
        text="",
        discreet_text="",
        created_at=NOW,
        expires_at=NOW,
        send_to=(),
    )


def test_the_service_speaks_the_persons_language() -> None:
    assert (words_for(GERMAN).done, words_for(alex()).done) == ("Erledigt", "Done")


def test_one_missed_nudge_and_several_are_told_apart() -> None:
    assert ENGLISH.missed(1) == "(1 earlier nudge was missed while this service was not awake.)"
    assert ENGLISH.missed(5) == "(5 earlier nudges were missed while this service was not awake.)"
    assert words_for(GERMAN).missed(1) == "(Eine frühere Erinnerung ist entfallen, weil dieser Dienst nicht wach war.)"
    assert words_for(GERMAN).missed(5).startswith("(5 frühere Erinnerungen sind entfallen")


def test_where_no_texts_can_be_read_the_words_are_english(caplog: pytest.LogCaptureFixture) -> None:
    assert words_for(replace(alex(), language="xx")) == ENGLISH
    assert [record.message for record in caplog.records] == ["job.failed"]


def test_a_nudge_to_nobody_we_know_is_in_english() -> None:
    speech = Speech(lambda: Household(people=(GERMAN,), channels=()))
    assert speech.of(nudge("nobody")) == ENGLISH
    assert speech.of(nudge(GERMAN.id)).done == "Erledigt"


def test_another_language_in_the_file_counts_from_the_next_message_on() -> None:
    household = Household(people=(alex(),), channels=())
    speech = Speech(lambda: household)
    assert speech.of(nudge("me")).skip == "Skip"
    household = Household(people=(GERMAN,), channels=())
    assert speech.of(nudge("me")).skip == "Überspringen"


@pytest.mark.parametrize(
    ("is_restored", "said"),
    [(True, "Die neueste Sicherung ist an seine Stelle getreten."), (False, "Ein neues wurde begonnen.")],
)
def test_a_loss_is_told_in_the_persons_language(is_restored: bool, said: str) -> None:  # noqa: FBT001
    notice = loss_notice(GERMAN, is_restored, Household(people=(GERMAN,), channels=()), NOW)
    assert notice.title == "Reminders: Die Aufzeichnung war beschädigt"
    assert notice.text.startswith(f"Das Journal war beschädigt und wurde beiseitegelegt. {said} ")
    assert notice.discreet_text == notice.text
