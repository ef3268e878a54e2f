"""Dates as short as a drawing has room for, in the language spoken."""

from __future__ import annotations

from datetime import date

from reminders.catalogue.phrases import say
from reminders.planning.wording_of_time import MONTHS_IN_SHORT, weekday_in_short


def month_in_short(day: date) -> str:
    """Return the month of a date: ``Nov``."""
    return say(MONTHS_IN_SHORT[day.month - 1])


def day_in_short(day: date) -> str:
    """Return a date without its year: ``23 Nov``."""
    return say("{day} {month}", day=day.day, month=month_in_short(day))


def weekday_and_day(day: date) -> str:
    """Return a date without its year, and the day of the week: ``Mon 23 Nov``."""
    return say("{weekday} {day} {month}", weekday=weekday_in_short(day), day=day.day, month=month_in_short(day))
