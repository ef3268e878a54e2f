"""The whole configuration, and the two sources it is read from."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from reminders.settings.channel_block import Channel
from reminders.settings.document import Document
from reminders.settings.entry_name import CHANNEL_NAME, PERSON_ID
from reminders.settings.fields import Switch, key
from reminders.settings.person_block import MeBlock, PersonBlock, SharedBlock
from reminders.settings.web_block import WEB_PORT, Web


class Configuration(SharedBlock, BaseSettings):
    """Everything a configuration file may hold."""

    me: MeBlock | None = key("The one person this serves.", default="one person with every default", example={})
    people: dict[Annotated[str, AfterValidator(PERSON_ID.checked)], PersonBlock | None] | None = key(
        "Several people instead of me: one block for each, by id. A block takes the keys of me and every key of the "
        "top level but channels, presence and web; its habits are laid over the shared ones key by key.",
        default="none",
        example={"alex": {"name": "Alex"}},
    )
    channels: dict[Annotated[str, AfterValidator(CHANNEL_NAME.checked)], Channel] | None = key(
        "Ways to reach people, by name: an Apprise URL, desktop://, console://, or a block.",
        default="{desktop: desktop://}",
        example={"desktop": "desktop://", "phone": "ntfys://${NTFY_TOPIC}"},
    )
    presence: Switch = key(
        "Look whether somebody is at the desk: how long it was not touched, whether it is locked, do-not-disturb. Only "
        "where one person alone has a desktop channel.",
        default="on",
        example="on",
        unit="on or off",
    )
    web: Web = key(
        "The page on which to see and answer everything; off for none.",
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
