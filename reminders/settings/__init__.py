"""YAML and environment in, a Household or a list of problems out.

    locate                 which file, which data directory
    yaml_text, yaml_source bytes -> Document (values and where each stands), or problems
    yaml_syntax            what the parser stumbled over, in plain words
    environment_source     REMINDERS_WEB__PORT=... over the file
    schema                 Document -> models; the shapes are in person_block, habit_block, follow_up_block,
                           channel_block, digest_block and web_block
    durations, wall_times, amounts, channel_url, template, web_values, holiday_dates, language   what one value means
    translation, origins   pydantic's findings in our words, each with its line
    layers, habit_layers   one person's keys over the shared ones
    consistency            what is wrong between keys; habit_check for one habit, channel_check for the channels
    to_domain              models + catalogue -> Household
    advice                 warnings with arithmetic
    problems, reading      every problem of one run, sorted by line
    compiled               Household <-> JSON, and the cache that spares an unchanged file a second reading
    reference              config/reference.yaml and config/reminders.schema.json from the models

Reading runs in a child process (``python -m reminders.settings``). ``compiled``, ``locate``, ``problems`` and
``template`` alone are cheap to import.
"""
