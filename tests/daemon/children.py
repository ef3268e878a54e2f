"""Modules for children to run, each written into a folder of its own; PYTHONPATH makes them importable."""

from __future__ import annotations

from pathlib import Path

SOURCES = {
    "echo": "import json, sys; json.dump(json.load(sys.stdin), sys.stdout)",
    "environment": "import json, os, sys; json.dump([os.environ.get('GREETING'), os.umask(0)], sys.stdout)",
    "crash": "import sys; print('secret-in-stderr', file=sys.stderr); raise SystemExit(7)",
    "quiet_exit": "import os; os._exit(0)",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "no_json": "print('hello secret-in-stdout')",
    "flood": "import sys\nwhile True: sys.stdout.write('x' * 65536)",
    "complain": "import sys; sys.stderr.write('e' * 1_000_000); print('[1]')",
    "greedy": "data = bytearray(600 * 1024 * 1024)",
    "deaf": "print('{}')",
    "hang": (
        "import json, os, pathlib, sys, time\n"
        "pathlib.Path(json.loads(sys.stdin.read())).write_text(str(os.getpid()))\n"
        "time.sleep(600)"
    ),
    "parent": (
        "import json, pathlib, subprocess, sys, time\n"
        "place = json.loads(sys.stdin.read())\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "pathlib.Path(place).write_text(str(child.pid))\n"
        "time.sleep(600)"
    ),
    "runaway": (
        "import json, pathlib, subprocess, sys\n"
        "place = json.loads(sys.stdin.read())\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)\n"
        "pathlib.Path(place).write_text(str(child.pid))\n"
    ),
    "limits": (
        "import json, resource, signal, sys\n"
        "json.dump([resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CORE)[0],\n"
        "           signal.alarm(0)], sys.stdout)"
    ),
}


def write_modules(folder: Path) -> None:
    """Write every module as ``child_<name>.py``."""
    for name, source in SOURCES.items():
        (folder / f"child_{name}.py").write_text(source, encoding="utf-8")
