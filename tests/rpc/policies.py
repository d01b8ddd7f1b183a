"""Versions of policies and a profile with something in every field."""

from typing import TypeVar

from tests.rpc.values import DESTINATIONS, ROLLING, TIME
from wallet_server.core.config.configuration import StoredVersion, VersionState
from wallet_server.core.config.policy import (
    FundingMode,
    Policy,
    SourceDestinations,
    WinDestination,
)
from wallet_server.core.config.provider_profile import ProviderProfile
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
    WalletPolicy,
    WithdrawalRules,
)
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms
from wallet_server.core.rounds.win_kind import WinKind

T = TypeVar("T")

TERMS = RollingTerms(
    multiplier_bp=50_000,
    release_target="cash",
    conversion_cap=900,
    release_mode=ReleaseMode.AUTOMATIC,
    group_wide=True,
    provider_types=("SPORTS",),
    expires_after_seconds=86_400,
)


def stored(value: T) -> StoredVersion[T]:
    return StoredVersion(
        tenant_id="demo",
        version=3,
        state=VersionState.SUPERSEDED,
        value=value,
        create_time=TIME,
        revision=6,
        source="kind: of its own\n",
        author="ada",
        approver="ben",
        comment="as agreed",
        update_time=TIME,
        effective_time=TIME,
        activate_time=TIME,
    )


def policy(mode: FundingMode) -> Policy:
    destinations = (SourceDestinations("cash", DESTINATIONS),)
    return Policy(
        "SPORTS",
        mode,
        destinations,
        max_stake_with_bonus=500,
        rolling=ROLLING,
        win_destinations=(WinDestination(WinKind.JACKPOT, "cash", TERMS),),
        product="BETTING",
    )


WALLET_POLICY = WalletPolicy(
    deposits_repay_debt=True,
    jurisdiction="UK",
    coupon_grace_seconds=60,
    deposit_rolling=TERMS,
    debt_blocks_bets=True,
    deposits=DepositRules(("cash",), expires_after_seconds=60, recycles_payouts=True),
    withdrawals=WithdrawalRules(
        minimum=10,
        maximum=900,
        pending_max=2,
        bonus=BonusOnWithdrawal.FORFEIT_BONUS,
        debt=DebtOnWithdrawal.REFUSE,
        approval_levels=(ApprovalLevel(500, 2, ("owner",)),),
        auto_approval=AutoApproval(60, 100, 3_600, 1_800),
    ),
    adjustments=AdjustmentRules(four_eyes_from=1_000),
    limits=LimitRules(
        window=LimitWindow.CALENDAR,
        time_zone="Europe/Malta",
        increase_delay_seconds=172_800,
        confirm_within_seconds=86_400,
        defaults=(DefaultLimit(LimitKind.STAKE, LimitPeriod.BET, "EUR", 500),),
        rates=(CurrencyRate("USD", 9, 10),),
    ),
)
PROFILE = ProviderProfile(
    "acme",
    "SPORTS",
    rollback_after_settle=True,
    win_window_seconds=60,
    implicit_close_seconds=30,
    reopens_rounds=True,
    free_round_summary_moves_money=True,
)
