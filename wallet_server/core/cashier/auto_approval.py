"""Withdrawals that time approves, and who must look at the others."""

from datetime import datetime, timedelta

from wallet_server.core.accounts import is_debt
from wallet_server.core.cashier.withdrawal import (
    QueueReason,
    ReviewQueue,
    Withdrawal,
    WithdrawalState,
)
from wallet_server.core.config.wallet_policy import ApprovalLevel, AutoApproval, WithdrawalRules
from wallet_server.core.draft import Draft
from wallet_server.core.players.limits import used_since
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.players.usage import UsageKind
from wallet_server.core.value import value

ANYBODY = ApprovalLevel(minimum=0)
"""Who must approve where no level is reached: one person, in any role."""


@value
class Review:
    """How the review of a withdrawal begins."""

    state: WithdrawalState
    queue: ReviewQueue
    reason: QueueReason | None
    review_time: datetime | None
    approvals_needed: int


def rules_of(draft: Draft) -> WithdrawalRules:
    """Returns what the wallet policy says of withdrawals."""
    return draft.configuration.wallet_policy.value.withdrawals


def level_for(amount: int, rules: WithdrawalRules) -> ApprovalLevel:
    """Returns who must approve an amount: the highest level that it reaches."""
    reached = [each for each in rules.approval_levels if each.minimum <= amount]
    return max(reached, key=lambda each: each.minimum, default=ANYBODY)


def first_review(draft: Draft, amount: int) -> Review:
    """Returns how the review of an amount begins: with time, or with a person."""
    rules = rules_of(draft)
    needed = level_for(amount, rules).approvals
    if rules.auto_approval is None:
        return Review(WithdrawalState.HELD, ReviewQueue.MANUAL, None, None, needed)
    reason = find_obstacle(draft, amount, rules.auto_approval)
    if reason is not None:
        return Review(WithdrawalState.PENDING_REVIEW, ReviewQueue.MANUAL, reason, None, needed)
    review_time = draft.now + timedelta(seconds=rules.auto_approval.review_seconds)
    return Review(WithdrawalState.PENDING_REVIEW, ReviewQueue.AUTOMATIC, None, review_time, needed)


def find_obstacle(draft: Draft, amount: int, rules: AutoApproval) -> QueueReason | None:
    """Returns why an amount may not be approved by time, if the window does not matter."""
    if amount > rules.request_max:
        return QueueReason.ABOVE_REQUEST_MAX
    if any(is_debt(account) and balance for account, balance in draft.wallet.balances.items()):
        return QueueReason.DEBT
    if draft.player.status is not AccountStatus.ACTIVE:
        return QueueReason.ACCOUNT_STATUS
    return None


def find_obstacle_now(draft: Draft, withdrawal: Withdrawal) -> QueueReason | None:
    """Returns why time may not approve a withdrawal, looked at again when its time has come."""
    rules = rules_of(draft).auto_approval
    if rules is None:
        return QueueReason.NO_AUTO_APPROVAL
    if reason := find_obstacle(draft, withdrawal.amount, rules):
        return reason
    since = draft.now - timedelta(seconds=rules.window_seconds)
    used = used_since(draft.player, UsageKind.AUTO_APPROVAL, draft.currency, since)
    exceeds = used + withdrawal.amount > rules.window_max
    return QueueReason.WINDOW_EXCEEDED if exceeds else None
