"""One reading of the configuration: the file and the environment in, a Household or every problem out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from reminders.catalogue.phrases import say
from reminders.domain.errors import Problem
from reminders.domain.household import Household
from reminders.settings import starter
from reminders.settings.advice import advice
from reminders.settings.channel_check import unknown_services
from reminders.settings.consistency import inconsistencies
from reminders.settings.document import Document
from reminders.settings.environment_source import read_environment
from reminders.settings.mistakes import Finding, Path
from reminders.settings.origins import Origins
from reminders.settings.problems import has_errors, in_order
from reminders.settings.schema import Configuration
from reminders.settings.to_domain import channel_names, household_of
from reminders.settings.translation import validate
from reminders.settings.yaml_source import read_yaml, read_yaml_file


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """``household`` is None when there are errors; ``problems`` are sorted by line and may be warnings alone.

    ``variables`` are the names that ``${NAME}`` asked for.
    """

    household: Household | None
    problems: tuple[Problem, ...]
    variables: tuple[str, ...]


def read_configuration(
    path: str | None,
    environment: Mapping[str, str],
    schemas: Collection[str] | None = None,
    year: int | None = None,
) -> Reading:
    """Read a file, or the built-in starter for None. Raises nothing for whatever the file may hold.

    ``schemas`` are those of URLs that messages can be sent to; None = not known, and whether they are is found later.
    ``year`` is the present one; None = the holidays of a region are not looked up.
    """
    if path is None:
        file = Document(file=say(starter.NAME))
        read_yaml(starter.YAML, file, environment)
    else:
        file = read_yaml_file(path, environment)
    variables = tuple(sorted(file.variables))
    if not file.values:
        return Reading(household=None, problems=in_order(file.problems), variables=variables)
    settings = read_environment(environment, Configuration.model_fields, file.variables)
    origins = Origins(file=file, environment=settings, has_lines=path is not None)
    household, findings = _understand(origins, path, schemas, year)
    problems = (*file.problems, *settings.problems, *map(origins.problem, findings))
    return Reading(
        household=None if has_errors(problems) else household, problems=in_order(problems), variables=variables
    )


def _understand(
    origins: Origins, path: str | None, schemas: Collection[str] | None, year: int | None
) -> tuple[Household | None, list[Finding]]:
    file, settings = origins.file, origins.environment
    written_channels = tuple(_names(file, settings, "channels"))
    configuration, findings, pruned = validate(file, settings)
    channels = written_channels or (() if ("channels",) in pruned else channel_names(configuration))
    line = origins.line(("channels",)) if written_channels else None
    between = inconsistencies(configuration, channels, line)
    findings += [finding for finding in between if not _is_hole(finding, pruned)]
    if schemas is not None:
        findings += unknown_services(configuration.channels or {}, origins, schemas)
    if findings or file.problems or settings.problems:
        return None, findings
    household = household_of(configuration, origins, None if path is None else str(FilePath(path).absolute()), year)
    return household, list(advice(configuration, household))


def _names(file: Document, settings: Document, key: str) -> Iterator[str]:
    for document in (file, settings):
        block = document.values.get(key)
        if isinstance(block, dict):
            yield from block


def _is_hole(finding: Finding, pruned: set[Path]) -> bool:
    """Tell whether a finding is only about what leaving a wrong value out has made."""
    path = finding.path
    lacks = (*finding.lacks, path) if finding.is_lack else finding.lacks
    return path in pruned or any(one[: len(lack)] == lack for one in pruned for lack in lacks)
