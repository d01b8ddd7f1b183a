"""What the lines of the log say of the call that they are about, wherever they are written.

Each call is a task, and so has a context of its own: what is set here ends with it.
"""

from collections.abc import Iterator
from contextvars import ContextVar

CORRELATION_ID: ContextVar[str] = ContextVar("correlation_id", default="")
"""The caller's name for the flow of work that the call is part of."""

TRACE_ID: ContextVar[str] = ContextVar("trace_id", default="")
"""The trace that the call is part of, in hexadecimal; empty unless it is followed."""

FACTS = (CORRELATION_ID, TRACE_ID)


def facts() -> Iterator[tuple[str, str]]:
    """Yields what there is to say, by its name."""
    for fact in FACTS:
        if value := fact.get():
            yield fact.name, value
