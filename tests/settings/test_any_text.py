"""Whatever a file holds, reading it ends in problems or in a household, never in a crash."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminders.settings.compiled import household_from_json, household_to_json
from reminders.settings.problems import has_errors, problems_text
from reminders.settings.reading import Reading, read_configuration

KEYS = [
    "timezone", "me", "people", "channels", "send_to", "fallback", "habits", "training", "limits", "web", "digest",
    "awake", "quiet", "work", "hours", "days", "profile", "conditions", "movement", "hydration", "eyes",
    "tea", "every", "at", "times", "within", "cron", "before", "after", "lead", "lag", "say", "goal", "from",
    "until", "expire_after", "per_day", "gap", "port", "name", "lasts", "url", "url_file", "discreet",
    "phone", "alex", "host", "public_url", "login_token", "trusted_proxies", "follow_up", "to", "day",
    "answers", "answer_topic", "holidays",
]  # fmt: skip
VALUES = [
    "90", "2h", "45min", "0min", "-5min", "07:00-22:30", "22:00-02:00", "00:00-24:00", "07:45", "mon-fri",
    "weekend", "off", "no", "none", "training", "awake", "work", "desktop://", "ntfys://x", "${A}", "$$",
    "${", "0 9 * * *", "2026-03-01", "1.8L", "Europe/Berlin", "phone", "answer", "", "~", "nan", ".inf",
    "1e99", "true",
]  # fmt: skip

scalars = st.one_of(
    st.sampled_from(VALUES),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(KEYS),
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=5)), inner, max_size=5),
    ),
    max_leaves=25,
)
fragments = st.lists(
    st.one_of(
        st.sampled_from([*KEYS, *VALUES]),
        st.sampled_from(
            [
                ": ",
                "\n",
                "\n  ",
                "\n    ",
                "- ",
                "{",
                "}",
                "[",
                "]",
                ", ",
                '"',
                "'",
                "&a ",
                "*a",
                "!x ",
                "#",
                "|\n",
                ">",
                "? ",
                "---\n",
                "\t",
                "%",
                "\\",
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=60,
).map("".join)


def read_data(data: bytes) -> Reading:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "reminders.yaml"
        path.write_bytes(data)
        return read_configuration(str(path), {"A": "x", "REMINDERS_LIMITS__PER_DAY": "9"})


def assert_is_settled(reading: Reading) -> None:
    assert (reading.household is None) == has_errors(reading.problems)
    assert problems_text(reading.problems)
    for problem in reading.problems:
        assert "{found}" not in problem.message
        assert problem.message == problem.message.strip()
    if reading.household is not None:
        assert household_from_json(household_to_json(reading.household)) == reading.household


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(KEYS[:11]), trees, min_size=1, max_size=4))
def test_any_tree_of_keys_and_values(tree: dict[str, object]) -> None:
    assert_is_settled(read_data(yaml.safe_dump(tree, allow_unicode=True).encode("utf-8", "surrogatepass")))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fragments)
def test_any_text_of_fragments(text: str) -> None:
    assert_is_settled(read_data(text.encode("utf-8", "surrogatepass")))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    assert_is_settled(read_data(data))
