"""A job that moves what is in a bucket to another, wallet by wallet."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from wallet_server.core.value import value


class DrainState(StrEnum):
    """Where a drain is: it waits for a second person, is under way, or is over."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


@value
class Drain:
    """A drain, and how far it is.

    `wallets_count` are those that were drained so far, `totals` what was moved in each asset, in
    minor units, and `failed_count` those that refused, of whose the last said `trouble`.
    """

    tenant_id: str
    drain_id: str
    bucket: str
    successor: str
    state: DrainState
    revision: int
    author: str
    approver: str
    create_time: datetime
    update_time: datetime
    comment: str = ""
    wallets_count: int = 0
    failed_count: int = 0
    totals: Mapping[str, int] = field(default_factory=dict[str, int])
    trouble: str = ""
