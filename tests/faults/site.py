"""The scene of a fault: a home with a real daemon, an inbox it sends to, and the journal seen from outside."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from reminders.daemon.lock import poke
from reminders.domain.decision import Decision, Send
from reminders.domain.delivery import Delivery, DeliveryState
from reminders.domain.nudge import Ask, Nudge, NudgeKind
from reminders.domain.occurrence import Occurrence, occurrence_id
from reminders.domain.turn_record import TurnRecord
from reminders.journal.sqlite_journal import SqliteJournal
from tests.end_to_end.home import Daemon, Home, somebodys_home
from tests.faults.inbox import Inbox, running_inbox, until

PERSON = "sam"
LOG_SHOWN = 4000
# Nobody is asked by the plan of such a file: its one slot is an hour gone.
CONFIG = """\
timezone: UTC
people:
  sam: {{name: Sam, awake: "00:00-24:00"}}
channels:
{channels}
send_to: [{send_to}]
web: off
habits:
  hydration: {{at: ["{gone:%H:%M}"]}}
  calcium_meal: {{at: ["{gone:%H:%M}"]}}
"""


def _channel(name: str, url: str) -> str:
    # The inboxes here have no topic for answers, and who follows one has files open that come and go.
    return f'  {name}: {{url: "{url}", answers: false}}' if url.startswith("ntfy") else f'  {name}: "{url}"'


@dataclass
class Site:
    """A home and an inbox. Nudges are put into the journal as a turn of the daemon would put them."""

    home: Home
    inbox: Inbox
    put_so_far: list[Nudge] = field(default_factory=list)

    @property
    def journal_path(self) -> Path:
        return self.home.data_dir / "journal.db"

    def configure(self, *, send_to: str = "phone", **urls: str) -> None:
        """Write the file with these channels; without any, "phone" leads to the inbox. None of them hears answers."""
        lines = [_channel(name, url) for name, url in (urls or {"phone": self.inbox.url()}).items()]
        gone = datetime.now(UTC) - timedelta(hours=1)
        self.home.config.write_text(CONFIG.format(channels="\n".join(lines), send_to=send_to, gone=gone))

    def put(
        self,
        habit: str = "hydration",
        *,
        send_to: tuple[str, ...] = ("phone",),
        lives: timedelta = timedelta(hours=2),
    ) -> str:
        """Record a nudge that is due now, tell the daemon where one runs, and return the nudge's id."""
        now = datetime.now(UTC)
        number = len(self.put_so_far)
        slot = f"{now - timedelta(days=1):%Y-%m-%d}T{number // 60:02}:{number % 60:02}"
        decided = Decision(PERSON, habit, slot, now, now + lives, Send(now, occurrence_id(PERSON, habit, slot)))
        nudge = Nudge(
            id=decided.occurrence_id,
            person=PERSON,
            kind=NudgeKind.ASK,
            asks=(Ask(occurrence_id=decided.occurrence_id, habit=habit, text="Time for it"),),
            title="Time for it",
            text="Time for it, where you are.",
            discreet_text="It is time.",
            created_at=now,
            expires_at=decided.expires_at,
            send_to=send_to,
            resend_unknown=habit == "hydration",
        )
        turn = TurnRecord(person=PERSON, decided_at=now, planned_until=now, decisions=(decided,), nudges=(nudge,))
        with contextlib.closing(SqliteJournal.open(self.journal_path)) as journal:
            assert journal.record(turn) == (decided.occurrence_id,)
        self.put_so_far.append(nudge)
        poke(self.home.data_dir)
        return nudge.id

    @contextlib.contextmanager
    def reading(self) -> Iterator[SqliteJournal]:
        with contextlib.closing(SqliteJournal.open(self.journal_path, read_only=True)) as journal:
            yield journal

    def delivery(self, nudge_id: str, channel: str = "phone") -> Delivery:
        with self.reading() as journal:
            return next(one for one in journal.deliveries_of(nudge_id) if one.channel == channel)

    def state(self, nudge_id: str, channel: str = "phone") -> DeliveryState:
        return self.delivery(nudge_id, channel).state

    def occurrences(self) -> dict[str, Occurrence]:
        with self.reading() as journal:
            facts = [journal.facts(who, *_WHENEVER) for who in ("alex", PERSON)]
        return {one.id: one for each in facts for one in each.occurrences}

    def ending(self, nudge_id: str) -> tuple[str, str | None]:
        """Return state and reason of what the nudge asks for."""
        occurrence = self.occurrences()[nudge_id]
        return occurrence.state.value, None if occurrence.reason is None else occurrence.reason.value

    def comes_to(self, nudge_id: str, state: DeliveryState, channel: str = "phone", seconds: float = 30.0) -> None:
        until(lambda: self.state(nudge_id, channel) is state, f"{nudge_id} is {state} on {channel}", seconds)

    def violations(self) -> tuple[str, ...]:
        with self.reading() as journal:
            return journal.check_invariant()

    def start(self) -> Daemon:
        return self.home.start("--log-level", "debug")

    def senders(self) -> list[psutil.Process]:
        """Return the sending processes at work here, those of a killed daemon included."""
        return [one for one in psutil.process_iter() if _is_sender(one, self.home.folder)]


_WHENEVER = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def _is_sender(process: psutil.Process, folder: Path) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        return process.cwd() == str(folder) and any(word.endswith("child_main.py") for word in process.cmdline())
    return False


def kill_whole(daemon: Daemon) -> None:
    """End the daemon and what it started at one moment, as a power cut would."""
    process = psutil.Process(daemon.process.pid)
    process.suspend()
    family = process.children(recursive=True)
    daemon.kill()
    for child in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()


@contextlib.contextmanager
def somewhere(folder: Path) -> Iterator[Site]:
    """Make a site with one channel, "phone"; the journal's invariant is checked at the end."""
    # A killed daemon cannot clear its temporary files away; here they go with the home.
    environment = {"LC_ALL": "C.UTF-8", "TMPDIR": str(folder)}
    with running_inbox() as inbox, somebodys_home(folder / "home", environment) as home:
        home.data_dir.mkdir(mode=0o700)
        site = Site(home, inbox)
        site.configure()
        try:
            yield site
        finally:
            # Shown by pytest when the test fails; a log on a disk of the test's own has gone with it.
            kept = [daemon for daemon in home.daemons[-2:] if daemon.err.exists()]
            sys.stderr.write("\n".join(daemon.complained[-LOG_SHOWN:] for daemon in kept))
        for daemon in home.daemons:
            if not daemon.has_ended():
                daemon.kill()
        if site.journal_path.exists():
            assert site.violations() == ()
