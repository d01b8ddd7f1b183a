"""A bet, an entry and a topology with something in every field."""

from datetime import UTC, datetime

from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange, PostedEntry
from wallet_server.core.bets.bet import Bet, BetState, FundingLine, Portion, Snapshot
from wallet_server.core.config.policy import (
    Destinations,
    RecoveryScope,
)
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    PayoutBasis,
)
from wallet_server.core.config.topology import (
    Asset,
    AssetKind,
    BucketClass,
    BucketType,
    RetiredBucket,
    Topology,
    TransferEdge,
    WalletGroup,
)
from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.refusals import InsufficientFunds

TIME = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
REF = WalletRef("demo", "p1", "EUR")
DESTINATIONS = Destinations("cash", "cash", profit_cap=500)
SNAPSHOT = Snapshot(
    topology_version=1,
    wallet_policy_version=2,
    policy_version=3,
    profile_version=4,
    provider_type="SPORTS",
    payout_basis=PayoutBasis.NET_OF_FREEBET,
    rollback_after_settle=True,
    correction_shortfall=CorrectionShortfall.REJECT,
    recovery_scope=RecoveryScope.GROUP,
    recovery_order=("cash", "spare"),
)
BET = Bet(
    key=BetKey("acme", "b1"),
    state=BetState.SETTLED,
    sequence=7,
    create_time=TIME,
    revision=2,
    round_ref="t1",
    selected_source="CASH",
    stake=100,
    lines=(FundingLine("bonus", 20, DESTINATIONS), FundingLine("cash", 80, DESTINATIONS)),
    snapshot=SNAPSHOT,
    portions=(Portion("half", (20, 80), result_version=3, payout=210, refund=10),),
    substitutions=(Move(Account("bkt:cash"), Account("bkt:bonus"), 5),),
    refusal=InsufficientFunds(required=2, available=1),
)
ENTRY = PostedEntry(
    sequence=7,
    ordinal=1,
    asset_code="EUR",
    changes=(
        AccountChange(Account("bkt:cash"), -80, 0),
        AccountChange(Account("H:GAME:SPORTS"), 80, None),
    ),
    entry_time=TIME,
    request_id="r1",
    command="AuthorizeBet",
    provider_id="acme",
    bet_ref="b1",
    correlation_id="c1",
)
TOPOLOGY = Topology(
    name="test",
    assets=(Asset("EUR", 2, AssetKind.CURRENCY), Asset("PTS", 1, AssetKind.POINTS)),
    wallet_groups=(WalletGroup("sports", "Sports"),),
    buckets=(
        BucketType(
            "points", "sports", BucketClass.POINTS, "PTS", depositable=True, promo_creditable=True, adjustable=True, display_name="Points"
        ),
        BucketType("cash", "sports", BucketClass.CASH),
    ),
    transfer_edges=(TransferEdge("points", "cash", rate_denominator=10, minimum=100, multiple_of=100, daily_cap=1000, opens_rolling_bp=100),),
    recovery_order=("cash",),
    withdraw_order=("cash",),
    retired_buckets=(RetiredBucket("gone", "cash"),),
)  # fmt: skip
