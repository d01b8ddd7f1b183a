"""The caller of the method that is running, for whatever runs in its task."""

from contextvars import ContextVar

from wallet_server.core.access.principal import Principal

NOT_KNOWN = Principal(subject="", roles=(), tenants=frozenset(), permissions=frozenset())
"""Outside of any call. It may do nothing."""

CALLER: ContextVar[Principal] = ContextVar("caller", default=NOT_KNOWN)
"""Set by the guard. Each call is a task, and so has a context of its own."""


def caller() -> Principal:
    """Returns who makes the call that is running."""
    return CALLER.get()
