"""Send: take queued deliveries from the journal, call the channel, record honestly how it ended.

dispatcher   reads the journal, hands deliveries to lanes, closes nudges that no channel took
lane         one channel's queue and the one task that works through it
pages        the open deliveries, a page at a time
look         when it looks at everything again
routing      pure: which fallback, which delivery is surplus, when a nudge is missed
breaker      when a channel that keeps failing is left alone
message      what the channel is asked to show
commits      results on their way into the journal, and those that it could not take yet
outcome_log  what the log says of an attempt
sender       one call to a channel, with a deadline
"""
