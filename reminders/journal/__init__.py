"""REMEMBER: the append-only truth of what happened, in one SQLite file. The only package that imports sqlite3.

    sqlite_journal    the whole journal behind one class; every public method is one committed transaction
    turn_log          decisions become occurrences, nudges and queued deliveries
    delivery_log      attempts: begin, finish, abandon, fallback, repeat
    expiry_log        what the end of its time makes of an occurrence
    answer_log        Done, Skip, Snooze, undo
    pause_log         ad-hoc mutes
    run_log           when the daemon began and ceased to run
    set_back_log      a wall clock that was set back: what is on record, in the terms of the new one
    set_forward_log   a wall clock that was set right by hours: the time that nobody lived
    event_log         the events that all of these write in the same transaction
    planning_facts    what planning reads
    read_models       what history, stats, why and status show
    invariant         the rules that hold after every transaction, checked against a replay of the events
    forgetting        what is too old, or is to be gone, leaves the record whole
    recovery          what took a damaged journal's place, and the close of what it cannot know
    soundness         whether a large file must be read through at a start
    journal_file      finding, creating, checking and mending the file; backups, migrations, connection below it

What an answer or an expiry does to an occurrence is decided in ``planning.answering``; here it is only remembered.
"""
