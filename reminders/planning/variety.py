"""Variety: the next words, food and routine for a habit, as far from the last ones as the pools allow."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

JOINT = "+"


def variant_name(text: str, detail: str) -> str:
    """Name a combination of a text and a food or routine; ``detail`` is empty for none."""
    return f"{text}{JOINT}{detail}" if detail else text


def choose(texts: Sequence[str], details: Sequence[str], recent: Sequence[str], seed: str) -> tuple[str, str]:
    """Choose (text, detail) so that neither the pair nor, where possible, its halves were used lately.

    ``recent`` are variant names, newest first. None of the last (number of pairs - 1) of them is chosen again. The
    same arguments give the same choice; ``seed`` settles what recency leaves open. The pools must not be empty.
    """
    taken = set(recent[: len(texts) * len(details) - 1])
    halves = [name.partition(JOINT) for name in recent]
    number = int.from_bytes(blake2b(seed.encode(), digest_size=8).digest())
    by_age_texts = _stalest_first(texts, [half[0] for half in halves], number)
    by_age_details = _stalest_first(details, [half[2] for half in halves], number // len(texts))
    for distance in range(len(texts) + len(details) - 1):
        for rank in range(max(0, distance - len(details) + 1), min(distance, len(texts) - 1) + 1):
            pair = by_age_texts[rank], by_age_details[distance - rank]
            if variant_name(*pair) not in taken:
                return pair
    raise AssertionError("a pair is always free: fewer are taken than there are")


def _stalest_first(pool: Sequence[str], used: Sequence[str], number: int) -> list[str]:
    last_use: dict[str, int] = {}
    for age, name in enumerate(used):
        last_use.setdefault(name, age)
    fresh = [name for name in pool if name not in last_use]
    turn = number % len(fresh) if fresh else 0
    seen = sorted((name for name in pool if name in last_use), key=lambda name: -last_use[name])
    return [*fresh[turn:], *fresh[:turn], *seen]
