"""Puts together what tells of events as they come, and the process that reads them for it.

Begin at `opening.py`. `reading_process.py` asks, `event_process.py` is the program that answers,
and `messages.py` is what the two say to each other.
"""
