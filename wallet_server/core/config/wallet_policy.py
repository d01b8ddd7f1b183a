"""What a wallet policy can say: what holds for a tenant's wallets whoever the provider is."""

from enum import StrEnum

from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.core.value import value

COUPON_GRACE_SECONDS = 72 * 3600
DAY_SECONDS = 24 * 3600


class RecoveryScope(StrEnum):
    """Which buckets stand in when a correction finds one empty."""

    DESTINATION_ONLY = "DESTINATION_ONLY"
    GROUP = "GROUP"
    ALL_CASH = "ALL_CASH"


class BonusOnWithdrawal(StrEnum):
    """What a withdrawal does to bonus money: nothing, or it ends it, if the player agrees."""

    KEEP_BONUS = "KEEP_BONUS"
    FORFEIT_BONUS = "FORFEIT_BONUS"


class DebtOnWithdrawal(StrEnum):
    """What debt does to a withdrawal: a person must look at it, or there is none."""

    REVIEW = "REVIEW"
    REFUSE = "REFUSE"


class LimitWindow(StrEnum):
    """Whether periods of limits end now, or are days, weeks (from Monday) and months by name."""

    ROLLING = "ROLLING"
    CALENDAR = "CALENDAR"


@value
class DepositRules:
    """How deposits arrive.

    `methods_approved_at_once` are credited when they are announced, such as cash at a counter.
    One that is only announced expires after so many seconds; none for never. `recycles_payouts`:
    a deposit may be paid from a payout that came back or was cancelled.
    """

    methods_approved_at_once: tuple[str, ...] = ()
    expires_after_seconds: int | None = None
    recycles_payouts: bool = False


@value
class ApprovalLevel:
    """Who must approve withdrawals from an amount on: so many persons, in one of the roles.

    No roles: in any.
    """

    minimum: int
    approvals: int = 1
    roles: tuple[str, ...] = ()


@value
class AutoApproval:
    """Withdrawals that time approves, after a window in which persons may look at them.

    At most `request_max` each, and `window_max` together in any `window_seconds`: of that, full
    hours are counted, so it may be an hour more, never less. Each of a player's currencies is
    counted by itself, as these are amounts of the wallet's own.
    """

    request_max: int
    window_max: int
    window_seconds: int = DAY_SECONDS
    review_seconds: int = 2 * 3600


@value
class WithdrawalRules:
    """What withdrawals must be. Of the approval levels, the highest that is reached holds.

    Without any, one person approves. `reversible`: the player may cancel one that nobody has
    approved.
    """

    minimum: int = 1
    maximum: int | None = None
    pending_max: int = 5
    bonus: BonusOnWithdrawal = BonusOnWithdrawal.KEEP_BONUS
    debt: DebtOnWithdrawal = DebtOnWithdrawal.REVIEW
    approval_levels: tuple[ApprovalLevel, ...] = ()
    auto_approval: AutoApproval | None = None
    reversible: bool = True


@value
class AdjustmentRules:
    """What adjustments must be. From `four_eyes_from` on, they take a second person."""

    four_eyes_from: int | None = None


@value
class CurrencyRate:
    """What a currency is worth, for limits alone.

    So many minor units of it, the denominator, are worth so many of the common unit of all rates,
    the numerator.
    """

    currency_code: str
    rate_numerator: int
    rate_denominator: int = 1


@value
class DefaultLimit:
    """A limit that holds for every player, in minor units of a currency."""

    kind: LimitKind
    period: LimitPeriod
    currency_code: str
    amount: int


@value
class LimitRules:
    """How limits are kept.

    Calendar periods begin at midnight in the time zone, by its IANA name. What makes a limit laxer
    waits for so many seconds and may then be confirmed for so many more; without `reconfirm` it
    holds by itself when it has waited. `rates` are for players with wallets in several currencies.
    """

    window: LimitWindow = LimitWindow.ROLLING
    time_zone: str = "UTC"
    increase_delay_seconds: int = DAY_SECONDS
    confirm_within_seconds: int = 7 * DAY_SECONDS
    reconfirm: bool = True
    defaults: tuple[DefaultLimit, ...] = ()
    rates: tuple[CurrencyRate, ...] = ()


ORDINARY_DEPOSITS = DepositRules()
ORDINARY_WITHDRAWALS = WithdrawalRules()
ORDINARY_ADJUSTMENTS = AdjustmentRules()
ORDINARY_LIMITS = LimitRules()


@value
class WalletPolicy:
    """What holds for a tenant's wallets whoever the provider is.

    `coupon_grace_seconds` is for how long an expired coupon lives again when a bet's end gives
    value back to it. `deposit_rolling` is the requirement that deposits open, if any.
    `debt_blocks_bets`: a player who owes money may not bet.
    """

    recovery_scope: RecoveryScope = RecoveryScope.ALL_CASH
    deposits_repay_debt: bool = False
    bet_blocked_deposits: bool = True
    jurisdiction: str = ""
    coupon_grace_seconds: int = COUPON_GRACE_SECONDS
    deposit_rolling: RollingTerms | None = None
    debt_blocks_bets: bool = False
    deposits: DepositRules = ORDINARY_DEPOSITS
    withdrawals: WithdrawalRules = ORDINARY_WITHDRAWALS
    adjustments: AdjustmentRules = ORDINARY_ADJUSTMENTS
    limits: LimitRules = ORDINARY_LIMITS
