"""What all commands on a known withdrawal share."""

from dataclasses import replace

from wallet_server.core.accounts import CASH, Account, bucket, hold
from wallet_server.core.cashier.forfeiting import (
    forfeit_for_ever,
    give_back,
    take_over,
)
from wallet_server.core.cashier.withdrawal import Withdrawal, WithdrawalState, withdrawal_key
from wallet_server.core.decision import APPLIED, Change, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import IllegalTransition
from wallet_server.core.rolling.pass_on import pass_on


def find_withdrawal(draft: Draft, withdrawal_id: str) -> Withdrawal | None:
    """Returns the wallet's withdrawal of that id, if there is one."""
    return draft.item(withdrawal_key(withdrawal_id), Withdrawal)


def as_before(draft: Draft, withdrawal: Withdrawal) -> Change:
    """Answers that nothing was to be done, with the withdrawal as it is."""
    return draft.change(Outcome.ALREADY_APPLIED, result=withdrawal.result)


def cannot_start(command: object, withdrawal: Withdrawal) -> IllegalTransition:
    """Refuses a command that the withdrawal's state is none for."""
    return IllegalTransition(
        withdrawal.withdrawal_id, withdrawal.state.value, type(command).__name__
    )


def put(draft: Draft, withdrawal: Withdrawal, outcome: Outcome = APPLIED) -> Change:
    """Keeps a withdrawal as it was changed, and answers with it."""
    changed = replace(withdrawal, revision=withdrawal.revision + 1)
    draft.put_item(changed)
    pass_on(draft)
    return draft.change(outcome, result=changed.result)


def end_unpaid(draft: Draft, withdrawal: Withdrawal, state: WithdrawalState) -> Withdrawal:
    """Ends a withdrawal of which nothing was paid: all of it goes back, forfeits too."""
    to_lines(draft, withdrawal, hold(withdrawal.withdrawal_id), withdrawal.amount)
    forfeited = give_back(draft, withdrawal)
    return replace(withdrawal, state=state, forfeited=forfeited, end_sequence=draft.sequence)


def end_paid(draft: Draft, withdrawal: Withdrawal, paid: int) -> Withdrawal:
    """Ends a withdrawal of which an amount was paid. The rest goes back, if there is any.

    Only one that was paid whole ends the bonus that was given up for it.
    """
    rest = withdrawal.amount - paid
    if not rest:
        withdrawal = take_over(draft, withdrawal)
    account = hold(withdrawal.withdrawal_id)
    draft.move(withdrawal.asset_code, account, CASH, paid)
    to_lines(draft, withdrawal, account, rest)
    state = WithdrawalState.PARTIALLY_PAID if rest else WithdrawalState.PAID
    forfeited = (give_back if rest else forfeit_for_ever)(draft, withdrawal)
    return replace(
        withdrawal, state=state, paid=paid, forfeited=forfeited, end_sequence=draft.sequence
    )


def to_lines(draft: Draft, withdrawal: Withdrawal, source: Account, amount: int) -> None:
    """Moves an amount back to the buckets that gave, to the last first.

    For a bucket that is retired since, its successor takes it.
    """
    topology = draft.configuration.topology.value
    for line in reversed(withdrawal.lines):
        part = min(amount, line.amount)
        target = bucket(topology.live_code(line.bucket))
        draft.move(withdrawal.asset_code, source, target, part)
        amount -= part
    assert amount == 0
