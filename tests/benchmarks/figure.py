"""One measured quantity beside what it is compared with, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """``theirs`` None = the target is a plain number; ``at_most`` bounds the ratio, or ``ours`` where there is none.

    ``at_most`` None = shown for the reader, no target.
    """

    name: str
    unit: str
    ours: float
    theirs: float | None = None
    comparator: str = ""
    at_most: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.theirs is None else self.ours / self.theirs

    @property
    def verdict(self) -> str:
        if self.at_most is None:
            return ""
        measured = self.ours if self.ratio is None else self.ratio
        return "ok" if measured <= self.at_most else "OVER"


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A comparison that could not be made, and the line that would make it possible."""

    name: str
    install: str


def middle(values: list[float]) -> float:
    return median(values)


def table(results: list[Figure | Skipped]) -> str:
    head = f"{'quantity':44} {'ours':>10} {'theirs':>10} {'unit':6} {'ratio':>7} {'target':>9}"
    return "\n".join([f"{head}  verdict  compared with", *(_line(result) for result in results)])


def _line(result: Figure | Skipped) -> str:
    if isinstance(result, Skipped):
        return f"{result.name:44} skipped; install: {result.install}"
    theirs = "" if result.theirs is None else f"{result.theirs:.2f}"
    ratio = "" if result.ratio is None else f"{result.ratio:.3f}"
    target = "" if result.at_most is None else f"<= {result.at_most:g}{'' if result.ratio is None else 'x'}"
    line = f"{result.name:44} {result.ours:10.2f} {theirs:>10} {result.unit:6} {ratio:>7} {target:>9}"
    return f"{line}  {result.verdict:7}  {result.comparator}".rstrip()
