"""What runs when there is no configuration file: the six habits, on this desktop."""

from reminders.catalogue.phrases import phrase

NAME = phrase("built-in starter")

YAML = b"""\
me:
  awake: 07:00-22:30
  work: {hours: 09:00-17:30, days: mon-fri}
channels:
  desktop: desktop://
send_to: [desktop]
habits:
  hydration: {every: 2h, within: awake}
  movement: {every: 60min, within: work}
  warm_up: {before: training, lead: 10min}
  cool_down: {after: training}
  calcium_meal: {at: ["07:45"]}
  potassium_meal: {at: ["12:15"]}
training:
  - {name: Gym, days: [tue, thu], at: "18:30", lasts: 60min}
limits: {per_day: 12, gap: 30min, merge: 30min}
web: {port: 8377}
"""
