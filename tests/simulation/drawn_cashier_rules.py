"""Random rules for money in and out: wallet policies, and what a topology lets out."""

from dataclasses import replace
from random import Random

from tests.simulation.drawn_rules import DAY, HOUR, draw_terms
from wallet_server.core.config.configuration import Configuration, Versioned
from wallet_server.core.config.topology import (
    OWN_MONEY,
    BucketClass,
    BucketType,
    LockMode,
    Topology,
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

MANAGER, OWNER = "manager", "owner"
RATES = (CurrencyRate("EUR", 1), CurrencyRate("USD", 9, 10))
LONGER_PERIODS = (LimitPeriod.DAY, LimitPeriod.WEEK, LimitPeriod.MONTH)


def draw_wallet_policy(random: Random, codes: list[str]) -> WalletPolicy:
    """Draws another wallet policy."""
    return WalletPolicy(
        recovery_scope=random.choice(list(RecoveryScope)),
        deposits_repay_debt=random.random() < 0.5,
        bet_blocked_deposits=random.random() < 0.5,
        jurisdiction=random.choice(["", "UK"]),
        coupon_grace_seconds=random.choice([0, HOUR, 72 * HOUR]),
        deposit_rolling=draw_terms(random, codes) if random.random() < 0.4 else None,
        debt_blocks_bets=random.random() < 0.3,
        deposits=draw_deposit_rules(random),
        withdrawals=draw_withdrawal_rules(random),
        adjustments=AdjustmentRules(random.choice([None, None, 30, 50])),
        limits=draw_limit_rules(random),
    )


def draw_deposit_rules(random: Random) -> DepositRules:
    return DepositRules(
        methods_approved_at_once=random.choice([(), ("counter",)]),
        expires_after_seconds=random.choice([None, HOUR, 2 * DAY]),
        recycles_payouts=random.random() < 0.7,
    )


def draw_withdrawal_rules(random: Random) -> WithdrawalRules:
    levels = (
        ApprovalLevel(1),
        ApprovalLevel(25, approvals=random.choice([1, 2]), roles=(MANAGER, OWNER)),
        ApprovalLevel(60, approvals=2, roles=random.choice([(), (OWNER,)])),
    )
    return WithdrawalRules(
        minimum=random.choice([1, 5]),
        maximum=random.choice([None, None, 80]),
        pending_max=random.choice([2, 5]),
        bonus=random.choice(list(BonusOnWithdrawal)),
        debt=random.choice(list(DebtOnWithdrawal)),
        approval_levels=levels[: random.randint(0, 3)],
        auto_approval=draw_auto_approval(random) if random.random() < 0.75 else None,
        reversible=random.random() < 0.7,
    )


def draw_auto_approval(random: Random) -> AutoApproval:
    return AutoApproval(
        request_max=random.choice([30, 50]),
        window_max=random.choice([40, 60]),
        window_seconds=random.choice([2 * HOUR, 3 * DAY, 10 * DAY]),
        review_seconds=random.choice([0, 10, 60, HOUR]),
    )


def draw_limit_rules(random: Random) -> LimitRules:
    """Draws how limits are kept. Defaults are wide, for players to have their own within them."""
    return LimitRules(
        window=random.choice(list(LimitWindow)),
        time_zone=random.choice(["UTC", "Europe/Berlin", "America/New_York"]),
        increase_delay_seconds=random.choice([DAY, DAY, 3 * DAY]),
        confirm_within_seconds=random.choice([12 * HOUR, 7 * DAY]),
        reconfirm=random.random() < 0.7,
        defaults=tuple(draw_default(random) for _ in range(random.choice([0, 0, 0, 1, 2]))),
        rates=random.choice([RATES, RATES, RATES, RATES, ()]),
    )


def draw_default(random: Random) -> DefaultLimit:
    kind = random.choice(list(LimitKind))
    if kind is LimitKind.STAKE and random.random() < 0.5:
        return DefaultLimit(kind, LimitPeriod.BET, "EUR", 40)
    return DefaultLimit(kind, random.choice(LONGER_PERIODS), "EUR", random.choice([150, 400]))


def draw_ways_out(random: Random, topology: Topology) -> Topology:
    """Draws another topology that says otherwise what may be withdrawn, and in which order."""
    buckets = tuple(draw_way_out(random, each) for each in topology.buckets)
    order = [each.code for each in buckets if each.withdrawable is not Withdrawable.NEVER]
    random.shuffle(order)
    return replace(topology, buckets=buckets, withdraw_order=tuple(order))


def draw_way_out(random: Random, bucket: BucketType) -> BucketType:
    """Draws when a bucket's money may leave, as its class lets it."""
    if bucket.bucket_class is BucketClass.CASH:
        withdrawable = random.choice(list(Withdrawable))
    elif bucket.bucket_class is BucketClass.RESTRICTED:
        withdrawable = random.choice([Withdrawable.NEVER, Withdrawable.AFTER_ROLLING])
    else:
        return bucket
    lock_mode = random.choice(list(LockMode))
    if withdrawable is Withdrawable.ALWAYS:
        lock_mode = LockMode.NONE
    return replace(bucket, withdrawable=withdrawable, lock_mode=lock_mode)


def made_lawful(configuration: Configuration) -> Configuration:
    """Returns a configuration that lets out what the law of the United Kingdom wants let out."""
    policy = configuration.wallet_policy.value
    if policy.jurisdiction != "UK":
        return configuration
    topology = configuration.topology.value
    buckets = tuple(
        replace(each, lock_mode=LockMode.NONE) if each.bucket_class in OWN_MONEY else each
        for each in topology.buckets
    )
    withdrawals = replace(policy.withdrawals, reversible=False)
    return replace(
        configuration,
        topology=Versioned(configuration.epoch, replace(topology, buckets=buckets)),
        wallet_policy=Versioned(configuration.epoch, replace(policy, withdrawals=withdrawals)),
    )
