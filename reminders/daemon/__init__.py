"""Keep running: the alarm clock, the heartbeat, the lock, child processes, and the turn they serve.

``alarm`` wakes, ``heartbeat`` says what the clocks did meanwhile, ``turn`` decides, ``service`` holds them together.
"""
