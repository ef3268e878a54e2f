"""HEAR back: links that stand for a nudge, and the topic that answers come in by."""
