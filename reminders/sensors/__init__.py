"""What is read of the world: calendars kept elsewhere, and whether somebody is at the desk.

Calendars are fetched and read in a child, copies stay here. A desktop is asked in the daemon's loop, with a deadline.

calendar_child     the child: a request in, events or a failure out
feed, feed_address a web address, fetched within bounds from exactly the machine it named
ics_text           lines of a calendar's text -> its events, with only what matters
ics_time           a date or time as a calendar writes it -> an instant
ics_series         an event that repeats -> its occurrences, within bounds
calendar_reading   a calendar's text -> when one is busy, when one trains
calendar_copy      the last good reading, kept in the data directory
calendar_shelf     all copies: what planning is told of them
calendar_state     how fresh a copy is, in words

build              which sources a machine has for a desktop
presence           the sources put together to what is known
sighting           what one source tells, and how it is asked without waiting for ever
x11_idle, x11_wire how long an X11 screen was not touched
dbus_presence      GNOME, Plasma, others and logind; dbus_call for one question on a bus
macos_presence, windows_presence   the same elsewhere, untried
"""
