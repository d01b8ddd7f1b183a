"""Ending a deposit that does not arrive, or is sent back."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import CASH, SUSPENSE
from wallet_server.core.cashier.arrival import stop_counting
from wallet_server.core.cashier.deposit import Deposit, DepositState, deposit_key
from wallet_server.core.commands import DeclineDeposit
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import DepositNotFound, IllegalTransition
from wallet_server.core.wallet import Wallet


def decide_decline_deposit(
    command: DeclineDeposit, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Ends a deposit that is not approved. What waits in suspense goes back to its payer.

    The scheduler's command does nothing before the deposit's time, or where it is over.
    """
    draft = Draft(wallet, configuration, now)
    deposit = draft.item(deposit_key(command.deposit_id), Deposit)
    if deposit is None:
        return DepositNotFound(command.deposit_id)
    due = deposit.due_time is not None and deposit.due_time <= now
    if deposit.state is DepositState.DECLINED or (command.expired and not due):
        return draft.change(Outcome.ALREADY_APPLIED, result=deposit.result)
    if deposit.state is not DepositState.CREATED:
        return IllegalTransition(deposit.deposit_id, deposit.state.value, type(command).__name__)
    if deposit.suspended:
        draft.move(deposit.asset_code, SUSPENSE, CASH, deposit.amount)
    stop_counting(deposit, draft)
    ended = replace(
        deposit,
        state=DepositState.EXPIRED if command.expired else DepositState.DECLINED,
        suspended=False,
        reason_code=command.reason_code,
        revision=deposit.revision + 1,
    )
    draft.put_item(ended)
    return draft.change(APPLIED, result=ended.result)
