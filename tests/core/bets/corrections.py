"""Bets that have won, for tests that take back more than is there."""

from dataclasses import replace

from tests.core.rules import TOPOLOGY
from tests.core.world import World
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import CorrectionShortfall, ProviderProfile
from wallet_server.core.config.topology import RetiredBucket, Topology
from wallet_server.core.config.wallet_policy import WalletPolicy

REJECT = ProviderProfile(
    "sports", "SPORTS", rollback_after_settle=True, correction_shortfall=CorrectionShortfall.REJECT
)


def won(
    *changes: Policy | ProviderProfile | WalletPolicy | Topology, holds: str = "SB 20, SN 80"
) -> World:
    """Returns a wallet whose bet of 100 has won 240: SB 48, SN 192."""
    world = World(holds, *changes)
    world.authorize(100)
    world.settle(240)
    return world


def without(code: str, successor: str) -> Topology:
    """Returns the topology with a bucket retired."""
    return replace(
        TOPOLOGY,
        buckets=tuple(each for each in TOPOLOGY.buckets if each.code != code),
        retired_buckets=(RetiredBucket(code, successor),),
        recovery_order=tuple(each for each in TOPOLOGY.recovery_order if each != code),
    )
