"""The events of deposits, withdrawals and adjustments."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentState
from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.cashier.withdrawal import Withdrawal, WithdrawalState
from wallet_server.core.events.event import Done, EventType
from wallet_server.core.events.item_payloads import (
    AdjustmentChanged,
    DepositChanged,
    WithdrawalChanged,
)

DEPOSIT_TYPES: Mapping[DepositState, EventType] = {
    DepositState.CREATED: EventType.DEPOSIT_CREATED,
    DepositState.APPROVED: EventType.DEPOSIT_APPROVED,
    DepositState.DECLINED: EventType.DEPOSIT_DECLINED,
    DepositState.EXPIRED: EventType.DEPOSIT_EXPIRED,
    DepositState.PARTIALLY_REVERSED: EventType.DEPOSIT_REVERSED,
    DepositState.CHARGED_BACK: EventType.DEPOSIT_REVERSED,
    DepositState.REVERSED: EventType.DEPOSIT_REVERSED,
}
UNDER_REVIEW = frozenset({WithdrawalState.HELD, WithdrawalState.PENDING_REVIEW})
WITHDRAWAL_TYPES: Mapping[WithdrawalState, EventType] = {
    WithdrawalState.APPROVED: EventType.WITHDRAWAL_APPROVED,
    WithdrawalState.REJECTED: EventType.WITHDRAWAL_REJECTED,
    WithdrawalState.CANCELLED: EventType.WITHDRAWAL_CANCELLED,
    WithdrawalState.SUBMITTED: EventType.WITHDRAWAL_SUBMITTED,
    WithdrawalState.PAID: EventType.WITHDRAWAL_PAID,
    WithdrawalState.PARTIALLY_PAID: EventType.WITHDRAWAL_PARTIALLY_PAID,
    WithdrawalState.FAILED: EventType.WITHDRAWAL_FAILED,
    WithdrawalState.RETURNED: EventType.WITHDRAWAL_RETURNED,
}
ADJUSTMENT_TYPES: Mapping[AdjustmentState, EventType] = {
    AdjustmentState.PENDING: EventType.ADJUSTMENT_PROPOSED,
    AdjustmentState.APPLIED: EventType.ADJUSTMENT_APPLIED,
}


def deposit_events(before: Deposit | None, deposit: Deposit) -> Iterator[Done]:
    """Yields what has happened to a deposit. One that nobody announced is not told as created."""
    previous = before.state.value if before is not None else ""
    reversed_now = deposit.reversed - (before.reversed if before is not None else 0)
    told = DepositChanged(deposit, previous, reversed_now)
    if deposit.suspended and not (before is not None and before.suspended):
        yield EventType.DEPOSIT_SUSPENDED, told
    elif previous != deposit.state.value or reversed_now:
        yield DEPOSIT_TYPES[deposit.state], told


def withdrawal_events(before: Withdrawal | None, withdrawal: Withdrawal) -> Iterator[Done]:
    """Yields what has happened to a withdrawal, which is asked for before all else."""
    previous = before.state.value if before is not None else ""
    if before is None:
        yield EventType.WITHDRAWAL_REQUESTED, WithdrawalChanged(withdrawal)
        if withdrawal.state in UNDER_REVIEW:
            return
        previous = WithdrawalState.HELD.value
    if previous != withdrawal.state.value and withdrawal.state in WITHDRAWAL_TYPES:
        yield WITHDRAWAL_TYPES[withdrawal.state], WithdrawalChanged(withdrawal, previous)
    elif before is not None and is_reviewed(before, withdrawal):
        yield EventType.WITHDRAWAL_REVIEWED, WithdrawalChanged(withdrawal, previous)
    elif before is not None and replace(before, revision=withdrawal.revision) != withdrawal:
        yield EventType.WITHDRAWAL_CHANGED, WithdrawalChanged(withdrawal, previous)


def is_reviewed(before: Withdrawal, withdrawal: Withdrawal) -> bool:
    """Tells whether persons have approved a withdrawal, or who is to decide on it changed."""
    reviews = (before.state, before.approvals, before.queue, before.queue_reason)
    return reviews != (
        withdrawal.state,
        withdrawal.approvals,
        withdrawal.queue,
        withdrawal.queue_reason,
    )


def adjustment_events(before: Adjustment | None, adjustment: Adjustment) -> Iterator[Done]:
    """Yields that an adjustment waits for a second person, or was made."""
    previous = before.state.value if before is not None else ""
    if previous != adjustment.state.value:
        yield ADJUSTMENT_TYPES[adjustment.state], AdjustmentChanged(adjustment, previous)
