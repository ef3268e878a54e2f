"""Which environment variables set a key of the configuration."""

PREFIX = "REMINDERS_"
_NOT_SETTINGS = frozenset({"REMINDERS_CONFIG", "REMINDERS_DATA_DIR"})
_TEST_PREFIX = "REMINDERS_TEST_"


def is_setting(variable: str) -> bool:
    """Tell whether a variable's name says that it sets a key."""
    return variable.startswith(PREFIX) and variable not in _NOT_SETTINGS and not variable.startswith(_TEST_PREFIX)
