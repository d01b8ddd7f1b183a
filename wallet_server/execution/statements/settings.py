"""How often statements are kept, and how much at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatementSettings:
    """How often a process looks for what statements lack, and how much it takes on at once.

    It looks every `statements_interval_seconds`, and counts at most `statements_events_max` events
    at a time, or `statements_wallets_max` wallets where it makes statements from the ledger. While
    it fails the pause doubles, up to `statements_pause_seconds_max`. A process that has the lease
    and falls silent keeps others away for `statements_lease_seconds`. Statements of tenants that
    have none yet are made with days of `statements_time_zone`.
    """

    statements_interval_seconds: float = 1.0
    statements_events_max: int = 5_000
    statements_wallets_max: int = 1_000
    statements_pause_seconds_max: float = 60.0
    statements_lease_seconds: float = 30.0
    statements_time_zone: str = "UTC"
