"""Values with something in every field."""

from datetime import UTC, datetime, timedelta

from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange, PostedEntry
from wallet_server.core.bets.bet import (
    Bet,
    BetState,
    CouponLine,
    FundingLine,
    Portion,
    ResultOrdering,
    Snapshot,
)
from wallet_server.core.bets.context import BetContext
from wallet_server.core.config.policy import Destinations, RollingRules
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
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.core.coupons.grant import (
    CouponGrant,
    CouponRestrictions,
    CouponState,
    CouponTerms,
    UseMode,
    VoidBehavior,
)
from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.refusals import InsufficientFunds
from wallet_server.core.rolling.requirement import (
    Contribution,
    ReleaseMode,
    Requirement,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)
from wallet_server.core.rounds.round import Round, RoundState
from wallet_server.core.rounds.win import Win, WinShare, WinState
from wallet_server.core.rounds.win_kind import WinKind

TIME = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
REF = WalletRef("demo", "p1", "EUR")
DESTINATIONS = Destinations("cash", "cash", profit_cap=500)
ROLLING = RollingRules(
    weight_bp=5_000,
    odds_milli_min=1_500,
    excluded_game_ids=("loop",),
    counts_cash_outs=True,
    parallel=True,
)
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
    rolling=ROLLING,
    coupon_grace_seconds=60,
)
KEPT = CouponLine(VoidBehavior.CONSUME, cash_out_allowed=True, remainder=3)
BET = Bet(
    key=BetKey("acme", "b1"),
    state=BetState.SETTLED,
    sequence=7,
    create_time=TIME,
    revision=2,
    round_ref="t1",
    selected_source="CASH",
    stake=100,
    lines=(
        FundingLine("cpn:g1", 20, DESTINATIONS, KEPT),
        FundingLine("cash", 80, DESTINATIONS),
    ),
    snapshot=SNAPSHOT,
    portions=(Portion("half", (20, 80), result_version=3, payout=210, refund=10),),
    substitutions=(Move(Account("bkt:cash"), Account("bkt:bonus"), 5),),
    refusal=InsufficientFunds(required=2, available=1),
    coupon_grant_id="g1",
    free_round=True,
    context=BetContext("roulette", "soccer", "cup", "single", legs=2, odds_milli=1_500),
    contributions=(Contribution(1, "PROMOTION:p1", 80),),
    unsettled_versions={"gone": 4},
    replanned={"bonus": "cash"},
    orderings={"half": ResultOrdering.UNVERIFIED},
)
GRANT = CouponGrant(
    grant_id="g1",
    state=CouponState.ACTIVE,
    amount=50,
    valid_from=TIME,
    valid_until=TIME + timedelta(days=1),
    terms=CouponTerms(
        profit_target="cash",
        stake_target="bonus",
        profit_cap=500,
        use_mode=UseMode.REQUIRE_FULL,
        void_behavior=VoidBehavior.CONSUME,
        cash_out_allowed=True,
        uses_max=2,
        restrictions=CouponRestrictions(
            ("SPORTS",),
            ("acme",),
            ("roulette",),
            ("soccer",),
            ("cup",),
            ("single",),
            1,
            2,
            1_001,
            1_002,
            3,
            4,
        ),
    ),
    topology_version=1,
    sequence=5,
    create_time=TIME,
    uses=1,
    revision=2,
)
REQUIREMENT = Requirement(
    requirement_id="PROMOTION:p1",
    state=RequirementState.ACTIVE,
    bucket="cash",
    wallet_group="sports",
    asset_code="EUR",
    required=100,
    terms=RollingTerms(
        10_000,
        "cash",
        90,
        ReleaseMode.AUTOMATIC,
        group_wide=True,
        provider_types=("SPORTS",),
        expires_after_seconds=60,
    ),
    origin=RequirementOrigin.PROMOTION,
    origin_id="p1",
    topology_version=1,
    wallet_policy_version=2,
    sequence=6,
    opened_sequence=4,
    create_time=TIME,
    expire_time=TIME + timedelta(minutes=1),
    progress=30,
    released=7,
    parent_id="DEPOSIT:d1",
    tail=True,
    revision=3,
    amount=50,
    forfeited=5,
)
ROUND = Round(
    "acme",
    "t1",
    RoundState.CLOSED,
    7,
    TIME,
    ("b1",),
    ("w1", "w2"),
    60,
    TIME + timedelta(hours=1),
    TIME,
    4,
)
WIN = Win(
    key=BetKey("acme", "w1"),
    state=WinState.SUSPENDED,
    kind=WinKind.JACKPOT,
    amount=45,
    sequence=8,
    create_time=TIME,
    round_ref="t1",
    bet_ref="b1",
    pool="mega",
    late=True,
    shares=(WinShare("b1", 1, 45, 20, 25),),
    substitutions=(Move(Account("bkt:cash"), Account("DEBT:EUR"), 5),),
    revision=2,
    summary=True,
    requirement_id="WIN:w1",
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
