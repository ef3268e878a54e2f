"""Reminders: nudges that keep a back healthy, sent at a welcome moment and answered with one tap.

The life of a nudge:

    config/reminders.yaml -> settings -> Household                (read in a child process)
    calendars, the desk -> sensors -> Facts, Context              (what is unknown holds nothing back)
    Household, Facts, Context -> planning -> Decision             (pure: no clock, no files)
    Decision -> daemon.turn -> journal                            (one transaction a turn)
    journal -> delivery -> channels -> a person                   (begin, call, finish)
    a person -> button on the desktop, command -> journal         (and the next turn)
             -> button on the phone -> answers -> journal         (a topic that is followed, no port is opened)
             -> link, button, page -> web -> journal              (a thread of its own, from the first visitor on)

``background`` has the daemon started at login; ``composition`` is where the concrete classes meet.
"""

__version__ = "0.1.0"
