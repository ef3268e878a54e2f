"""Builds the image without an engine: every stage is a Debian root of its own, and each RUN happens inside it.

Whatever is mounted is mounted in a namespace that ends with its process, so that nothing is left on the machine.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.container.dockerfile import Stage, assignments, build_context, command_of, read_stages

BASE_PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
APART = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
BUILD_SECONDS = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """A root file system, and what the Dockerfile says of how to start it."""

    root: Path
    stage: Stage
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> list[str]:
        """What is started: ENTRYPOINT followed by CMD."""
        return command_of(self.stage.the("ENTRYPOINT")) + command_of(self.stage.the("CMD"))

    @property
    def health_command(self) -> list[str]:
        """What is asked whether it is well."""
        return command_of(self.stage.the("HEALTHCHECK").partition("CMD ")[2])

    @property
    def user(self) -> int:
        """Who it runs as."""
        return int(self.stage.the("USER").partition(":")[0])


def build(project: Path, place: Path) -> Image:
    """Run the Dockerfile of a project, each stage on its own copy of the base, and keep the last stage alone."""
    base = _debian_with_python(place / "base")
    stages = read_stages((project / "Dockerfile").read_text())
    files = list(build_context(project))
    built: dict[str, Image] = {}
    for stage in stages:
        root = place / f"stage-{len(built)}"
        _call("cp", "-a", str(base), str(root))
        image = Image(root=root, stage=stage, environment={"PATH": BASE_PATH})
        _run_steps(image, project, files, built, is_kept=stage is stages[-1])
        built[stage.name] = image
    last = built.pop(stages[-1].name)
    for root in (base, *(image.root for image in built.values())):
        remove(root)
    return last


def remove(root: Path) -> None:
    """Delete a root. Raises RuntimeError when anything is mounted in it: that is not ours to delete."""
    mounts = [line.split(" ")[1] for line in Path("/proc/mounts").read_text().splitlines()]
    if any(Path(mount).is_relative_to(root) for mount in mounts):
        raise RuntimeError(f"something is mounted in {root}")
    shutil.rmtree(root)


def entering(root: Path, before: Iterable[str], command: Iterable[str]) -> list[str]:
    """Return what runs shell lines in a namespace of its own mounts, then becomes the command inside the root."""
    at = shlex.quote(str(root))
    lines = [f"mount --bind {at} {at}", f"mount -t proc proc {at}/proc", *before]
    return [*APART, "sh", "-euc", "\n".join([*lines, f"exec chroot {at} {shlex.join(command)}"])]


def _debian_with_python(root: Path) -> Path:
    """Make a small Debian stand in for the base image; it has no compiler either."""
    include = "--include=python3,python3-venv"
    _call(*APART, "--mount-proc", "debootstrap", "--variant=minbase", include, "bookworm", str(root))
    (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    return root


def _run_steps(image: Image, project: Path, files: list[str], built: Mapping[str, Image], *, is_kept: bool) -> None:
    folder = "/"
    for step in image.stage.steps:
        match step.instruction:
            case "WORKDIR":
                folder = step.rest
                (image.root / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "ENV":
                image.environment.update(assignments(step.rest, image.environment))
            case "COPY" if step.words[0].startswith("--from="):
                flag, source, target = step.words
                origin = built[flag.removeprefix("--from=")].root
                _call("cp", "-aT", str(origin / source.lstrip("/")), str(image.root / target.lstrip("/")))
            case "COPY":
                *sources, target = step.words
                _copy(project, files, sources, image.root / folder.lstrip("/"), target)
            case "RUN":
                _run(image, folder, step.rest, with_registry=not is_kept)
            case _:
                pass  # said about the start, and read from there


def _copy(project: Path, files: Iterable[str], sources: list[str], folder: Path, target: str) -> None:
    """Copy files, and what folders hold, out of what the build may see."""
    for source in sources:
        inside = [name for name in files if name == source or name.startswith(f"{source}/")]
        assert inside, f"nothing to copy: {source}"
        for name in inside:
            to = folder / target / (name.removeprefix(f"{source}/") if name != source else name)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(project / name, to)


def _run(image: Image, folder: str, line: str, *, with_registry: bool) -> None:
    """Run a line as root; a stage that is thrown away is shown where this machine gets its packages."""
    settings = _pip_settings() if with_registry else {}
    binds = [bind for path in _paths_in(settings.values()) for bind in _bind(image.root, path)]
    variables = [f"{name}={value}" for name, value in {**image.environment, **settings, "HOME": "/root"}.items()]
    inside = f"cd {shlex.quote(folder)} && {line}"
    _call(*entering(image.root, binds, ["/usr/bin/env", "-i", *variables, "/bin/sh", "-c", inside]))


def _pip_settings() -> dict[str, str]:
    """Return what pip is told on this machine, as the variables that say the same."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pairs = (line.split("=", 1) for line in listed.splitlines())
    told = {name.rpartition(".")[2]: str(ast.literal_eval(value)) for name, value in pairs}
    return {f"PIP_{name.upper().replace('-', '_')}": value for name, value in told.items()}


def _paths_in(values: Iterable[str]) -> list[Path]:
    words = [re.sub("^file://", "", word) for value in values for word in value.split()]
    paths = {Path(word) for word in words if word.startswith("/") and Path(word).exists()}
    # An index keeps its files beside itself.
    return sorted({path.parent if path.name == "simple" else path for path in paths})


def _bind(root: Path, path: Path) -> list[str]:
    inside = root / str(path).lstrip("/")
    source, target = shlex.quote(str(path)), shlex.quote(str(inside))
    make = f"mkdir -p {target}" if path.is_dir() else f"install -D /dev/null {target}"
    return [make, f"mount --bind {source} {target}", f"mount -o remount,bind,ro {target}"]


def _call(*command: str) -> None:
    """Run a command of the build. Raises RuntimeError with the end of what it said."""
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stdout[-3000:]}")
