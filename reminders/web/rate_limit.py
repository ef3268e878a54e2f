"""How often one address may ask: a bucket of tokens each, in a table that cannot grow."""

from __future__ import annotations

from collections import OrderedDict

ADDRESSES_AT_MOST = 2048  # beyond that, the one that was quiet for longest starts anew


class RateLimit:
    """Lets every address through ``burst`` times at once and ``per_second`` times a second after that."""

    def __init__(self, per_second: float, burst: int) -> None:
        """Every bucket is full at first."""
        self._per_second, self._burst = per_second, float(burst)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # address -> (tokens, as of when)

    def take(self, address: str, seconds: float) -> float | None:
        """Take one token at ``seconds`` of a clock that never steps; None = done, else how long until there is one."""
        tokens, before = self._buckets.pop(address, (self._burst, seconds))
        tokens = min(self._burst, tokens + max(seconds - before, 0.0) * self._per_second)
        is_free = tokens >= 1
        self._buckets[address] = (tokens - 1 if is_free else tokens, seconds)
        if len(self._buckets) > ADDRESSES_AT_MOST:
            self._buckets.popitem(last=False)
        return None if is_free else (1 - tokens) / self._per_second
