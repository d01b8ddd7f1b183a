"""Crediting money that has arrived."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import CASH, SUSPENSE
from wallet_server.core.amounts import check_asset
from wallet_server.core.cashier.arrival import (
    check_arrival,
    count_new,
    count_on_approval,
    find_difference,
    waits_in_suspense,
)
from wallet_server.core.cashier.create_deposit import new_deposit, result_of_approval
from wallet_server.core.cashier.credit_deposit import credit_deposit
from wallet_server.core.cashier.deposit import Deposit, DepositState, deposit_key
from wallet_server.core.cashier.recycling import check_recycling
from wallet_server.core.commands import ApproveDeposit
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Decision, Outcome, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import IllegalTransition, Refusal
from wallet_server.core.wallet import Wallet

CREATED = DepositState.CREATED
NEVER_CAME = frozenset({DepositState.DECLINED, DepositState.EXPIRED})


def decide_approve_deposit(
    command: ApproveDeposit, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Credits a deposit to a bucket that the active topology lets it into.

    It need not have been announced, and may go to another bucket than was said then. While the
    account is FROZEN the money waits in suspense, and the deposit for another approval.
    """
    draft = Draft(wallet, configuration, now)
    known = draft.item(deposit_key(command.deposit_id), Deposit)
    if known is not None and (again := answer_again(command, known, draft)) is not None:
        return again
    if refusal := check_arrival(command, draft):
        return refusal
    if known is None:
        deposit = replace(new_deposit(command, draft), expire_time=None)
    else:
        deposit = announced(command, known)
    if refusal := check_recycling(deposit, draft):
        return refusal
    if waits_in_suspense(command, draft):
        return suspend(deposit, known, draft)
    return approve(deposit, known, draft)


def answer_again(command: ApproveDeposit, known: Deposit, draft: Draft) -> Decision | None:
    """Answers a deposit that is known, unless it may be approved now.

    Only then the bucket may be another than the one that is known.
    """
    if mismatch := check_asset("amount", command.amount, known.asset_code):
        return mismatch
    waits_on = known.suspended and waits_in_suspense(command, draft)
    is_free = known.state is CREATED and not waits_on
    if difference := find_difference(command, known, command.bucket if is_free else known.bucket):
        return difference
    if known.state in NEVER_CAME:
        return IllegalTransition(known.deposit_id, known.state.value, type(command).__name__)
    if known.state is not CREATED:
        return Replay(known.approve_sequence, result=result_of_approval(known))
    if waits_on:
        return Replay(known.suspend_sequence, outcome=Outcome.REVIEW, result=known.result)
    return None


def announced(command: ApproveDeposit, known: Deposit) -> Deposit:
    """Returns a deposit that was announced with what its approval says of it."""
    moved = command.bucket != known.bucket
    first = known.announced_bucket or known.bucket
    return replace(
        known,
        bucket=command.bucket,
        announced_bucket=first if moved else known.announced_bucket,
        revision=known.revision + 1,
    )


def suspend(deposit: Deposit, known: Deposit | None, draft: Draft) -> Decision:
    """Lets the money wait. It counts for limits as it does since it was announced."""
    if known is None and (refusal := count_new(deposit, draft)):
        return refusal
    suspended = replace(deposit, suspended=True, suspend_sequence=draft.sequence)
    draft.put_item(suspended)
    draft.move(deposit.asset_code, CASH, SUSPENSE, deposit.amount)
    return draft.change(Outcome.REVIEW, result=suspended.result)


def approve(deposit: Deposit, known: Deposit | None, draft: Draft) -> Decision:
    """Credits the money. It counts for limits from now on."""
    count = count_new if known is None else count_on_approval
    if refusal := count(deposit, draft):
        return refusal
    credited = credit_deposit(deposit, draft)
    if isinstance(credited, Refusal):
        return credited
    return draft.change(APPLIED, result=credited.result)
