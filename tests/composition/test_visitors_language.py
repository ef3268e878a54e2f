"""What a visitor of the page sets off in the daemon is done in the daemon's language, not in the visitor's."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

from reminders.catalogue.phrases import ENGLISH, language_spoken, speak
from reminders.composition.page import Bulletin, DaemonHouse


class Listener:
    """Notes the language in which the daemon is asked to look, and in which it goes on."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()
        self.spoken: list[str] = []

    def look_soon(self) -> None:
        self.spoken.append(language_spoken())
        asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        self.spoken.append(language_spoken())
        self.heard.set()


def test_an_answer_on_a_german_page_lets_the_daemon_go_on_in_english(tmp_path: Path) -> None:
    async def visit() -> list[str]:
        listener = Listener()
        house = DaemonHouse(
            data_dir=tmp_path,
            config=lambda: None,
            turn=cast("Any", None),
            service=cast("Any", listener),
            bulletin=Bulletin(lambda _: None),
        )

        def answer() -> None:
            speak("de")
            house.changed()

        await asyncio.to_thread(answer)
        await asyncio.wait_for(listener.heard.wait(), 10)
        return listener.spoken

    assert asyncio.run(visit()) == [ENGLISH, ENGLISH]
