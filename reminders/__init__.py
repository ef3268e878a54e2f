"""Reminders: nudges that keep a back healthy, sent at a welcome moment and answered with one tap.

The life of a nudge:

    config/reminders.yaml -> settings -> Household              (read in a child process)
    Household + Facts     -> planning -> Decision               (pure: no clock, no files)
    Decision              -> daemon.turn -> journal             (one transaction a turn)
    journal               -> delivery -> channels -> a person   (begin, call, finish)
    a person              -> desktop button, command -> journal -> the next turn
"""

__version__ = "0.1.0"
