"""What Linux says about a running process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

KIB_PER_MB = 1000 / 1.024


@dataclass(frozen=True, kw_only=True, slots=True)
class Resident:
    """Memory in MB (10^6 bytes): resident, resident with shared pages shared out, and anonymous."""

    rss: float
    pss: float
    anonymous: float


def resident(pid: int) -> Resident:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    return Resident(rss=_mb(status, "VmRSS"), pss=_mb(rollup, "Pss"), anonymous=_mb(status, "RssAnon"))


def _mb(text: str, name: str) -> float:
    match = re.search(rf"^{name}:\s+(\d+) kB$", text, re.MULTILINE)
    assert match is not None
    return int(match[1]) / KIB_PER_MB


def wake_ups(pid: int) -> int:
    """Return how often the threads of a process went to sleep of their own accord; each has been woken once."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    texts = (thread.joinpath("status").read_text(encoding="utf-8") for thread in threads)
    return sum(
        int(match[1])
        for text in texts
        if (match := re.search(r"^voluntary_ctxt_switches:\s+(\d+)$", text, re.MULTILINE))
    )
