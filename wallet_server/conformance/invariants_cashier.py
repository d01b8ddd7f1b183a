"""What must hold of deposits and withdrawals, as far as it can be seen over gRPC."""

from collections.abc import Iterable

from wallet.v1 import cashier_pb2
from wallet.v1.cashier_pb2 import Deposit, Withdrawal
from wallet_server.conformance.accounts import HOLD, net_changes
from wallet_server.conformance.recording import WalletReading

CASH = "H:CASH"

OPEN_STATES = (
    cashier_pb2.WITHDRAWAL_STATE_HELD,
    cashier_pb2.WITHDRAWAL_STATE_PENDING_REVIEW,
    cashier_pb2.WITHDRAWAL_STATE_APPROVED,
    cashier_pb2.WITHDRAWAL_STATE_SUBMITTED,
)
PAID_STATES = (cashier_pb2.WITHDRAWAL_STATE_PAID, cashier_pb2.WITHDRAWAL_STATE_RETURNED)
ARRIVED_STATES = (
    cashier_pb2.DEPOSIT_STATE_APPROVED,
    cashier_pb2.DEPOSIT_STATE_PARTIALLY_REVERSED,
    cashier_pb2.DEPOSIT_STATE_CHARGED_BACK,
    cashier_pb2.DEPOSIT_STATE_REVERSED,
)


def find_cashier_violations(reading: WalletReading) -> list[str]:
    """Checks I34, I35, I36 and I39 for what a wallet shows."""
    return [
        *(each for one in reading.withdrawals for each in _check_withdrawal(one, reading)),
        *(each for one in reading.deposits for each in _check_deposit(one)),
        *_check_cash(reading),
    ]


def _check_withdrawal(withdrawal: Withdrawal, reading: WalletReading) -> list[str]:
    amount, paid = withdrawal.amount.minor_units, withdrawal.paid.minor_units
    lines = sum(each.amount.minor_units for each in withdrawal.lines)
    held = net_changes(reading.entries).get(HOLD + withdrawal.withdrawal_id, 0)
    violations: list[str] = []
    if lines != amount:
        violations.append(f"I34: its lines come to {lines}, not to {amount}")
    if held != (amount if withdrawal.state in OPEN_STATES else 0):
        violations.append(f"I34: {held} are held")
    if not _is_paid_right(withdrawal.state, paid, amount):
        violations.append(f"I35: {paid} of {amount} were paid")
    violations += _check_approvals(withdrawal, reading.ref.player_id)
    return [f"withdrawal {withdrawal.withdrawal_id}: {each}" for each in violations]


def _is_paid_right(state: cashier_pb2.WithdrawalState.ValueType, paid: int, amount: int) -> bool:
    if state in PAID_STATES:
        return paid == amount
    if state == cashier_pb2.WITHDRAWAL_STATE_PARTIALLY_PAID:
        return 0 < paid < amount
    return paid == 0


def _check_approvals(withdrawal: Withdrawal, player_id: str) -> list[str]:
    actors = [each.actor for each in withdrawal.approvals]
    violations: list[str] = []
    if len(set(actors)) < len(actors):
        violations.append("I36: one person has approved twice")
    if withdrawal.requester in actors or player_id in actors:
        violations.append("I36: the requester or the player has approved")
    is_through = withdrawal.state in (
        cashier_pb2.WITHDRAWAL_STATE_APPROVED,
        cashier_pb2.WITHDRAWAL_STATE_SUBMITTED,
        cashier_pb2.WITHDRAWAL_STATE_PARTIALLY_PAID,
        *PAID_STATES,
    )
    if is_through and not withdrawal.automatic and len(actors) < withdrawal.approvals_needed:
        violations.append(f"I36: {len(actors)} of {withdrawal.approvals_needed} have approved")
    return violations


def _check_deposit(deposit: Deposit) -> list[str]:
    reversed_ = sum(each.amount.minor_units for each in deposit.reversals)
    violations: list[str] = []
    if reversed_ != deposit.reversed.minor_units or reversed_ > deposit.amount.minor_units:
        violations.append(f"I39: {reversed_} of {deposit.amount.minor_units} were taken back")
    if deposit.state not in ARRIVED_STATES and reversed_:
        violations.append("I39: it was taken back before it arrived")
    return [f"deposit {deposit.deposit_id}: {each}" for each in violations]


def _check_cash(reading: WalletReading) -> list[str]:
    """Checks I39: deposits, reversals and payouts alone explain what went through the bank."""
    expected = _paid_out(reading.withdrawals) - _paid_in(reading.deposits)
    moved = net_changes(reading.entries).get(CASH, 0)
    if moved == expected:
        return []
    return [f"I39: {CASH} moved by {moved}, deposits and withdrawals come to {expected}"]


def _paid_in(deposits: Iterable[Deposit]) -> int:
    """Returns what has arrived and was not taken back or sent back."""
    return sum(
        each.amount.minor_units - each.reversed.minor_units
        for each in deposits
        if each.state in ARRIVED_STATES or each.suspended
    )


def _paid_out(withdrawals: Iterable[Withdrawal]) -> int:
    """Returns what has left and did not come back, but by a deposit that counts by itself."""
    total = 0
    for each in withdrawals:
        if each.state == cashier_pb2.WITHDRAWAL_STATE_FAILED and each.deposit_id:
            total += each.amount.minor_units
        elif each.state != cashier_pb2.WITHDRAWAL_STATE_RETURNED or each.deposit_id:
            total += each.paid.minor_units
    return total
