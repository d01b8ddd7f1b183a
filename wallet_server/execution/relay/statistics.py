"""What a process tells of the events it relays."""

from dataclasses import dataclass

from wallet_server.execution.work_statistics import WorkStatistics


@dataclass(slots=True)
class RelayStatistics(WorkStatistics):
    """How many events it has relayed, and what waits, if it has the lease.

    `connected` is 1 while it can reach NATS. `waiting_events` and `oldest_seconds` are as of a
    moment ago: how many events wait, and since when the oldest has had its position.
    `halted_tenants` are those whose events cannot be relayed. Those who have not got the lease tell
    of none.
    """

    COUNTS = ("events",)

    events: int = 0
    active: int = 0
    connected: int = 0
    waiting_events: int = 0
    oldest_seconds: float = 0.0
    halted_tenants: int = 0
