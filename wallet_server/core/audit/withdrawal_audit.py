"""What must hold of a withdrawal, by itself and by what was posted for it."""

from collections.abc import Iterator, Sequence

from wallet_server.core.accounts import CASH, hold
from wallet_server.core.audit.cashier_journal import Posted
from wallet_server.core.cashier.withdrawal import Withdrawal, WithdrawalState

PAID = WithdrawalState.PAID
PARTIALLY_PAID = WithdrawalState.PARTIALLY_PAID
RETURNED = WithdrawalState.RETURNED
FAILED = WithdrawalState.FAILED
UNAPPROVED = frozenset(
    {
        *(WithdrawalState.HELD, WithdrawalState.PENDING_REVIEW),
        *(WithdrawalState.REJECTED, WithdrawalState.CANCELLED),
    }
)
"""The states that nobody need have approved it for."""

SUBMITTED = frozenset({WithdrawalState.SUBMITTED, PAID, PARTIALLY_PAID, RETURNED, FAILED})
"""The states that it is only in once it was submitted."""


def cash_of(withdrawal: Withdrawal) -> int:
    """Returns what payment providers no longer owe for a withdrawal as it stands.

    One that a deposit was paid from has left the wallet, whether it was paid or cancelled.
    """
    if withdrawal.deposit_id:
        return withdrawal.amount
    return 0 if withdrawal.state is RETURNED else withdrawal.paid


def find_withdrawal_problems(withdrawal: Withdrawal, player_id: str) -> Iterator[str]:
    """What a withdrawal says of itself fits together."""
    state, amount, paid = withdrawal.state, withdrawal.amount, withdrawal.paid
    given = [line.amount for line in withdrawal.lines]
    if sum(given) != amount or min(given, default=0) <= 0:
        yield f"its lines give {sum(given)} of {amount}"
    if state in {PAID, RETURNED}:
        if paid != amount:
            yield f"{state}, and {paid} of {amount} were paid"
    elif state is PARTIALLY_PAID:
        if not 0 < paid < amount:
            yield f"{state}, and {paid} of {amount} were paid"
    elif paid:
        yield f"{state}, and yet {paid} were paid"
    if withdrawal.is_open == (withdrawal.end_sequence > 0):
        yield f"{state}, and yet {withdrawal.end_sequence} is the command that ended it"
    if withdrawal.deposit_id and state not in {RETURNED, FAILED}:
        yield f"{state}, and yet a deposit was paid from it"
    yield from find_approval_problems(withdrawal, player_id)


def find_approval_problems(withdrawal: Withdrawal, player_id: str) -> Iterator[str]:
    """As many persons as it takes have approved, each once, and none for themselves."""
    names = [each.actor for each in withdrawal.approvals]
    if len(set(names)) != len(names) or "" in names:
        yield "somebody approved it twice, or nobody did"
    if set(names) & {withdrawal.requester, player_id} - {""}:
        yield "who asked for it, or gets it, approved it"
    needs_none = withdrawal.automatic or withdrawal.state in UNAPPROVED
    if not needs_none and len(names) < max(1, withdrawal.approvals_needed):
        yield f"{withdrawal.state}, and {len(names)} of {withdrawal.approvals_needed} approved it"


def find_request_problems(withdrawal: Withdrawal, requested: Sequence[Posted]) -> Iterator[str]:
    """All of it was held by the command that asked for it."""
    account = hold(withdrawal.withdrawal_id)
    held = [(each.sequence, each.of(withdrawal.asset_code).get(account, 0)) for each in requested]
    if held != [(withdrawal.sequence, withdrawal.amount)]:
        told = ", ".join(f"{amount} with #{sequence}" for sequence, amount in held) or "nothing"
        yield f"{withdrawal.amount} was asked for with #{withdrawal.sequence}, and held: {told}"


def find_end_problems(withdrawal: Withdrawal, posted: Sequence[Posted]) -> Iterator[str]:
    """Of what was held, what was paid went to payment providers, and came back if it did.

    `posted` is what the commands on it have posted, but for the one that asked for it.
    """
    paid, returned, left = 0, 0, 0
    for each in posted:
        changes = each.of(withdrawal.asset_code)
        left -= changes.get(hold(withdrawal.withdrawal_id), 0)
        if each.command == "ConfirmWithdrawal":
            paid += changes.get(CASH, 0)
        if each.command == "ReturnWithdrawal":
            returned -= changes.get(CASH, 0)
    if paid != withdrawal.paid:
        yield f"it says that {withdrawal.paid} were paid, {paid} were posted"
    came_back = withdrawal.state is RETURNED and not withdrawal.deposit_id
    if returned != (withdrawal.paid if came_back else 0):
        yield f"{withdrawal.state}, and {returned} came back"
    by_deposit = withdrawal.state is FAILED and bool(withdrawal.deposit_id)
    if not by_deposit and left != (0 if withdrawal.is_open else withdrawal.amount):
        yield f"{withdrawal.state}, and {left} of {withdrawal.amount} left its hold"
