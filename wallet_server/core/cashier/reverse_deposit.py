"""Taking a deposit back."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import CASH
from wallet_server.core.amounts import check_asset
from wallet_server.core.cashier.deposit import (
    Deposit,
    DepositState,
    Reversal,
    ReversalKind,
    deposit_key,
)
from wallet_server.core.commands import ReverseDeposit
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Decision, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import (
    AmountExceedsDeposit,
    DepositNotFound,
    IllegalTransition,
    TransactionPayloadMismatch,
)
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rolling.requirement import RequirementOrigin
from wallet_server.core.rolling.shrinking import shrink_requirements
from wallet_server.core.taking_back import owe, take
from wallet_server.core.wallet import Wallet

REVERSIBLE = frozenset({DepositState.APPROVED, DepositState.PARTIALLY_REVERSED})

WHOLE_STATE = {
    ReversalKind.CHARGEBACK: DepositState.CHARGED_BACK,
    ReversalKind.REVERSAL: DepositState.REVERSED,
}
"""What a deposit is that was taken back whole, by the kind of the last reversal."""


def decide_reverse_deposit(
    command: ReverseDeposit, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Takes back a deposit, or a part of it; what is spent becomes debt.

    What had to be wagered for it goes in proportion. Nothing comes back to the player's limits.
    """
    draft = Draft(wallet, configuration, now)
    deposit = draft.item(deposit_key(command.deposit_id), Deposit)
    if deposit is None:
        return DepositNotFound(command.deposit_id)
    if mismatch := check_asset("amount", command.amount, deposit.asset_code):
        return mismatch
    if (again := answer_again(command, deposit)) is not None:
        return again
    if deposit.state not in REVERSIBLE:
        return IllegalTransition(deposit.deposit_id, deposit.state.value, type(command).__name__)
    amount = deposit.outstanding if command.amount is None else command.amount.minor_units
    if amount > deposit.outstanding:
        return AmountExceedsDeposit(required=amount, left=deposit.outstanding)

    after = reversed_by(deposit, reverse(command, deposit, amount, draft))
    draft.put_item(after)
    shrink_requirements(
        draft,
        RequirementOrigin.DEPOSIT,
        deposit.deposit_id,
        outstanding=deposit.outstanding,
        left=after.outstanding,
    )
    pass_on(draft)
    return draft.change(APPLIED, result=after.result)


def answer_again(command: ReverseDeposit, deposit: Deposit) -> Decision | None:
    """Answers a reversal that is known: as the first time, if it says the same."""
    ids = [each.reversal_id for each in deposit.reversals]
    if command.reversal_id not in ids:
        return None
    place = ids.index(command.reversal_id)
    then = as_after(deposit, deposit.reversals[: place + 1])
    known = deposit.reversals[place]
    amount = None if command.amount is None else command.amount.minor_units
    same = {
        "amount": not then.outstanding if amount is None else amount == known.amount,
        "kind": command.kind is known.kind,
        "reason_code": command.reason_code == known.reason_code,
    }
    for field, is_same in same.items():
        if not is_same:
            return TransactionPayloadMismatch(command.reversal_id, field)
    return Replay(known.sequence, result=then.result)


def reverse(command: ReverseDeposit, deposit: Deposit, amount: int, draft: Draft) -> Reversal:
    """Takes an amount from the deposit's bucket, then from others, and then as debt.

    For a bucket that is retired since, its successor gives.
    """
    asset_code = deposit.asset_code
    code = draft.configuration.topology.value.live_code(deposit.bucket)
    taken = take(draft, code, amount, asset_code, CASH)
    owed = owe(draft, code, amount - taken, asset_code, CASH)
    return Reversal(
        command.reversal_id, amount, command.kind, owed, draft.sequence, command.reason_code
    )


def reversed_by(deposit: Deposit, reversal: Reversal) -> Deposit:
    """Returns a deposit after one more reversal."""
    after = as_after(deposit, (*deposit.reversals, reversal))
    return replace(after, revision=deposit.revision + 1)


def as_after(deposit: Deposit, reversals: tuple[Reversal, ...]) -> Deposit:
    """Returns a deposit as it is after these reversals, of which there is one at least."""
    taken_back = replace(deposit, reversals=reversals)
    if taken_back.outstanding:
        return replace(taken_back, state=DepositState.PARTIALLY_REVERSED)
    return replace(taken_back, state=WHOLE_STATE[reversals[-1].kind])
