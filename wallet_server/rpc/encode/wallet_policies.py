"""Versions of wallet policies."""

from wallet.v1 import policy_pb2 as pb
from wallet_server.core.config.configuration import StoredVersion
from wallet_server.core.config.wallet_policy import (
    AutoApproval,
    BonusOnWithdrawal,
    DebtOnWithdrawal,
    DepositRules,
    LimitRules,
    LimitWindow,
    WalletPolicy,
    WithdrawalRules,
)
from wallet_server.rpc.encode.enums import RECOVERY_SCOPES
from wallet_server.rpc.encode.players import LIMIT_KINDS, LIMIT_PERIODS
from wallet_server.rpc.encode.rolling import encode_terms
from wallet_server.rpc.encode.values import numbers
from wallet_server.rpc.encode.versions import fill_life, fill_time

BONUSES = numbers(BonusOnWithdrawal, pb.BonusOnWithdrawal, prefix="BONUS_ON_WITHDRAWAL")
DEBTS = numbers(DebtOnWithdrawal, pb.DebtOnWithdrawal, prefix="DEBT_ON_WITHDRAWAL")
WINDOWS = numbers(LimitWindow, pb.LimitWindow, prefix="LIMIT_WINDOW")


def encode_wallet_policy(stored: StoredVersion[WalletPolicy]) -> pb.WalletPolicy:
    """Encodes a wallet policy version."""
    policy = stored.value
    rolling = policy.deposit_rolling
    message = pb.WalletPolicy(
        recovery_scope=RECOVERY_SCOPES[policy.recovery_scope],
        deposits_repay_debt=policy.deposits_repay_debt,
        bet_blocked_deposits=policy.bet_blocked_deposits,
        jurisdiction=policy.jurisdiction,
        coupon_grace_seconds=policy.coupon_grace_seconds,
        deposit_rolling=encode_terms(rolling) if rolling else None,
        debt_blocks_bets=policy.debt_blocks_bets,
        deposits=encode_deposits(policy.deposits),
        withdrawals=encode_withdrawals(policy.withdrawals),
        adjustments=pb.AdjustmentRules(four_eyes_from=policy.adjustments.four_eyes_from),
        limits=encode_limits(policy.limits),
    )
    fill_life(message, stored)
    fill_time(message.effective_time, stored.effective_time)
    return message


def encode_deposits(rules: DepositRules) -> pb.DepositRules:
    """Encodes how deposits arrive."""
    return pb.DepositRules(
        methods_approved_at_once=rules.methods_approved_at_once,
        expires_after_seconds=rules.expires_after_seconds,
        recycles_payouts=rules.recycles_payouts,
    )


def encode_withdrawals(rules: WithdrawalRules) -> pb.WithdrawalRules:
    """Encodes what withdrawals must be, and who approves them."""
    automatic = rules.auto_approval
    return pb.WithdrawalRules(
        minimum=rules.minimum,
        maximum=rules.maximum,
        pending_max=rules.pending_max,
        bonus=BONUSES[rules.bonus],
        debt=DEBTS[rules.debt],
        approval_levels=[
            pb.ApprovalLevel(minimum=each.minimum, approvals=each.approvals, roles=each.roles)
            for each in rules.approval_levels
        ],
        auto_approval=encode_auto_approval(automatic) if automatic else None,
        reversible=rules.reversible,
    )


def encode_auto_approval(rules: AutoApproval) -> pb.AutoApproval:
    """Encodes which withdrawals time approves."""
    return pb.AutoApproval(
        request_max=rules.request_max,
        window_max=rules.window_max,
        window_seconds=rules.window_seconds,
        review_seconds=rules.review_seconds,
    )


def encode_limits(rules: LimitRules) -> pb.LimitRules:
    """Encodes how players' limits are kept."""
    return pb.LimitRules(
        window=WINDOWS[rules.window],
        time_zone=rules.time_zone,
        increase_delay_seconds=rules.increase_delay_seconds,
        confirm_within_seconds=rules.confirm_within_seconds,
        reconfirm=rules.reconfirm,
        defaults=[
            pb.DefaultLimit(
                kind=LIMIT_KINDS[each.kind],
                period=LIMIT_PERIODS[each.period],
                currency_code=each.currency_code,
                amount=each.amount,
            )
            for each in rules.defaults
        ],
        rates=[
            pb.CurrencyRate(
                currency_code=each.currency_code,
                rate_numerator=each.rate_numerator,
                rate_denominator=each.rate_denominator,
            )
            for each in rules.rates
        ],
    )
