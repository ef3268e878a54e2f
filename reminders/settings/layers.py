"""One person's configuration: the shared keys, and the person's own over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reminders.catalogue.phrases import ENGLISH
from reminders.settings.calendar_block import CalendarBlock
from reminders.settings.digest_block import DigestBlock
from reminders.settings.habit_block import HabitsBlock
from reminders.settings.habit_layers import STARTER_HABITS
from reminders.settings.mistakes import Path
from reminders.settings.person_block import LimitsBlock, MeBlock, PersonBlock, TrainingBlock
from reminders.settings.schema import Configuration

ME = "me"
Names = tuple[Path, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLayers:
    """One person, as configured. ``path`` is the person's block; ``own`` is None for ``me``."""

    id: str
    path: Path
    about: MeBlock
    shared: Configuration
    own: PersonBlock | None

    @property
    def zone(self) -> str | None:
        """The home zone; None = follow the machine's."""
        return (self.own and self.own.timezone) or self.shared.timezone

    @property
    def language(self) -> str:
        """What the person is spoken to in."""
        return (self.own and self.own.language) or self.shared.language or ENGLISH

    @property
    def lists_habits(self) -> bool:
        """Tell whether any habit is written down, for this person or for all."""
        return self.shared.habits is not None or (self.own is not None and self.own.habits is not None)

    @property
    def habits(self) -> list[tuple[Path, HabitsBlock]]:
        """The habit blocks, lowest first. Where none is written, the starter's six are on."""
        layers: list[tuple[Path, HabitsBlock]] = []
        if self.shared.habits is not None:
            layers.append((("habits",), self.shared.habits))
        if self.own is not None and self.own.habits is not None:
            layers.append(((*self.path, "habits"), self.own.habits))
        if not layers:
            layers.append((("habits",), HabitsBlock.model_validate(dict.fromkeys(STARTER_HABITS))))
        return layers

    @property
    def training(self) -> tuple[Path, list[TrainingBlock]]:
        """The training times that count, and where they stand."""
        if self.own is not None and self.own.training is not None:
            return (*self.path, "training"), self.own.training
        return ("training",), self.shared.training or []

    @property
    def calendars(self) -> Mapping[str, tuple[Path, CalendarBlock | str]]:
        """The calendars by name, and where each stands; the person's own goes before a shared one of its name."""
        found = {name: (("calendars", name), one) for name, one in (self.shared.calendars or {}).items()}
        own = (self.own.calendars if self.own is not None else None) or {}
        return {**found, **{name: ((*self.path, "calendars", name), one) for name, one in own.items()}}

    @property
    def limits(self) -> Mapping[str, object]:
        """The limits that are written, key by key."""
        blocks: list[LimitsBlock | None] = [self.shared.limits, self.own.limits if self.own is not None else None]
        return {
            name: getattr(block, name)
            for block in blocks
            if block is not None
            for name in block.model_fields_set
            if getattr(block, name) is not None
        }

    def limit_path(self, name: str) -> Path | None:
        """Return where a limit that counts is written; None = nowhere, the default counts."""
        if self.own is not None and self.own.limits is not None and getattr(self.own.limits, name) is not None:
            return (*self.path, "limits", name)
        return ("limits", name) if name in self.limits else None

    @property
    def digest_blocks(self) -> list[DigestBlock | str | None]:
        """What is written about summing up the week, the shared words first; "off" is a word of its own."""
        return [self.shared.digest, self.own.digest if self.own is not None else None]

    @property
    def digest_path(self) -> Path:
        """Where the time of the summing up is written, or would be."""
        own = self.own.digest if self.own is not None else None
        is_own = isinstance(own, DigestBlock) and own.at is not None
        return (*self.path, "digest", "at") if is_own else ("digest", "at")

    def names(self, key: str) -> Names | None:
        """Return the ``send_to`` or ``fallback`` that counts for this person; None = left out."""
        if self.own is not None and getattr(self.own, key) is not None:
            return (*self.path, key), getattr(self.own, key)
        value = getattr(self.shared, key)
        return None if value is None else ((key,), value)


def people_of(configuration: Configuration) -> Iterator[PersonLayers]:
    """Yield every person; one with every default when none is written."""
    if configuration.people:
        for name, block in configuration.people.items():
            own = block or PersonBlock()
            yield PersonLayers(id=name, path=("people", name), about=own, shared=configuration, own=own)
    else:
        about = configuration.me or MeBlock()
        yield PersonLayers(id=ME, path=("me",), about=about, shared=configuration, own=None)
