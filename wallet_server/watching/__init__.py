"""Puts together what tells of events as they come, and the process that reads them for it.

Begin at `opening.py`. `reading_process.py` asks; `running_process.py` is its end of the process
that answers, whose program is `event_process.py`; `messages.py` is what they say to each other.
"""
