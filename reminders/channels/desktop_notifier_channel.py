"""Desktop notifications on macOS and Windows, through desktop-notifier.

Untried on both: only its Linux backend has been run. Known of the library: on macOS it shows nothing unless Python
runs from an app bundle, and presses need the main thread's CFRunLoop; ``connect`` refuses the first case by name.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from reminders.catalogue.phrases import phrase
from reminders.channels.action_key import VIA_DESKTOP, action_key, read_action_key
from reminders.channels.message_text import clean_title, text_at_the_desk
from reminders.channels.unbuildable import ChannelUnbuildable
from reminders.domain.delivery import Message, SendOutcome, SendResult
from reminders.ports import AnswerListener

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

APP_NAME = "Reminders"
CALL_SECONDS = 5.0

_UNREACHABLE = phrase("the notification centre cannot be reached: {error}")
_REFUSED = phrase("the notification centre refused it: {error}")


class DesktopNotifierChannel:
    """Notifications of one macOS or Windows desktop; an external id is the library's own identifier."""

    def __init__(self, name: str, listener: AnswerListener) -> None:
        """Report presses to ``listener``. Nothing is asked of the desktop before ``connect``."""
        self._name = name
        self._listener = listener
        self._notifier: DesktopNotifier | None = None
        self._has_buttons = False

    @property
    def name(self) -> str:
        """The channel's name in the file."""
        return self._name

    @property
    def has_buttons(self) -> bool:
        """True when the desktop shows at least two buttons."""
        return self._has_buttons

    @property
    def hears_presses(self) -> bool:
        """True when there are buttons: a press is reported to the process that showed the message."""
        return self._has_buttons

    async def connect(self) -> None:
        """Reach the desktop's notification centre; raises ChannelUnbuildable, with the reason, when it is not there."""
        try:
            from desktop_notifier import Capability, DesktopNotifier  # noqa: PLC0415 - other platforms lack it

            notifier = DesktopNotifier(app_name=APP_NAME, app_icon=None)
            async with asyncio.timeout(CALL_SECONDS):
                capabilities = await notifier.get_capabilities()
        except ImportError:
            raise ChannelUnbuildable(phrase("desktop-notifier is not installed")) from None
        except Exception as error:
            raise ChannelUnbuildable(_UNREACHABLE.format(error=type(error).__name__)) from error
        if Capability.TITLE not in capabilities:
            raise ChannelUnbuildable(phrase("this desktop takes notifications from an installed app only"))
        notifier.on_button_pressed = self._pressed
        self._has_buttons = Capability.BUTTONS in capabilities
        self._notifier = notifier

    async def send(self, message: Message, deadline_seconds: float) -> SendResult:
        """Show the message; unknown when the notification centre did not confirm it in time."""
        from desktop_notifier import Button, Notification  # noqa: PLC0415 - as above

        if self._notifier is None:
            return SendResult(outcome=SendOutcome.FAILED, detail=phrase("the notification centre is not connected"))
        if message.replaces:
            await self.withdraw(message.replaces)
        verbs = message.buttons if self._has_buttons else ()
        buttons = tuple(
            Button(title=message.label(verb), identifier=action_key(verb, message.nudge_id)) for verb in verbs
        )
        text = text_at_the_desk(message, has_buttons=bool(verbs))
        notification = Notification(title=clean_title(message.title), message=text, buttons=buttons)
        try:
            async with asyncio.timeout(deadline_seconds):
                identifier = await self._notifier.send_notification(notification)
        except TimeoutError:
            return SendResult(outcome=SendOutcome.UNKNOWN, detail=phrase("the notification centre does not answer"))
        except Exception as error:  # noqa: BLE001 - each platform's backend raises its own
            return SendResult(outcome=SendOutcome.FAILED, detail=_REFUSED.format(error=type(error).__name__))
        return SendResult(outcome=SendOutcome.ACCEPTED, external_id=identifier)

    async def withdraw(self, external_id: str) -> None:
        """Clear the notification; nothing happens when the desktop does not know it any more."""
        if self._notifier is None:
            return
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self._notifier.clear(external_id)
        except Exception:  # noqa: BLE001 - gone already is what was wanted, and each backend says it differently
            return

    async def close(self) -> None:
        """Let go of the notification centre; what it shows stays."""
        self._notifier = None

    def _pressed(self, _identifier: str, button: str) -> None:
        press = read_action_key(button)
        if press is not None:
            self._listener(*press, VIA_DESKTOP)
