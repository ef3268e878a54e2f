"""HEAR back: links that stand for a nudge, and the topic that answers come in by.

links        the tokens in messages, and the hash that is kept of each
topic        where to listen, and what is heard there
ntfy_topic   follows a topic: what is asked for, how long is waited, who is told
line_stream  one long answer over HTTP, line by line; connection and trust are how its server is reached
press        what a message says, and at which moment it counts
"""
