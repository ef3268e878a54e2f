"""Numbers for Prometheus. No names of people, habits or channels, and nothing that tells one person from another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from reminders.delivery.breaker import BreakerState
from reminders.delivery.lane import ChannelHealth
from reminders.journal.read_models import JournalTallies
from reminders.web.health import ailment
from reminders.web.house import House, ServiceState
from reminders.web.record import Record

MEDIA_TYPE = "text/plain; version=0.0.4"
Labels = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One number, or one for each set of labels."""

    name: str
    about: str
    values: Iterable[tuple[Labels, float]]
    kind: str = "gauge"

    def lines(self) -> Iterator[str]:
        """Yield the metric in Prometheus' text form."""
        yield f"# HELP {self.name} {self.about}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.values:
            inner = ",".join(f'{key}="{text}"' for key, text in labels.items())
            yield f"{self.name}{{{inner}}} {value:.15g}" if inner else f"{self.name} {value:.15g}"


def routes() -> list[BaseRoute]:
    """Return the route of the numbers."""
    return [Route("/metrics", metrics)]


async def metrics(request: Request) -> Response:
    """Return how the service does, in numbers."""
    house: House = request.app.state.house
    record: Record = request.app.state.record
    tallies = await record.read(lambda journal: journal.tallies())
    found = [
        *_of_service(house.service(), house.now()),
        *_of_channels(house.channels(), house.service()),
        *_of_journal(tallies),
    ]
    text = "\n".join(line for metric in found for line in metric.lines())
    return PlainTextResponse(f"{text}\n", media_type=MEDIA_TYPE)


def _one(name: str, about: str, value: float) -> Metric:
    return Metric(name=f"reminders_{name}", about=about, values=[({}, value)])


def _of_service(service: ServiceState, now: datetime) -> Iterator[Metric]:
    yield Metric(name="reminders_info", about="The version that runs.", values=[({"version": service.version}, 1)])
    yield _one("start_time_seconds", "When the daemon started, since the epoch.", service.started_at.timestamp())
    age = max((now - service.last_beat_at).total_seconds(), 0)
    yield _one("last_beat_age_seconds", "Since the daemon's last sign of life.", age)
    yield _one("healthy", "1 = nudges can be sent.", ailment(service, now) is None)
    yield _one("config_ok", "1 = the newest configuration is used.", service.refused is None)


def _of_channels(channels: tuple[ChannelHealth, ...], service: ServiceState) -> Iterator[Metric]:
    broken = sum(one.state is not BreakerState.CLOSED for one in channels)
    yield _one("channels", "Channels in use.", len(channels))
    yield _one("channels_unbuildable", "Channels of the file that cannot be used.", len(service.unbuildable))
    yield _one("breakers_open", "Channels left alone after failures in a row.", broken)
    yield _one("deliveries_waiting", "Deliveries that wait for their channel.", sum(one.waiting for one in channels))


def _of_journal(tallies: JournalTallies) -> Iterator[Metric]:
    yield Metric(
        name="reminders_occurrences",
        about="Occurrences on record by state and reason.",
        values=[
            ({"state": state.value, "reason": reason.value if reason else ""}, number)
            for (state, reason), number in tallies.occurrences.items()
        ],
    )
    yield Metric(
        name="reminders_deliveries",
        about="Deliveries on record by state.",
        values=[({"state": state.value}, number) for state, number in tallies.deliveries.items()],
    )
    yield _one("stalls", "Times on record that the daemon was not let run.", tallies.stalls)
    yield _one("journal_bytes", "Size of the journal with its log.", tallies.size_bytes)
