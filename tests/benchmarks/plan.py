"""How much is measured, and for how long."""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. What is no record is not written into docs/performance.md.

    On a machine that is slow, or busy with other things, there are fewer rounds, but one
    at least, so that all but the large ledger takes about `seconds_total`.
    """

    wallet_count: int = 20_000
    seconds_total: float = 540.0
    rounds: int = 5
    seconds: float = 1.5
    open_seconds: float = 3.0
    trial_seconds: float = 0.8
    lanes_tried: tuple[int, ...] = (1, 4, 8, 16, 32)
    workers_tried: tuple[int, ...] = (2, 3, 4)
    clients_tried: tuple[int, ...] = (8, 16, 32, 64)
    pgbench_scale: int = 64
    match_bets: int = 20_000
    readers: int = 10_000
    large_entries: int = 0
    is_record: bool = True


DEFAULT = Plan()

QUICK = Plan(
    wallet_count=2_000,
    seconds_total=80.0,
    rounds=1,
    seconds=0.7,
    open_seconds=1.5,
    trial_seconds=0.3,
    lanes_tried=(4, 16),
    workers_tried=(2, 3),
    clients_tried=(16,),
    pgbench_scale=16,
    match_bets=2_000,
    readers=1_000,
    is_record=False,
)

LARGE_ENTRIES = 2_000_000


def choose_plan(environment: Mapping[str, str] = os.environ) -> tuple[str, Plan]:
    """Returns the plan that the environment asks for, and its name."""
    if environment.get("QUICK"):
        return "QUICK", QUICK
    if environment.get("FULL"):
        return "FULL", Plan(large_entries=LARGE_ENTRIES)
    return "DEFAULT", DEFAULT
