"""How a batch is split that does not go through as a whole."""

from collections.abc import Sequence

from wallet_server.core.task import Task
from wallet_server.storage.troubles import FencedError, is_blocked


def parts_of(tasks: Sequence[Task], error: Exception) -> list[list[int]]:
    """Returns the places of the tasks of each part; one part where splitting is of no use.

    Tasks of tenants that must wait come last, together. Else it is halves, so that one bad command
    is found by and by.
    """
    if isinstance(error, FencedError):
        must_wait = [task.wallet.tenant_id in error.tenant_ids for task in tasks]
        ready = [place for place, waits in enumerate(must_wait) if not waits]
        waiting = [place for place, waits in enumerate(must_wait) if waits]
        parts = [ready, waiting]
    else:
        half = len(tasks) // 2
        parts = [list(range(half)), list(range(half, len(tasks)))]
    return [part for part in parts if part]


def splits_at_once(error: Exception) -> bool:
    """Tells whether a batch is split without being tried again as a whole."""
    return is_blocked(error) or isinstance(error, FencedError)
