"""Bets whose plan is to be changed."""

from tests.core.draining.draining_world import DrainingWorld
from tests.core.rules import SPORTS
from wallet_server.core.cashier.adjustment import (
    Adjustment,
    adjustment_key,
)


def placed(holds: str = "SB 20, SN 80", stake: int = 100) -> DrainingWorld:
    world = DrainingWorld(holds, policies=(SPORTS,))
    world.authorize(stake)
    return world


def plan_of(world: DrainingWorld, adjustment_id: str = "a1") -> Adjustment:
    found = world.wallet.items[adjustment_key(adjustment_id)]
    assert isinstance(found, Adjustment)
    return found
