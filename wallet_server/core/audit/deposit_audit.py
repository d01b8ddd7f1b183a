"""What must hold of a deposit, by itself and by what was posted for it."""

from collections.abc import Iterator, Mapping, Sequence

from wallet_server.core.accounts import CASH, SUSPENSE, is_hold
from wallet_server.core.audit.cashier_journal import Changes, Posted
from wallet_server.core.cashier.deposit import Deposit, DepositState, Reversal, ReversalKind

CREATED = DepositState.CREATED
APPROVED = DepositState.APPROVED
PARTIALLY_REVERSED = DepositState.PARTIALLY_REVERSED
NEVER_CAME = frozenset({DepositState.DECLINED, DepositState.EXPIRED})
REVERSED_AS = {
    DepositState.CHARGED_BACK: ReversalKind.CHARGEBACK,
    DepositState.REVERSED: ReversalKind.REVERSAL,
}
ARRIVALS = frozenset({"CreateDeposit", "ApproveDeposit"})


def is_approved(deposit: Deposit) -> bool:
    """Tells whether a deposit's money has reached the player, whatever became of it later."""
    return deposit.state is not CREATED and deposit.state not in NEVER_CAME


def cash_of(deposit: Deposit) -> int:
    """Returns what payment providers owe for a deposit as it stands, in minor units."""
    if is_approved(deposit):
        return deposit.outstanding
    return deposit.amount if deposit.suspended else 0


def find_deposit_problems(deposit: Deposit) -> Iterator[str]:
    """What a deposit says of itself fits together."""
    taken = deposit.reversed
    if deposit.amount <= 0 or any(each.amount <= 0 or each.debt < 0 for each in deposit.reversals):
        yield "an amount is not positive"
    if any(each.debt > each.amount for each in deposit.reversals):
        yield "more of a reversal is owed than was taken back"
    if is_approved(deposit) != (deposit.approve_sequence > 0 and deposit.approve_time is not None):
        yield f"{deposit.state}, and yet {deposit.approve_sequence} is the command that approved it"
    if taken and not is_approved(deposit):
        yield f"{deposit.state}, and yet {taken} were taken back"
    if deposit.suspended and (deposit.state is not CREATED or not deposit.suspend_sequence):
        yield f"{deposit.state}, and yet it waits in suspense"
    if deposit.state is APPROVED and taken:
        yield f"APPROVED, and yet {taken} were taken back"
    if deposit.state is PARTIALLY_REVERSED and not 0 < taken < deposit.amount:
        yield f"PARTIALLY_REVERSED, and {taken} of {deposit.amount} were taken back"
    kind = REVERSED_AS.get(deposit.state)
    if kind is not None and (
        taken != deposit.amount or not deposit.reversals or deposit.reversals[-1].kind is not kind
    ):
        yield f"{deposit.state}, and {taken} of {deposit.amount} were taken back"


def steps_of(deposit: Deposit) -> Iterator[tuple[int, str]]:
    """Yields the commands that must have posted something for a deposit, with what they did."""
    if deposit.suspend_sequence:
        yield deposit.suspend_sequence, "suspended"
    if deposit.approve_sequence:
        yield deposit.approve_sequence, "approved"
    for reversal in deposit.reversals:
        yield reversal.sequence, f"reversed by {reversal.reversal_id}"


def find_step_problems(deposit: Deposit, posted: Mapping[int, Posted]) -> Iterator[str]:
    """Each of a deposit's steps has posted what it must."""
    for sequence, step in steps_of(deposit):
        if sequence not in posted:
            yield f"it was {step} by #{sequence}, which posted nothing for it"
    if (suspended := posted.get(deposit.suspend_sequence)) is not None:
        changes = suspended.of(deposit.asset_code)
        if (changes.get(CASH, 0), changes.get(SUSPENSE, 0)) != (-deposit.amount, deposit.amount):
            yield f"{deposit.amount} did not go into suspense with #{suspended.sequence}"
    if (approved := posted.get(deposit.approve_sequence)) is not None:
        yield from find_credit_problems(deposit, approved)
    for reversal in deposit.reversals:
        if (reverse := posted.get(reversal.sequence)) is not None:
            yield from find_reversal_problems(reversal, reverse, deposit.asset_code)


def find_credit_problems(deposit: Deposit, approved: Posted) -> Iterator[str]:
    """The whole of it came from payment providers, from suspense, or from a payout's hold."""
    changes = approved.of(deposit.asset_code)
    suspended = -changes.get(SUSPENSE, 0)
    came = suspended - changes.get(CASH, 0) + released(changes)
    if approved.command not in ARRIVALS or came != deposit.amount:
        amount = f"{deposit.amount} {deposit.asset_code}"
        yield f"it is of {amount}, which is not what #{approved.sequence} posted"
    if suspended != (deposit.amount if deposit.suspend_sequence else 0):
        yield f"{suspended} of it came out of suspense with #{approved.sequence}"


def find_decline_problems(deposit: Deposit, declined: Sequence[Posted]) -> Iterator[str]:
    """What waited in suspense went back when it was declined."""
    was_sent_back = deposit.state in NEVER_CAME and deposit.suspend_sequence > 0
    back = -sum(each.of(deposit.asset_code).get(SUSPENSE, 0) for each in declined)
    if back != (deposit.amount if was_sent_back else 0):
        yield f"{deposit.state}, and {back} went back from suspense"


def find_reversal_problems(reversal: Reversal, posted: Posted, asset_code: str) -> Iterator[str]:
    """What was taken back went to payment providers."""
    went = posted.of(asset_code).get(CASH, 0)
    if posted.command != "ReverseDeposit" or went != reversal.amount:
        name = reversal.reversal_id
        yield f"{name} took back {reversal.amount}, #{posted.sequence} posted {went}"


def released(changes: Changes) -> int:
    """Returns what withdrawals no longer hold."""
    return -sum(change for account, change in changes.items() if is_hold(account))
