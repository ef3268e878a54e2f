"""asyncio and an open SQLite file: the least a Python daemon of this kind can be. Run with the file's path."""

from __future__ import annotations

import asyncio
import sqlite3
import sys


async def idle(path: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE IF NOT EXISTS empty (id INTEGER)")
    connection.commit()
    print("started", file=sys.stderr, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(idle(sys.argv[1]))
