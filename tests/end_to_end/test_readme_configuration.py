"""Holds: the configurations that README shows are good ones: no mistake, no warning, URLs that their plug-ins take."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator

import pytest
import yaml

from reminders.channels.build import validate
from reminders.daemon.child import run_child
from reminders.domain.channel import ChannelKind, ChannelSpec
from tests.end_to_end.home import Home
from tests.end_to_end.readme import README, blocks, foreign_yaml, our_yaml

# What a person would keep in the file of variables.
VARIABLES = {
    "NTFY_TOPIC": "a-topic",
    "WEB_TOKEN": "a-token-of-some-length",
    "MAIL_LOGIN": "alex:pa%40ss",
    "TELEGRAM_BOT": "123456789:abcdefghijklmnopqrstuvwxyzabcdefghi",
    "TELEGRAM_CHAT": "12315544",
    "MQTT_LOGIN": "alex:word",
    "WORK_CALENDAR": "https://calendar.example.org/secret/basic.ics",
}


def urls() -> Iterator[str]:
    """Yield every Apprise URL of the configurations, once."""
    found = re.findall(r"\w+://(?:\$\{\w+\}|[^\s,}#])+", "\n".join(our_yaml()))
    yield from dict.fromkeys(url for url in found if not url.startswith(("desktop:", "console:", "http")))


@pytest.mark.parametrize("text", our_yaml())
def test_its_yaml_is_a_configuration_without_a_mistake(home: Home, text: str) -> None:
    home.config.write_text(text)
    home.environment |= VARIABLES
    result = home.call("check", "--json")
    assert result.returncode == 0, result.stdout
    assert json.loads(result.stdout) == {"problems": []}


def test_there_are_urls_to_try() -> None:
    assert {url.partition(":")[0] for url in urls()} >= {"ntfy", "ntfys", "mailtos", "tgram", "mqtt"}


@pytest.mark.parametrize("url", list(urls()))
def test_its_urls_are_taken_by_their_plug_ins(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    spec = ChannelSpec(name="phone", kind=ChannelKind.APPRISE, url=url)
    assert asyncio.run(validate(spec, run_child)) is None


def test_home_assistant_listens_where_the_channel_speaks() -> None:
    ((automation,),) = [yaml.safe_load(text) for text in foreign_yaml()]
    (trigger,) = automation["triggers"]
    assert trigger["trigger"] == "mqtt"
    assert any(url.startswith("mqtt://") and url.endswith(f"/{trigger['topic']}") for url in urls())
    assert automation["actions"][0]["data"]["message"] == "{{ trigger.payload }}"


def test_a_proxy_is_led_to_where_the_page_is() -> None:
    (nginx,) = blocks("nginx")
    (target,) = re.findall(r"proxy_pass (\S+);", nginx)
    assert f"the page is at `{target}`" in README
    assert "X-Forwarded-For" in nginx
    assert "proxy_set_header Host $host;" in nginx
