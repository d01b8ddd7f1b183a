"""Draws any topology, policy and profile that a document can say, sensible or not."""

import string
from enum import Enum
from typing import TypeVar

from hypothesis import strategies as st

from wallet_server.core.config.documents import Document
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
from wallet_server.core.config.wallet_policy import (
    AdjustmentRules,
    ApprovalLevel,
    AutoApproval,
    BonusOnWithdrawal,
    CurrencyRate,
    DebtOnWithdrawal,
    DefaultLimit,
    DepositRules,
    LimitRules,
    LimitWindow,
    RecoveryScope,
    WalletPolicy,
    WithdrawalRules,
)
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms
from wallet_server.core.rounds.win_kind import WinKind

T = TypeVar("T")
E = TypeVar("E", bound=Enum)


UPPER, LOWER, DIGITS = string.ascii_uppercase, string.ascii_lowercase, string.digits
GRAPHIC = UPPER + LOWER + DIGITS + string.punctuation


def code(first: str, others: str, others_min: int, others_max: int) -> st.SearchStrategy[str]:
    """Draws codes of a first character and others, as many as there may be."""
    text = st.text(others, min_size=others_min, max_size=others_max)
    return st.builds(str.__add__, st.sampled_from(first), text)


def some(values: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(values, max_size=3).map(tuple)


def any_of(values: type[E]) -> st.SearchStrategy[E]:
    return st.sampled_from(list(values))


BUCKET = code(UPPER + LOWER, UPPER + LOWER + DIGITS + "_", 0, 31)
ASSET = code(UPPER, UPPER + DIGITS, 2, 11)
PROVIDER_TYPE = code(UPPER, UPPER + DIGITS + "_", 0, 31)
AMOUNT = st.integers(-(2**63), 2**63 - 1)
FLAG = st.booleans()
SECONDS = st.integers(0, 316_224_000)
POSITIVE_SECONDS = st.integers(1, 316_224_000)
DISPLAY_NAME = st.text(max_size=8).filter(str.isprintable)

BUCKETS = st.builds(
    BucketType,
    code=BUCKET,
    wallet_group=BUCKET,
    bucket_class=any_of(BucketClass),
    asset_code=st.none() | ASSET,
    depositable=FLAG,
    withdrawable=any_of(Withdrawable),
    promo_creditable=FLAG,
    adjustable=FLAG,
    status=any_of(BucketStatus),
    lock_mode=any_of(LockMode),
    display_name=DISPLAY_NAME,
)
EDGES = st.builds(
    TransferEdge,
    source=BUCKET,
    target=BUCKET,
    enabled=FLAG,
    rate_numerator=AMOUNT,
    rate_denominator=AMOUNT,
    minimum=AMOUNT,
    multiple_of=AMOUNT,
    daily_cap=st.none() | AMOUNT,
    rolling_inheritance=any_of(RollingInheritance),
    opens_rolling_bp=AMOUNT,
)
TOPOLOGIES = st.builds(
    Topology,
    name=BUCKET,
    assets=some(st.builds(Asset, ASSET, st.integers(0, 9), any_of(AssetKind))),
    wallet_groups=some(st.builds(WalletGroup, BUCKET, DISPLAY_NAME)),
    buckets=some(BUCKETS),
    transfer_edges=some(EDGES),
    recovery_order=some(BUCKET),
    withdraw_order=some(BUCKET),
    retired_buckets=some(st.builds(RetiredBucket, BUCKET, BUCKET)),
)
ROLLING_TERMS = st.builds(
    RollingTerms,
    multiplier_bp=st.integers(1, 10_000_000),
    release_target=st.just("") | BUCKET,
    conversion_cap=st.none() | AMOUNT,
    release_mode=any_of(ReleaseMode),
    group_wide=FLAG,
    provider_types=some(PROVIDER_TYPE),
    expires_after_seconds=st.none() | POSITIVE_SECONDS,
)
METHOD = code(UPPER + LOWER + DIGITS, UPPER + LOWER + DIGITS + "_.-", 0, 63)
ROLE = code(UPPER + LOWER, UPPER + LOWER + DIGITS + "_-", 0, 63)
DEPOSIT_RULES = st.builds(
    DepositRules,
    methods_approved_at_once=some(METHOD),
    expires_after_seconds=st.none() | POSITIVE_SECONDS,
    recycles_payouts=FLAG,
)
AUTO_APPROVALS = st.builds(
    AutoApproval,
    request_max=AMOUNT,
    window_max=AMOUNT,
    window_seconds=st.integers(1, 31 * 86_400),
    review_seconds=SECONDS,
)
WITHDRAWAL_RULES = st.builds(
    WithdrawalRules,
    minimum=AMOUNT,
    maximum=st.none() | AMOUNT,
    pending_max=st.integers(1, 16),
    bonus=any_of(BonusOnWithdrawal),
    debt=any_of(DebtOnWithdrawal),
    approval_levels=some(st.builds(ApprovalLevel, AMOUNT, st.integers(1, 8), some(ROLE))),
    auto_approval=st.none() | AUTO_APPROVALS,
    reversible=FLAG,
)
LIMIT_RULES = st.builds(
    LimitRules,
    window=any_of(LimitWindow),
    time_zone=code(UPPER + LOWER, UPPER + LOWER + DIGITS + "_+/-", 0, 63),
    increase_delay_seconds=st.integers(86_400, 316_224_000),
    confirm_within_seconds=POSITIVE_SECONDS,
    reconfirm=FLAG,
    defaults=some(st.builds(DefaultLimit, any_of(LimitKind), any_of(LimitPeriod), ASSET, AMOUNT)),
    rates=some(st.builds(CurrencyRate, ASSET, AMOUNT, AMOUNT)),
)
WALLET_POLICIES = st.builds(
    WalletPolicy,
    recovery_scope=any_of(RecoveryScope),
    deposits_repay_debt=FLAG,
    bet_blocked_deposits=FLAG,
    jurisdiction=st.sampled_from(["", "UK", "MT"]),
    coupon_grace_seconds=SECONDS,
    deposit_rolling=st.none() | ROLLING_TERMS,
    debt_blocks_bets=FLAG,
    deposits=DEPOSIT_RULES,
    withdrawals=WITHDRAWAL_RULES,
    adjustments=st.builds(AdjustmentRules, st.none() | AMOUNT),
    limits=LIMIT_RULES,
)
FUNDING_MODES = st.one_of(
    st.builds(AutoOrder, some(BUCKET)),
    st.builds(PlayerSelected, some(st.builds(SelectableSource, BUCKET, some(BUCKET)))),
    st.builds(Proportional, some(st.builds(WeightedSource, BUCKET, AMOUNT))),
)
DESTINATIONS = st.builds(
    Destinations,
    stake_target=st.none() | BUCKET,
    profit_target=BUCKET,
    profit_cap=st.none() | AMOUNT,
)
ROLLING_RULES = st.builds(
    RollingRules,
    weight_bp=st.integers(0, 1_000_000),
    odds_milli_min=st.none() | st.integers(1_000, 1_000_000_000),
    excluded_game_ids=some(st.text(GRAPHIC, min_size=1, max_size=64)),
    counts_cash_outs=FLAG,
    parallel=FLAG,
)
WIN_DESTINATIONS = st.builds(
    WinDestination,
    kind=any_of(WinKind),
    target=BUCKET,
    rolling=st.none() | ROLLING_TERMS,
)
POLICIES = st.builds(
    Policy,
    provider_type=PROVIDER_TYPE,
    funding_mode=FUNDING_MODES,
    destinations=some(st.builds(SourceDestinations, BUCKET, DESTINATIONS)),
    max_stake_with_bonus=st.none() | AMOUNT,
    breach_action=any_of(BreachAction),
    coupons=st.builds(CouponRules, st.integers(0, 8)),
    rolling=ROLLING_RULES,
    win_destinations=some(WIN_DESTINATIONS),
    product=st.sampled_from(["", "CASINO"]),
)
PROFILES = st.builds(
    ProviderProfile,
    provider_id=code(LOWER + DIGITS, LOWER + DIGITS + "-", 0, 63),
    provider_type=PROVIDER_TYPE,
    payout_basis=any_of(PayoutBasis),
    rollback_after_settle=FLAG,
    correction_shortfall=any_of(CorrectionShortfall),
    declined_retry=any_of(DeclinedRetry),
    win_window_seconds=SECONDS,
    implicit_close_seconds=st.none() | POSITIVE_SECONDS,
    reopens_rounds=FLAG,
    free_round_summary_moves_money=FLAG,
)
DOCUMENTS: st.SearchStrategy[Document] = TOPOLOGIES | WALLET_POLICIES | POLICIES | PROFILES
