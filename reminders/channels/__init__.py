"""Write to people. Each module is one way to do it; ``build`` turns the file's channels into objects.

    build             specs -> channels, and why a channel could not be built
    apprise_channel   any Apprise URL, sent from a short-lived child process
    desktop_channel   Linux: straight to the desktop's notification service, with buttons
    desktop_notifier_channel   macOS and Windows: through desktop-notifier
    console_channel   printed where the daemon runs

Beside them: ``channel_url`` (what a URL may hold), ``message_text`` (what may leave), ``wire_trace`` and ``verdict``
(what a send in the child really did, and what that means), ``unbuildable`` (the error of building).
"""
