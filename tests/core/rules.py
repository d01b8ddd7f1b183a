"""The topology of the worked examples, and short ways to say what a tenant has configured.

SN and CN are the normal buckets of sports and casino, SB and CB their bonuses, PT is
points and WD withdrawable.
"""

from collections.abc import Iterable

from wallet_server.core.config.configuration import Configuration, Versioned
from wallet_server.core.config.policy import (
    AutoOrder,
    Destinations,
    FundingMode,
    PlayerSelected,
    Policy,
    Proportional,
    SelectableSource,
    SourceDestinations,
    WeightedSource,
)
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import (
    Asset,
    AssetKind,
    BucketClass,
    BucketType,
    Topology,
    WalletGroup,
)
from wallet_server.core.config.wallet_policy import WalletPolicy

MONEY_BUCKETS = ("SN", "CN", "SB", "CB", "WD")

TOPOLOGY = Topology(
    name="t1",
    assets=(
        Asset("EUR", 2, AssetKind.CURRENCY),
        Asset("USD", 2, AssetKind.CURRENCY),
        Asset("PTS", 0, AssetKind.POINTS),
    ),
    wallet_groups=tuple(WalletGroup(code) for code in ("sports", "casino", "loyalty", "cashier")),
    buckets=(
        BucketType("SN", "sports", BucketClass.CASH, depositable=True, adjustable=True),
        BucketType("CN", "casino", BucketClass.CASH, depositable=True, adjustable=True),
        BucketType("SB", "sports", BucketClass.RESTRICTED, adjustable=True),
        BucketType("CB", "casino", BucketClass.RESTRICTED),
        BucketType("PT", "loyalty", BucketClass.POINTS, asset_code="PTS", adjustable=True),
        BucketType("WD", "cashier", BucketClass.WITHDRAWABLE, adjustable=True),
    ),
    recovery_order=("SN", "CN", "WD"),
)


def auto(*order: str) -> AutoOrder:
    """Returns the mode that empties one source after the other."""
    return AutoOrder(order)


def choice(**choices: Iterable[str]) -> PlayerSelected:
    """Returns the mode in which the player chooses."""
    return PlayerSelected(tuple(SelectableSource(name, tuple(c)) for name, c in choices.items()))


def ratio(**weights: int) -> Proportional:
    """Returns the mode in which all pay together; by their balances if all weigh nothing."""
    return Proportional(tuple(WeightedSource(source, weight) for source, weight in weights.items()))


def destinations(
    source: str, stake: str | None, profit: str, cap: int | None = None
) -> SourceDestinations:
    """Returns where a source's part of a payout goes."""
    return SourceDestinations(source, Destinations(stake, profit, cap))


def policy(
    provider_type: str,
    mode: FundingMode,
    *plans: SourceDestinations,
    buckets: Iterable[str] = MONEY_BUCKETS,
) -> Policy:
    """Returns a policy under which everything returns to its source, but for the plans."""
    planned = {each.source for each in plans}
    same = (destinations(code, code, code) for code in buckets if code not in planned)
    return Policy(provider_type, mode, (*plans, *same))


SPORTS = policy("SPORTS", auto("SB", "SN", "WD"))
SLOTS = policy("SLOTS", auto("CN", "CB"))
LIVE = policy("LIVE", choice(CASINO_NORMAL=["CN"], CASINO_BONUS=["CB"]))

PROFILES = (
    ProviderProfile("sports", "SPORTS", rollback_after_settle=True),
    ProviderProfile("slots", "SLOTS", rollback_after_settle=True),
    ProviderProfile("live", "LIVE", rollback_after_settle=True),
)


def configuration(
    *changes: Policy | ProviderProfile | WalletPolicy | Topology,
    tenant_id: str = "demo",
    version: int = 1,
) -> Configuration:
    """Returns the configuration of the worked examples with some parts replaced or added."""
    topology, wallet_policy = TOPOLOGY, WalletPolicy()
    policies = {each.provider_type: each for each in (SPORTS, SLOTS, LIVE)}
    profiles = {each.provider_id: each for each in PROFILES}
    for change in changes:
        match change:
            case Topology():
                topology = change
            case WalletPolicy():
                wallet_policy = change
            case Policy():
                policies[change.provider_type] = change
            case ProviderProfile():
                profiles[change.provider_id] = change
    return Configuration(
        tenant_id=tenant_id,
        epoch=version,
        topology=Versioned(version, topology),
        wallet_policy=Versioned(version, wallet_policy),
        policies={name: Versioned(version, each) for name, each in policies.items()},
        profiles={name: Versioned(version, each) for name, each in profiles.items()},
    )
