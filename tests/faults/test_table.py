"""Holds: the table of faults is sorted and names tests that are there, and no test of a fault is left out of it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_name("README.md")
ROW = re.compile(r"\| (?P<number>\d+) \| (?P<fault>[^|]+) \| (?P<names>[^|]+) \|")
NAMED_AFTER_A_FAULT = re.compile(r"test_fault_(\d+)_")


@cache
def names_in_the_tree() -> frozenset[str]:
    trees = (ast.parse(file.read_bytes()) for file in TESTS.rglob("test_*.py"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    functions = (node for tree in trees for node in tree.body if isinstance(node, kinds))
    return frozenset(function.name for function in functions if function.name.startswith("test_"))


@cache
def table() -> tuple[tuple[int, tuple[str, ...]], ...]:
    _, _, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [ROW.fullmatch(line) for line in lines]
    assert None not in rows, [line for line, row in zip(lines, rows, strict=True) if row is None]
    return tuple((int(row["number"]), tuple(re.findall(r"`(\w+)`", row["names"]))) for row in rows if row is not None)


def test_every_name_in_the_table_is_a_test_in_the_tree() -> None:
    for number, names in table():
        assert names, f"row {number} names no test"
        assert set(names) <= names_in_the_tree(), f"row {number}: {sorted(set(names) - names_in_the_tree())}"


def test_the_table_is_sorted_and_has_one_row_a_fault() -> None:
    numbers = [number for number, _ in table()]
    assert numbers == sorted(set(numbers))


def test_every_test_named_after_a_fault_stands_in_its_row() -> None:
    rows = dict(table())
    for name in sorted(names_in_the_tree()):
        if match := NAMED_AFTER_A_FAULT.match(name):
            assert name in rows.get(int(match[1]), ()), f"{name} is missing in row {int(match[1])} of {TABLE.name}"
