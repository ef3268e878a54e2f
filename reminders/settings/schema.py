"""The whole configuration, and the two sources it is read from."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Tag
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from reminders.settings.channel_block import Channel
from reminders.settings.document import Document
from reminders.settings.fields import BLOCK_TAG, OFF_TAG, Block, Off, key, off_or_block, whole_number
from reminders.settings.mistakes import FOUND, Mistake
from reminders.settings.person_block import MeBlock, PersonBlock, SharedBlock

WEB_PORT = 8377
_PERSON_ID = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_CHANNEL_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)


def _person_id(name: str) -> str:
    if not _PERSON_ID.fullmatch(name):
        hint = "begin with a small letter; small letters, digits and _ may follow (name: holds the name to show)"
        raise Mistake(f"{FOUND} cannot name a person", found=name, hint=hint)
    return name


def _channel_name(name: str) -> str:
    if not _CHANNEL_NAME.fullmatch(name):
        hint = "begin with a small letter; small letters, digits, _ and - may follow"
        raise Mistake(f"{FOUND} cannot name a channel", found=name, hint=hint)
    return name


class WebBlock(Block):
    """Reserved for the local page; nothing is served by this version."""

    port: Annotated[int | None, *whole_number(1024, 65535)] = key(
        "The port of the local page, on this machine only. Not served by this version.",
        default=str(WEB_PORT),
        example=WEB_PORT,
        unit="port, 1024 to 65535",
    )


Web = Annotated[Annotated[Off, Tag(OFF_TAG)] | Annotated[WebBlock, Tag(BLOCK_TAG)], Discriminator(off_or_block)] | None


class Configuration(SharedBlock, BaseSettings):
    """Everything a configuration file may hold."""

    me: MeBlock | None = key("The one person this serves.", default="one person with every default", example={})
    people: dict[Annotated[str, AfterValidator(_person_id)], PersonBlock | None] | None = key(
        "Several people instead of me: one block for each, by id. A block takes the keys of me and every key of the "
        "top level but channels and web; its habits are laid over the shared ones key by key.",
        default="none",
        example={"alex": {"name": "Alex"}},
    )
    channels: dict[Annotated[str, AfterValidator(_channel_name)], Channel] | None = key(
        "Ways to reach people, by name: an Apprise URL, desktop://, console://, or a block.",
        default="{desktop: desktop://}",
        example={"desktop": "desktop://", "phone": "ntfys://${NTFY_TOPIC}"},
    )
    web: Web = key(
        "Reserved for the local page, which this version does not serve yet; off for none.",
        default=f"{{port: {WEB_PORT}}}",
        example={"port": WEB_PORT},
    )

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DocumentSource(PydanticBaseSettingsSource):
    """A document's values as a source of settings."""

    def __init__(self, settings_class: type[BaseSettings], document: Document) -> None:
        """Keep the document."""
        super().__init__(settings_class)
        self.document = document

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return one field's value; the values are given all at once, so that unknown keys are seen too."""
        del field
        return self.document.values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return all values."""
        return self.document.values


def configuration_from(file: Document, environment: Document) -> Configuration:
    """Read the environment over the file; raise pydantic's ValidationError with everything that is wrong."""

    class FromDocuments(Configuration):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del init_settings, env_settings, dotenv_settings, file_secret_settings  # ours keep positions
            return DocumentSource(settings_cls, environment), DocumentSource(settings_cls, file)

    return FromDocuments()
