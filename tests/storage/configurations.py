"""Small configurations, to be applied and read back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wallet_server.core.config.documents import Document
from wallet_server.core.config.policy import (
    AutoOrder,
    Destinations,
    Policy,
    SourceDestinations,
)
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import (
    Asset,
    AssetKind,
    BucketClass,
    BucketType,
    Topology,
    WalletGroup,
    Withdrawable,
)
from wallet_server.core.config.wallet_policy import WalletPolicy

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

CASH = BucketType(
    code="cash",
    wallet_group="play",
    bucket_class=BucketClass.CASH,
    depositable=True,
    withdrawable=Withdrawable.ALWAYS,
    adjustable=True,
)
BONUS = BucketType(
    code="bonus",
    wallet_group="play",
    bucket_class=BucketClass.RESTRICTED,
    promo_creditable=True,
)
TOPOLOGY = Topology(
    name="small",
    assets=(Asset("EUR", 2, AssetKind.CURRENCY),),
    wallet_groups=(WalletGroup("play"),),
    buckets=(CASH, BONUS),
    recovery_order=("cash",),
    withdraw_order=("cash",),
)
WALLET_POLICY = WalletPolicy()


def policy(provider_type: str, *, max_stake_with_bonus: int | None = None) -> Policy:
    """Returns a policy that spends cash."""
    back = Destinations(stake_target="cash", profit_target="cash")
    return Policy(
        provider_type=provider_type,
        funding_mode=AutoOrder(("cash",)),
        destinations=(SourceDestinations("cash", back),),
        max_stake_with_bonus=max_stake_with_bonus,
    )


SPORTS = policy("SPORTS")
ACME = ProviderProfile("acme-sports", "SPORTS")
ALL: tuple[Document, ...] = (TOPOLOGY, WALLET_POLICY, SPORTS, ACME)

WIDER = replace(TOPOLOGY, name="wider", buckets=(CASH, BONUS, replace(CASH, code="more")))
WITHOUT_BONUS = replace(TOPOLOGY, buckets=(CASH,))
