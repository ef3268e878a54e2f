"""A slip in a data file is refused with the file, the entry and the field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from reminders.catalogue.record import Record

FOOD = Record(
    {"name": 7, "grams": "12", "mg": True, "checked": "yes", "tags": ["a", 1], "minutes": 90, "none": None, "sub": []},
    "foods.yaml: banana",
)


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda: FOOD.text("name"), r"foods.yaml: banana: 'name' should be a text, found 7"),
        (lambda: FOOD.text("absent"), r"'absent' should be a text, found None"),
        (lambda: FOOD.number("grams"), r"'grams' should be a number, found '12'"),
        (lambda: FOOD.integer("mg"), r"'mg' should be a whole number, found True"),
        (lambda: FOOD.flag("checked"), r"'checked' should be true or false, found 'yes'"),
        (lambda: FOOD.texts("tags"), r"'tags' should be a list of texts, found \['a', 1\]"),
        (lambda: list(FOOD.records("minutes")), r"'minutes' should be a list, found 90"),
        (lambda: FOOD.record("sub"), r"foods.yaml: banana: sub: expected a mapping, found list"),
    ],
)
def test_a_field_of_another_type_is_refused(read: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read()


def test_what_is_left_out_has_a_plain_meaning() -> None:
    assert FOOD.optional_integer("none") is None
    assert FOOD.texts("absent") == ()
    assert FOOD.flag("absent", default=False) is False
    assert FOOD.text("absent", "") == ""
    assert FOOD.minutes("absent") is None


def test_minutes_are_a_length_of_time() -> None:
    assert FOOD.minutes("minutes") == timedelta(minutes=90)


def test_entries_of_a_list_are_named_by_their_id_or_their_place() -> None:
    listed = Record({"moves": [{"id": "bridge"}, {}]}, "moves.yaml")
    assert [entry.where for entry in listed.records("moves")] == ["moves.yaml: moves: bridge", "moves.yaml: moves: 1"]


def test_a_row_of_another_length_is_refused() -> None:
    table = Record({"columns": ["id", "mg"], "foods": [["kale", 1], ["chard"]]}, "foods.yaml")
    rows = table.rows("foods", "columns")
    assert next(rows).where == "foods.yaml: foods: kale"
    with pytest.raises(ValueError, match=r"foods.yaml: foods: row 1 should have 2 fields, found \['chard'\]"):
        next(rows)


def test_codes_are_a_list_or_words_of_one_text() -> None:
    codes = Record({"list": ["a", "b"], "words": "b a"}, "x")
    assert codes.codes("list") == codes.codes("words") == {"a", "b"}
