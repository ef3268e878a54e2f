"""Why the operating system refused something: its own words in English, ours in other languages."""

from __future__ import annotations

import errno
import os

import pytest

from reminders.catalogue.phrases import speaking
from reminders.catalogue.system_words import system_words


def refused(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOENT, errno.ENOSPC])
def test_english_keeps_the_words_of_the_system(number: int) -> None:
    assert system_words(refused(number)) == os.strerror(number)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "Zugriff verweigert"),
        (errno.EISDIR, "das ist ein Ordner"),
        (errno.EROFS, "dort lässt sich nur lesen"),
    ],
)
def test_german_has_its_own_words(number: int, words: str) -> None:
    with speaking("de"):
        assert system_words(refused(number)) == words


def test_what_there_are_no_words_for_stays_as_the_system_says_it() -> None:
    with speaking("de"):
        assert system_words(OSError(4711, "Teapot On Fire")) == "Teapot On Fire"


def test_an_error_without_words_of_the_system_tells_its_text() -> None:
    assert system_words(OSError("gone")) == "gone"
