"""Spans of time as scenarios write them."""

import re
from datetime import timedelta

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
DURATION = re.compile(r"([1-9][0-9]{0,5})([smhd])")


def parse_duration(text: str) -> timedelta | None:
    """Returns the span that text such as `72h` stands for; nothing if it is none."""
    match = DURATION.fullmatch(text)
    return timedelta(**{UNITS[match[2]]: int(match[1])}) if match else None
