"""Bars of text, as long as the line has room for and of signs that the output can show."""

from __future__ import annotations

import sys
from dataclasses import dataclass

_BLOCKS, _PLAIN = "█▓░", "#+."
_SHORTEST, _LONGEST = 8, 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Bars:
    """``width`` is that of a line; ``signs`` are for what is full, nearly so, and empty."""

    width: int
    signs: str

    def room(self, taken: int) -> int:
        """Return how long a bar may be beside that much text; 0 = there is no room for one."""
        room = min(self.width - taken, _LONGEST)
        return room if room >= _SHORTEST else 0

    def bar(self, length: int, of: int, *parts: int) -> str:
        """Draw up to two parts of a whole: what is there at all has a sign, what is not whole is not full."""
        if not of:
            return self.signs[2] * length
        ends: list[int] = []
        total = 0
        for part in parts:
            total += part
            end = round(total * length / of)
            least = (ends[-1] if ends else 0) + (part > 0)
            ends.append(min(max(end, least), length if total >= of else length - 1))
        drawn = [0, *ends]
        signs = (sign * max(after - before, 0) for sign, before, after in zip(self.signs, drawn, ends, strict=False))
        return "".join(signs).ljust(length, self.signs[2])


def bars_for(width: int) -> Bars:
    """Return bars for the standard output, of blocks where it can show them."""
    try:
        _BLOCKS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return Bars(width=width, signs=_PLAIN)
    return Bars(width=width, signs=_BLOCKS)
