"""Announcing money that is on its way."""

from datetime import datetime, timedelta

from wallet_server.core.amounts import check_asset
from wallet_server.core.cashier.arrival import check_arrival, count_new, find_difference
from wallet_server.core.cashier.credit_deposit import credit_deposit
from wallet_server.core.cashier.deposit import Deposit, DepositState, deposit_key
from wallet_server.core.cashier.recycling import check_recycling
from wallet_server.core.commands import ApproveDeposit, CreateDeposit
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.wallet_policy import DepositRules
from wallet_server.core.decision import APPLIED, Decision, Outcome, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import Refusal
from wallet_server.core.results import DepositResult
from wallet_server.core.wallet import Wallet


def decide_create_deposit(
    command: CreateDeposit, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Announces a deposit, or approves it at once where the wallet policy trusts its method.

    It counts for the player's limits from now on.
    """
    draft = Draft(wallet, configuration, now)
    known = draft.item(deposit_key(command.deposit_id), Deposit)
    if known is not None:
        return answer_again(command, known)
    deposit = new_deposit(command, draft)
    refusal = (
        check_arrival(command, draft)
        or check_recycling(deposit, draft)
        or count_new(deposit, draft)
    )
    if refusal is not None:
        return refusal
    draft.put_item(deposit)
    rules = configuration.wallet_policy.value.deposits
    if command.method in rules.methods_approved_at_once:
        credited = credit_deposit(deposit, draft)
        if isinstance(credited, Refusal):
            return credited
        deposit = credited
    return draft.change(APPLIED, result=deposit.result)


def new_deposit(command: CreateDeposit | ApproveDeposit, draft: Draft) -> Deposit:
    """Returns a deposit as it is announced by now, in the asset of its amount."""
    rules = draft.configuration.wallet_policy.value.deposits
    return Deposit(
        deposit_id=command.deposit_id,
        state=DepositState.CREATED,
        bucket=command.bucket,
        asset_code=command.amount.asset_code,
        amount=command.amount.minor_units,
        sequence=draft.sequence,
        create_time=draft.now,
        method=command.method,
        withdrawal_id=command.withdrawal_id,
        expire_time=expire_time_of(rules, draft.now),
    )


def expire_time_of(rules: DepositRules, now: datetime) -> datetime | None:
    """Returns when a deposit that is announced now expires, if it ever does."""
    seconds = rules.expires_after_seconds
    return None if seconds is None else now + timedelta(seconds=seconds)


def answer_again(command: CreateDeposit, known: Deposit) -> Decision:
    """Answers a deposit that is known: as the first time, if it says the same."""
    if mismatch := check_asset("amount", command.amount, known.asset_code):
        return mismatch
    bucket = known.announced_bucket or known.bucket
    if difference := find_difference(command, known, bucket):
        return difference
    is_suspended = known.suspend_sequence == known.sequence
    return Replay(
        known.sequence,
        outcome=Outcome.REVIEW if is_suspended else APPLIED,
        result=result_at_first(known),
    )


def result_at_first(known: Deposit) -> DepositResult:
    """Returns what the command told that made a deposit known."""
    if known.approve_sequence == known.sequence:
        return result_of_approval(known)
    return DepositResult(known.deposit_id, DepositState.CREATED.value)


def result_of_approval(known: Deposit) -> DepositResult:
    """Returns what the command told that approved a deposit."""
    return DepositResult(
        known.deposit_id, DepositState.APPROVED.value, requirement_id=known.requirement_id
    )
