"""Short-lived child processes: JSON in, JSON out, a deadline and a memory cap.

What is heavy or can hang (reading the configuration, sending through Apprise) runs here, so that a bomb, a leak or
an exit in it cannot hurt the daemon. What a child writes to stderr may hold secrets: it is counted, never shown.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reminders.catalogue.phrases import say
from reminders.catalogue.system_words import system_words
from reminders.domain.errors import ChildFailed

REPLY_LIMIT_BYTES = 8 * 1024 * 1024
CHUNK_BYTES = 64 * 1024
ENTRANCE = Path(__file__).with_name("child_main.py")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ending:
    """How a child ended: its reply, cut off just past the limit, its exit code and how much it complained."""

    reply: bytes
    exit_code: int
    stderr_bytes: int


async def run_child(module: str, request: object, *, deadline_seconds: float, memory_limit_bytes: int) -> object:
    """Run ``python -m module`` with ``request`` as JSON on stdin and return the JSON it writes to stdout.

    Raises ChildFailed with ``kind`` "deadline", "crash" (exit code or signal, which includes running out of memory),
    "output" (no JSON, or more than 8 MiB) or "start" (there never was a child, for want of files or memory). The child
    and what it started are gone when this returns or raises, also when it is cancelled.
    """
    question = json.dumps(request).encode()
    process = await _start(module, deadline_seconds, memory_limit_bytes)
    try:
        async with asyncio.timeout(deadline_seconds):
            ending = await _converse(process, question)
    except TimeoutError:
        told = say("{module} gave no reply within {seconds} s", module=module, seconds=f"{deadline_seconds:g}")
        raise ChildFailed(told, kind="deadline") from None
    finally:
        await _end(process)
    return _reply_of(module, ending)


def run_child_now(module: str, request: object, *, deadline_seconds: float, memory_limit_bytes: int) -> object:
    """Do what ``run_child`` does, for a command that runs no event loop."""
    return asyncio.run(
        run_child(module, request, deadline_seconds=deadline_seconds, memory_limit_bytes=memory_limit_bytes)
    )


async def _start(module: str, deadline_seconds: float, memory_limit_bytes: int) -> asyncio.subprocess.Process:
    options: dict[str, Any] = {"start_new_session": True, "umask": 0o077}
    if sys.platform == "win32":
        options = {"creationflags": subprocess.CREATE_NO_WINDOW}
    # -P: a file in the working directory must not pass for a module.
    command = (sys.executable, "-P", str(ENTRANCE), module, str(memory_limit_bytes), str(math.ceil(deadline_seconds)))
    pipe = asyncio.subprocess.PIPE
    try:
        return await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, **options)
    except OSError as error:
        told = say("{module} could not be started: {reason}", module=module, reason=system_words(error))
        raise ChildFailed(told, kind="start") from None


async def _converse(process: asyncio.subprocess.Process, question: bytes) -> _Ending:
    _, reply, stderr_bytes = await asyncio.gather(_ask(process, question), _listen(process), _count_stderr(process))
    return _Ending(reply=reply, exit_code=await process.wait(), stderr_bytes=stderr_bytes)


async def _ask(process: asyncio.subprocess.Process, question: bytes) -> None:
    stdin = process.stdin
    assert stdin is not None  # noqa: S101  opened as a pipe above
    # A child that ends before it has read everything says so by its exit code.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(question)
        await stdin.drain()
    stdin.close()


async def _listen(process: asyncio.subprocess.Process) -> bytes:
    stdout = process.stdout
    assert stdout is not None  # noqa: S101
    reply = bytearray()
    while chunk := await stdout.read(CHUNK_BYTES):
        reply += chunk
        if len(reply) > REPLY_LIMIT_BYTES:
            _kill_group(process)
            break
    return bytes(reply)


async def _count_stderr(process: asyncio.subprocess.Process) -> int:
    stderr = process.stderr
    assert stderr is not None  # noqa: S101
    count = 0
    while chunk := await stderr.read(CHUNK_BYTES):
        count += len(chunk)
    return count


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill what still runs, let go of the pipes and reap."""
    if process.returncode is None or not _streams_ended(process):
        _kill_group(process)
    # A stranger who inherited a pipe would keep the transport open; asyncio has no public way to close it.
    process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001
    await asyncio.shield(process.wait())


def _streams_ended(process: asyncio.subprocess.Process) -> bool:
    return all(stream is not None and stream.at_eof() for stream in (process.stdout, process.stderr))


def _kill_group(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _reply_of(module: str, ending: _Ending) -> object:
    if len(ending.reply) > REPLY_LIMIT_BYTES:
        told = say("{module} replied with more than {bytes} bytes", module=module, bytes=REPLY_LIMIT_BYTES)
        raise ChildFailed(told + _complaint(ending), kind="output")
    if ending.exit_code < 0:
        told = say("{module} was ended by signal {number}", module=module, number=-ending.exit_code)
        raise ChildFailed(told + _complaint(ending), kind="crash")
    if ending.exit_code:
        told = say("{module} ended with exit code {code}", module=module, code=ending.exit_code)
        raise ChildFailed(told + _complaint(ending), kind="crash")
    try:
        return json.loads(ending.reply)
    except (ValueError, RecursionError):
        told = say("{module} replied with {bytes} bytes that are no JSON", module=module, bytes=len(ending.reply))
        raise ChildFailed(told + _complaint(ending), kind="output") from None


def _complaint(ending: _Ending) -> str:
    """Return how much was said on stderr, in brackets; empty for nothing."""
    return say(" ({bytes} bytes on stderr, not shown)", bytes=ending.stderr_bytes) if ending.stderr_bytes else ""
