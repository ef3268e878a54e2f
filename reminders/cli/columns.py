"""Plain aligned columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

GAP = "  "


def aligned(rows: Iterable[Sequence[str]], *, indent: int = 2) -> list[str]:
    """Return a line for each row, its cells under one another; the last cell is not padded."""
    table = [list(row) for row in rows]
    width = max((len(row) for row in table), default=0)
    widths = [max((len(row[i]) for row in table if i < len(row)), default=0) for i in range(width)]
    return [" " * indent + GAP.join(cell.ljust(widths[i]) for i, cell in enumerate(row)).rstrip() for row in table]
