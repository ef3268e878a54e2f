"""KEEP IN THE BACKGROUND: how the operating system starts the daemon, watches it and hears how it does.

program        what is to be started
systemd        Linux: a user unit
launchd        macOS: an agent
windows_task   Windows: a scheduled task
supervisor     one of the three, asked through its own command
notify         what the daemon tells the supervisor that started it
environment    the file of variables that the service and every command read
"""
