"""What the document of a wallet policy looks like, field by field."""

from wallet_server.core.config.documents_basics import (
    AMOUNT,
    ASSET_CODE,
    JURISDICTION,
    POSITIVE_SECONDS,
    ROLLING_TERMS,
    SECONDS,
    SECONDS_MAX,
)
from wallet_server.core.config.documents_records import Record
from wallet_server.core.config.documents_values import Choice, Code, Flag, ListOf, Whole
from wallet_server.core.config.wallet_policy import (
    DAY_SECONDS,
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

METHODS_MAX = 64
ROLES_MAX = 16
APPROVAL_LEVELS_MAX = 8
APPROVALS_MAX = 8
PENDING_WITHDRAWALS_MAX = 16
AUTO_APPROVAL_SECONDS_MAX = 31 * 86_400
DEFAULT_LIMITS_MAX = 128
CURRENCY_RATES_MAX = 64

METHOD = Code(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
ROLE = Code(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
TIME_ZONE = Code(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}")

DEPOSIT_RULES = Record(
    DepositRules,
    methods_approved_at_once=ListOf(METHOD, METHODS_MAX),
    expires_after_seconds=POSITIVE_SECONDS,
    recycles_payouts=Flag(),
)

WITHDRAWAL_RULES = Record(
    WithdrawalRules,
    minimum=AMOUNT,
    maximum=AMOUNT,
    pending_max=Whole(1, PENDING_WITHDRAWALS_MAX),
    bonus=Choice(BonusOnWithdrawal),
    debt=Choice(DebtOnWithdrawal),
    approval_levels=ListOf(
        Record(
            ApprovalLevel,
            minimum=AMOUNT,
            approvals=Whole(1, APPROVALS_MAX),
            roles=ListOf(ROLE, ROLES_MAX),
        ),
        APPROVAL_LEVELS_MAX,
    ),
    auto_approval=Record(
        AutoApproval,
        request_max=AMOUNT,
        window_max=AMOUNT,
        window_seconds=Whole(1, AUTO_APPROVAL_SECONDS_MAX),
        review_seconds=SECONDS,
    ),
    reversible=Flag(),
)

LIMIT_RULES = Record(
    LimitRules,
    window=Choice(LimitWindow),
    time_zone=TIME_ZONE,
    increase_delay_seconds=Whole(DAY_SECONDS, SECONDS_MAX),
    confirm_within_seconds=POSITIVE_SECONDS,
    reconfirm=Flag(),
    defaults=ListOf(
        Record(
            DefaultLimit,
            kind=Choice(LimitKind),
            period=Choice(LimitPeriod),
            currency_code=ASSET_CODE,
            amount=AMOUNT,
        ),
        DEFAULT_LIMITS_MAX,
    ),
    rates=ListOf(
        Record(
            CurrencyRate,
            currency_code=ASSET_CODE,
            rate_numerator=AMOUNT,
            rate_denominator=AMOUNT,
        ),
        CURRENCY_RATES_MAX,
    ),
)

WALLET_POLICY = Record(
    WalletPolicy,
    recovery_scope=Choice(RecoveryScope),
    deposits_repay_debt=Flag(),
    bet_blocked_deposits=Flag(),
    jurisdiction=JURISDICTION,
    coupon_grace_seconds=SECONDS,
    deposit_rolling=ROLLING_TERMS,
    debt_blocks_bets=Flag(),
    deposits=DEPOSIT_RULES,
    withdrawals=WITHDRAWAL_RULES,
    adjustments=Record(AdjustmentRules, four_eyes_from=AMOUNT),
    limits=LIMIT_RULES,
)
