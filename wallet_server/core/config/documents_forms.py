"""What the documents of each kind look like, field by field.

The fields are those of the proto messages of the same names. How many there may
be is bounded, so that a document cannot be larger than the engine is built for.
"""

from collections.abc import Mapping
from typing import Any

from wallet_server.core.config.documents_basics import (
    AMOUNT,
    ASSET_CODE,
    ASSETS_MAX,
    BUCKET_CODE,
    BUCKET_CODES,
    BUCKETS_MAX,
    CHOICE_NAME,
    CHOICES_MAX,
    COUPONS_PER_BET_MAX,
    DISPLAY_NAME,
    EXPONENT_MAX,
    GAME_ID,
    GAME_IDS_MAX,
    GROUP_CODE,
    ODDS_MILLI_MAX,
    ODDS_MILLI_MIN,
    POSITIVE_SECONDS,
    PRODUCT,
    PROVIDER_ID,
    PROVIDER_TYPE,
    RETIRED_BUCKETS_MAX,
    ROLLING_TERMS,
    SECONDS,
    TOPOLOGY_NAME,
    TRANSFER_EDGES_MAX,
    WALLET_GROUPS_MAX,
    WEIGHT_BP_MAX,
)
from wallet_server.core.config.documents_records import OneOf, Record
from wallet_server.core.config.documents_values import (
    Choice,
    CodeOrEmpty,
    Flag,
    ListOf,
    Whole,
)
from wallet_server.core.config.documents_wallet_policy import WALLET_POLICY
from wallet_server.core.config.policy import (
    AutoOrder,
    BreachAction,
    CouponRules,
    Destinations,
    PlayerSelected,
    Policy,
    Proportional,
    RollingRules,
    SelectableSource,
    SourceDestinations,
    WeightedSource,
    WinDestination,
)
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    DeclinedRetry,
    PayoutBasis,
    ProviderProfile,
)
from wallet_server.core.config.topology import (
    Asset,
    AssetKind,
    BucketClass,
    BucketStatus,
    BucketType,
    LockMode,
    RetiredBucket,
    RollingInheritance,
    Topology,
    TransferEdge,
    WalletGroup,
    Withdrawable,
)
from wallet_server.core.rounds.win_kind import WinKind

ASSET = Record(Asset, code=ASSET_CODE, exponent=Whole(0, EXPONENT_MAX), kind=Choice(AssetKind))

WALLET_GROUP = Record(WalletGroup, code=GROUP_CODE, display_name=DISPLAY_NAME)

BUCKET_TYPE = Record(
    BucketType,
    code=BUCKET_CODE,
    wallet_group=GROUP_CODE,
    bucket_class=Choice(BucketClass),
    asset_code=ASSET_CODE,
    depositable=Flag(),
    withdrawable=Choice(Withdrawable),
    promo_creditable=Flag(),
    adjustable=Flag(),
    status=Choice(BucketStatus),
    lock_mode=Choice(LockMode),
    display_name=DISPLAY_NAME,
)

TRANSFER_EDGE = Record(
    TransferEdge,
    source=BUCKET_CODE,
    target=BUCKET_CODE,
    enabled=Flag(),
    rate_numerator=AMOUNT,
    rate_denominator=AMOUNT,
    minimum=AMOUNT,
    multiple_of=AMOUNT,
    daily_cap=AMOUNT,
    rolling_inheritance=Choice(RollingInheritance),
    opens_rolling_bp=AMOUNT,
)

TOPOLOGY = Record(
    Topology,
    name=TOPOLOGY_NAME,
    assets=ListOf(ASSET, ASSETS_MAX),
    wallet_groups=ListOf(WALLET_GROUP, WALLET_GROUPS_MAX),
    buckets=ListOf(BUCKET_TYPE, BUCKETS_MAX),
    transfer_edges=ListOf(TRANSFER_EDGE, TRANSFER_EDGES_MAX),
    recovery_order=BUCKET_CODES,
    withdraw_order=BUCKET_CODES,
    retired_buckets=ListOf(
        Record(RetiredBucket, code=BUCKET_CODE, successor=BUCKET_CODE), RETIRED_BUCKETS_MAX
    ),
)

FUNDING_MODE = OneOf(
    auto_order=Record(AutoOrder, order=BUCKET_CODES),
    player_selected=Record(
        PlayerSelected,
        choices=ListOf(
            Record(SelectableSource, name=CHOICE_NAME, sources=BUCKET_CODES), CHOICES_MAX
        ),
    ),
    proportional=Record(
        Proportional,
        sources=ListOf(Record(WeightedSource, source=BUCKET_CODE, weight=AMOUNT), BUCKETS_MAX),
    ),
)

DESTINATIONS = Record(
    Destinations,
    stake_target=CodeOrEmpty(BUCKET_CODE),
    profit_target=BUCKET_CODE,
    profit_cap=AMOUNT,
)

POLICY = Record(
    Policy,
    provider_type=PROVIDER_TYPE,
    funding_mode=FUNDING_MODE,
    destinations=ListOf(
        Record(SourceDestinations, source=BUCKET_CODE, destinations=DESTINATIONS), BUCKETS_MAX
    ),
    max_stake_with_bonus=AMOUNT,
    breach_action=Choice(BreachAction),
    coupons=Record(CouponRules, per_bet_max=Whole(0, COUPONS_PER_BET_MAX)),
    rolling=Record(
        RollingRules,
        weight_bp=Whole(0, WEIGHT_BP_MAX),
        odds_milli_min=Whole(ODDS_MILLI_MIN, ODDS_MILLI_MAX),
        excluded_game_ids=ListOf(GAME_ID, GAME_IDS_MAX),
        counts_cash_outs=Flag(),
        parallel=Flag(),
    ),
    win_destinations=ListOf(
        Record(WinDestination, kind=Choice(WinKind), target=BUCKET_CODE, rolling=ROLLING_TERMS),
        len(WinKind),
    ),
    product=PRODUCT,
)

PROVIDER_PROFILE = Record(
    ProviderProfile,
    provider_id=PROVIDER_ID,
    provider_type=PROVIDER_TYPE,
    payout_basis=Choice(PayoutBasis),
    rollback_after_settle=Flag(),
    correction_shortfall=Choice(CorrectionShortfall),
    declined_retry=Choice(DeclinedRetry),
    win_window_seconds=SECONDS,
    implicit_close_seconds=POSITIVE_SECONDS,
    reopens_rounds=Flag(),
    free_round_summary_moves_money=Flag(),
)

KINDS: Mapping[str, Record[Any]] = {
    "Topology": TOPOLOGY,
    "WalletPolicy": WALLET_POLICY,
    "Policy": POLICY,
    "ProviderProfile": PROVIDER_PROFILE,
}
"""The kinds of documents, by what they call themselves."""
