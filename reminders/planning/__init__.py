"""The verbs, pure: what is known and the time go in, decisions and words come out. No clock, no files, no chance.

recurrence, wall_time        schedules -> slots of a local date, in every zone
guards, pace, record         what forbids a moment; how much to ask for; what is on record
agenda                       a person's day: fixed_times, walk (with chain, candidate), merge, limits
due, catch_up, snooze        what must be decided at this moment, also after an absence
forecast                     the days ahead, taken as the daemon takes them
wording -> nudge_text        the words: variety, meal_idea, routine, safety
answering, backoff           what an answer means; how long a retry waits
waking_day                   the day as a person lives it
reason_words, receipt_words, record_words, pause_words, water_words, wording_of_time, wording_of_numbers
                             what commands and pages say alike
"""
