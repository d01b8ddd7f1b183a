"""An event: one thing that a command has done to a wallet, or an act to a tenant."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from wallet_server.core.events.bet_payloads import (
    BetAuthorized,
    BetContribution,
    BetDeclined,
    BetReplanned,
    BetRolledBack,
    BetSettled,
    BetTombstoned,
    BetUnsettled,
)
from wallet_server.core.events.item_payloads import (
    AccountStatusChanged,
    AdjustmentChanged,
    BonusForfeited,
    BucketDrained,
    BucketRetired,
    BucketStatusChanged,
    CouponChanged,
    DebtChanged,
    DepositChanged,
    EntryPosted,
    LimitChanged,
    PromotionChanged,
    RequirementChanged,
    RollingSplit,
    RoundChanged,
    TransferCompleted,
    VersionActivated,
    WinChanged,
    WithdrawalChanged,
)
from wallet_server.core.value import value


class EventType(StrEnum):
    """What kind of thing happened. Each has a field of its own in the contract."""

    WALLET_OPENED = "WALLET_OPENED"
    COMMAND_ANSWERED = "COMMAND_ANSWERED"
    BET_AUTHORIZED = "BET_AUTHORIZED"
    BET_DECLINED = "BET_DECLINED"
    BET_TOMBSTONED = "BET_TOMBSTONED"
    BET_SETTLED = "BET_SETTLED"
    BET_UNSETTLED = "BET_UNSETTLED"
    BET_ROLLED_BACK = "BET_ROLLED_BACK"
    BET_REPLANNED = "BET_REPLANNED"
    BET_CONTRIBUTION = "BET_CONTRIBUTION"
    WIN_CREDITED = "WIN_CREDITED"
    WIN_SUSPENDED = "WIN_SUSPENDED"
    WIN_RETURNED = "WIN_RETURNED"
    WIN_ROLLED_BACK = "WIN_ROLLED_BACK"
    ROUND_CLOSED = "ROUND_CLOSED"
    ROUND_CANCELLED = "ROUND_CANCELLED"
    ROUND_REOPENED = "ROUND_REOPENED"
    TRANSFER_COMPLETED = "TRANSFER_COMPLETED"
    ROLLING_OPENED = "ROLLING_OPENED"
    ROLLING_SPLIT = "ROLLING_SPLIT"
    ROLLING_CHANGED = "ROLLING_CHANGED"
    ROLLING_FULFILLED = "ROLLING_FULFILLED"
    ROLLING_REOPENED = "ROLLING_REOPENED"
    ROLLING_SUSPENDED = "ROLLING_SUSPENDED"
    ROLLING_RESUMED = "ROLLING_RESUMED"
    ROLLING_RELEASED = "ROLLING_RELEASED"
    ROLLING_ENDED = "ROLLING_ENDED"
    ROLLING_PASSED_ON = "ROLLING_PASSED_ON"
    ROLLING_SHORTFALL_AFTER_RELEASE = "ROLLING_SHORTFALL_AFTER_RELEASE"
    COUPON_GRANTED = "COUPON_GRANTED"
    COUPON_ACTIVATED = "COUPON_ACTIVATED"
    COUPON_CHANGED = "COUPON_CHANGED"
    COUPON_EXHAUSTED = "COUPON_EXHAUSTED"
    COUPON_EXPIRED = "COUPON_EXPIRED"
    COUPON_REVOKED = "COUPON_REVOKED"
    COUPON_FORFEITED = "COUPON_FORFEITED"
    COUPON_REOPENED = "COUPON_REOPENED"
    PROMOTION_CREDITED = "PROMOTION_CREDITED"
    PROMOTION_REVERSED = "PROMOTION_REVERSED"
    PROMOTION_TOMBSTONED = "PROMOTION_TOMBSTONED"
    BONUS_FORFEITED = "BONUS_FORFEITED"
    DEPOSIT_CREATED = "DEPOSIT_CREATED"
    DEPOSIT_SUSPENDED = "DEPOSIT_SUSPENDED"
    DEPOSIT_APPROVED = "DEPOSIT_APPROVED"
    DEPOSIT_DECLINED = "DEPOSIT_DECLINED"
    DEPOSIT_EXPIRED = "DEPOSIT_EXPIRED"
    DEPOSIT_REVERSED = "DEPOSIT_REVERSED"
    WITHDRAWAL_REQUESTED = "WITHDRAWAL_REQUESTED"
    WITHDRAWAL_REVIEWED = "WITHDRAWAL_REVIEWED"
    WITHDRAWAL_APPROVED = "WITHDRAWAL_APPROVED"
    WITHDRAWAL_REJECTED = "WITHDRAWAL_REJECTED"
    WITHDRAWAL_CANCELLED = "WITHDRAWAL_CANCELLED"
    WITHDRAWAL_SUBMITTED = "WITHDRAWAL_SUBMITTED"
    WITHDRAWAL_PAID = "WITHDRAWAL_PAID"
    WITHDRAWAL_PARTIALLY_PAID = "WITHDRAWAL_PARTIALLY_PAID"
    WITHDRAWAL_FAILED = "WITHDRAWAL_FAILED"
    WITHDRAWAL_RETURNED = "WITHDRAWAL_RETURNED"
    WITHDRAWAL_CHANGED = "WITHDRAWAL_CHANGED"
    ADJUSTMENT_PROPOSED = "ADJUSTMENT_PROPOSED"
    ADJUSTMENT_APPLIED = "ADJUSTMENT_APPLIED"
    DEBT_INCURRED = "DEBT_INCURRED"
    DEBT_RECOVERED = "DEBT_RECOVERED"
    ACCOUNT_STATUS_CHANGED = "ACCOUNT_STATUS_CHANGED"
    LIMIT_SET = "LIMIT_SET"
    LIMIT_PENDING = "LIMIT_PENDING"
    LIMIT_LAPSED = "LIMIT_LAPSED"
    LIMIT_REMOVED = "LIMIT_REMOVED"
    BUCKET_DRAINED = "BUCKET_DRAINED"
    ENTRY_POSTED = "ENTRY_POSTED"
    TOPOLOGY_ACTIVATED = "TOPOLOGY_ACTIVATED"
    POLICY_ACTIVATED = "POLICY_ACTIVATED"
    BUCKET_STATUS_CHANGED = "BUCKET_STATUS_CHANGED"
    BUCKET_RETIRED = "BUCKET_RETIRED"


@value
class WalletOpened:
    """A wallet was opened."""


@value
class CommandAnswered:
    """A command was recorded that has changed nothing: its outcome or, if refused, its reason."""

    command: str
    outcome: str = ""
    reason: str = ""


Payload: TypeAlias = (
    WalletOpened
    | CommandAnswered
    | BetAuthorized
    | BetDeclined
    | BetTombstoned
    | BetSettled
    | BetUnsettled
    | BetRolledBack
    | BetReplanned
    | BetContribution
    | WinChanged
    | RoundChanged
    | TransferCompleted
    | RequirementChanged
    | RollingSplit
    | CouponChanged
    | PromotionChanged
    | BonusForfeited
    | DepositChanged
    | WithdrawalChanged
    | AdjustmentChanged
    | DebtChanged
    | AccountStatusChanged
    | LimitChanged
    | BucketDrained
    | EntryPosted
    | VersionActivated
    | BucketStatusChanged
    | BucketRetired
)

Done: TypeAlias = tuple[EventType, Payload]
"""Something that a command has done: an event without its number."""

PAYLOAD_TYPES: Mapping[EventType, type[Payload]] = {
    EventType.WALLET_OPENED: WalletOpened,
    EventType.COMMAND_ANSWERED: CommandAnswered,
    EventType.BET_AUTHORIZED: BetAuthorized,
    EventType.BET_DECLINED: BetDeclined,
    EventType.BET_TOMBSTONED: BetTombstoned,
    EventType.BET_SETTLED: BetSettled,
    EventType.BET_UNSETTLED: BetUnsettled,
    EventType.BET_ROLLED_BACK: BetRolledBack,
    EventType.BET_REPLANNED: BetReplanned,
    EventType.BET_CONTRIBUTION: BetContribution,
    EventType.WIN_CREDITED: WinChanged,
    EventType.WIN_SUSPENDED: WinChanged,
    EventType.WIN_RETURNED: WinChanged,
    EventType.WIN_ROLLED_BACK: WinChanged,
    EventType.ROUND_CLOSED: RoundChanged,
    EventType.ROUND_CANCELLED: RoundChanged,
    EventType.ROUND_REOPENED: RoundChanged,
    EventType.TRANSFER_COMPLETED: TransferCompleted,
    EventType.ROLLING_OPENED: RequirementChanged,
    EventType.ROLLING_SPLIT: RollingSplit,
    EventType.ROLLING_CHANGED: RequirementChanged,
    EventType.ROLLING_FULFILLED: RequirementChanged,
    EventType.ROLLING_REOPENED: RequirementChanged,
    EventType.ROLLING_SUSPENDED: RequirementChanged,
    EventType.ROLLING_RESUMED: RequirementChanged,
    EventType.ROLLING_RELEASED: RequirementChanged,
    EventType.ROLLING_ENDED: RequirementChanged,
    EventType.ROLLING_PASSED_ON: RequirementChanged,
    EventType.ROLLING_SHORTFALL_AFTER_RELEASE: RequirementChanged,
    EventType.COUPON_GRANTED: CouponChanged,
    EventType.COUPON_ACTIVATED: CouponChanged,
    EventType.COUPON_CHANGED: CouponChanged,
    EventType.COUPON_EXHAUSTED: CouponChanged,
    EventType.COUPON_EXPIRED: CouponChanged,
    EventType.COUPON_REVOKED: CouponChanged,
    EventType.COUPON_FORFEITED: CouponChanged,
    EventType.COUPON_REOPENED: CouponChanged,
    EventType.PROMOTION_CREDITED: PromotionChanged,
    EventType.PROMOTION_REVERSED: PromotionChanged,
    EventType.PROMOTION_TOMBSTONED: PromotionChanged,
    EventType.BONUS_FORFEITED: BonusForfeited,
    EventType.DEPOSIT_CREATED: DepositChanged,
    EventType.DEPOSIT_SUSPENDED: DepositChanged,
    EventType.DEPOSIT_APPROVED: DepositChanged,
    EventType.DEPOSIT_DECLINED: DepositChanged,
    EventType.DEPOSIT_EXPIRED: DepositChanged,
    EventType.DEPOSIT_REVERSED: DepositChanged,
    EventType.WITHDRAWAL_REQUESTED: WithdrawalChanged,
    EventType.WITHDRAWAL_REVIEWED: WithdrawalChanged,
    EventType.WITHDRAWAL_APPROVED: WithdrawalChanged,
    EventType.WITHDRAWAL_REJECTED: WithdrawalChanged,
    EventType.WITHDRAWAL_CANCELLED: WithdrawalChanged,
    EventType.WITHDRAWAL_SUBMITTED: WithdrawalChanged,
    EventType.WITHDRAWAL_PAID: WithdrawalChanged,
    EventType.WITHDRAWAL_PARTIALLY_PAID: WithdrawalChanged,
    EventType.WITHDRAWAL_FAILED: WithdrawalChanged,
    EventType.WITHDRAWAL_RETURNED: WithdrawalChanged,
    EventType.WITHDRAWAL_CHANGED: WithdrawalChanged,
    EventType.ADJUSTMENT_PROPOSED: AdjustmentChanged,
    EventType.ADJUSTMENT_APPLIED: AdjustmentChanged,
    EventType.DEBT_INCURRED: DebtChanged,
    EventType.DEBT_RECOVERED: DebtChanged,
    EventType.ACCOUNT_STATUS_CHANGED: AccountStatusChanged,
    EventType.LIMIT_SET: LimitChanged,
    EventType.LIMIT_PENDING: LimitChanged,
    EventType.LIMIT_LAPSED: LimitChanged,
    EventType.LIMIT_REMOVED: LimitChanged,
    EventType.BUCKET_DRAINED: BucketDrained,
    EventType.ENTRY_POSTED: EntryPosted,
    EventType.TOPOLOGY_ACTIVATED: VersionActivated,
    EventType.POLICY_ACTIVATED: VersionActivated,
    EventType.BUCKET_STATUS_CHANGED: BucketStatusChanged,
    EventType.BUCKET_RETIRED: BucketRetired,
}
"""What is told by events of each type."""


@value
class Event:
    """What happened. `sequence` numbers the events of a wallet from one, without gaps."""

    sequence: int
    type: EventType
    payload: Payload
