"""``python -m tests.benchmarks``: measure everything, or what is named, and print one table."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.figure import Figure, Skipped, table
from tests.benchmarks.measure import ALL, TINY, Scale
from tests.benchmarks.page import page
from tests.benchmarks.place import Place
from tests.benchmarks.restart import restart
from tests.benchmarks.running import daemon
from tests.benchmarks.storm import storm

BENCHMARKS = {**ALL, "page": page, "storm": storm, "restart": restart}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"out of: {', '.join(BENCHMARKS)}; none = all")
    parser.add_argument("--tiny", action="store_true", help="a few seconds, to see that the scripts run")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    if sys.platform != "linux":
        parser.error("the benchmarks read /proc, which only Linux has")
    print(f"Python {platform.python_version()}, {platform.machine()}", flush=True)
    print(table(_measured(options.names or list(BENCHMARKS), TINY if options.tiny else Scale())))


def _measured(names: list[str], scale: Scale) -> list[Figure | Skipped]:
    results: list[Figure | Skipped] = []
    with tempfile.TemporaryDirectory(prefix="reminders-benchmarks-", ignore_cleanup_errors=True) as folder:
        place = Place(folder=Path(folder)).make_ready()
        print("compiling ...", file=sys.stderr, flush=True)
        with daemon(place):  # the first start compiles the modules and the configuration
            pass
        for name in names:
            print(f"measuring {name} ...", file=sys.stderr, flush=True)
            results += BENCHMARKS[name](place, scale)
    return results


if __name__ == "__main__":
    main()
