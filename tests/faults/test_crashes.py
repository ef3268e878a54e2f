"""Holds: whenever the daemon is killed, nothing is lost silently and nothing is sent twice silently."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial

import pytest

from reminders.domain.delivery import DeliveryState as S
from tests.end_to_end.home import Daemon
from tests.faults.inbox import Answer, until
from tests.faults.site import Site, kill_whole
from tests.faults.storm import weather

KILLS = 30
KILLS_IN_A_LONG_RUN = 200
SEED = int(os.environ.get("REMINDERS_TEST_SEED", "20260303"))


def kill_and_take(daemon: Daemon, _: str) -> Answer:
    kill_whole(daemon)
    return Answer()


def storm_passes(site: Site, kills: int) -> None:
    tally = weather(site, SEED, kills)
    print(f"seed {SEED}: {tally}")  # noqa: T201  the count is what the run is for
    assert tally.kills == kills
    assert (tally.lost, tally.doubled_silently) == ([], [])
    assert tally.reached + tally.unknown_and_not_reached + tally.missed == tally.nudges
    assert tally.unknown
    assert tally.doubled_and_marked


@pytest.mark.timeout(300)
def test_daemon_killed_30_times_loses_nothing_and_doubles_nothing_silently(site: Site) -> None:
    storm_passes(site, KILLS)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_daemon_killed_200_times_loses_nothing_and_doubles_nothing_silently(site: Site) -> None:
    storm_passes(site, KILLS_IN_A_LONG_RUN)


def test_fault_20_kill_while_queued_is_sent_once_after_the_restart(site: Site) -> None:
    site.inbox.answers(None)
    first, second = site.put("calcium_meal"), site.put("calcium_meal")
    daemon = site.start()
    until(lambda: site.inbox.of(first), "the first nudge is under way")
    assert (site.state(first), site.state(second)) == (S.SENDING, S.QUEUED)
    kill_whole(daemon)
    site.inbox.answers(200)
    site.start()
    site.comes_to(second, S.ACCEPTED)
    assert len(site.inbox.of(second)) == 1
    assert (site.delivery(second).attempt, site.ending(second)[0]) == (1, "sent")


def test_fault_21_kill_between_begin_and_call_is_unknown_and_a_meal_is_not_sent(site: Site) -> None:
    meal = site.put("calcium_meal")
    daemon = site.start()
    until(lambda: site.journal_path.exists() and site.state(meal) is S.SENDING, "the attempt is begun")
    kill_whole(daemon)
    assert site.inbox.arrivals == []
    site.start()
    site.comes_to(meal, S.UNKNOWN)
    later = site.put("calcium_meal")
    site.comes_to(later, S.ACCEPTED)
    assert site.inbox.of(meal) == []
    assert (site.state(meal), site.ending(meal)) == (S.UNKNOWN, ("sent", None))


def test_fault_22_kill_between_accept_and_finish_is_unknown_and_only_hydration_is_sent_again(site: Site) -> None:
    for habit, repeats in (("calcium_meal", 0), ("hydration", 1)):
        nudge_id = site.put(habit)
        daemon = site.start()
        site.inbox.answer = partial(kill_and_take, daemon)
        until(daemon.has_ended, "it is killed at the moment of the answer")
        assert site.state(nudge_id) is S.SENDING
        site.inbox.answers(200)
        restarted = site.start()
        until(lambda one=nudge_id: site.state(one) is not S.SENDING, "the cut attempt is on record")  # type: ignore[misc]
        if repeats:
            site.comes_to(nudge_id, S.ACCEPTED)
        later = site.put("calcium_meal")
        site.comes_to(later, S.ACCEPTED)
        assert [one.is_marked_again for one in site.inbox.of(nudge_id)] == [False, True][: 1 + repeats]
        assert site.delivery(nudge_id).resent is bool(repeats)
        with site.reading() as journal:
            kinds = [event.kind for event in journal.last_events(100) if event.nudge_id == nudge_id]
        assert "delivery.unknown" in kinds
        assert restarted.stop() == 0


def test_fault_23_restart_during_a_retry_wait_keeps_count_and_next_try(site: Site) -> None:
    site.inbox.answers(503, Retry_After="600")
    waiting = site.put()
    daemon = site.start()
    site.comes_to(waiting, S.RETRY_WAIT)
    before = site.delivery(waiting)
    assert before.next_attempt_at is not None
    assert before.finished_at is not None
    assert before.next_attempt_at - before.finished_at >= timedelta(seconds=600)
    daemon.kill()
    site.inbox.answers(200)
    site.start()
    later = site.put()
    site.comes_to(later, S.ACCEPTED)
    assert site.delivery(waiting) == before
    assert len(site.inbox.of(waiting)) == 1
