"""What the daemon works with at one time, and who can bring a newer one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reminders.answers.topic import AnswerTopics
from reminders.domain.household import Household
from reminders.ports import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Supply:
    """A household with its channels by name; ``failures`` are (name, reason) of those that cannot be built now."""

    household: Household
    channels: Mapping[str, Channel]
    discreet: frozenset[str]
    failures: tuple[tuple[str, str], ...] = ()
    answer_topics: AnswerTopics = field(default_factory=AnswerTopics)


class Supplier(Protocol):
    """Brings a newer supply."""

    def stamp(self) -> tuple[object, ...]:
        """Return what changes when the configuration file does."""

    async def read(self, running: Supply) -> Supply:
        """Read the file again; raise ConfigurationRefused or ChildFailed when it cannot be used."""

    async def build(self, household: Household, running: Supply | None) -> Supply:
        """Build the household's channels; those that did not change are kept."""
