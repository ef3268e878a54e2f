"""Write to people. Each module is one way to do it; ``build`` turns the file's channels into objects.

    build             specs -> channels, and why a channel could not be built
    apprise_channel   any Apprise URL, sent from a short-lived child process
    desktop_channel   Linux: straight to the desktop's notification service, with buttons
    desktop_notifier_channel   macOS and Windows: through desktop-notifier
    console_channel   printed where the daemon runs

Beside them: ``channel_url`` (what a URL may hold), ``message_text`` and ``action_key`` (what may leave, and its
buttons), ``sender_request``, ``sender_reply`` and ``begun_mark`` (between the daemon and a sender's child),
``wire_trace`` and ``verdict`` (what a send in the child really did, and what that means), ``ntfy_address``,
``ntfy_message``, ``ntfy_withdrawal`` and ``withdrawals`` (ntfy's topics and buttons, and messages taken back),
``unbuildable`` (the error of building),
``served_schemas`` (which URLs Apprise can send to, for the reader of the configuration).
"""
