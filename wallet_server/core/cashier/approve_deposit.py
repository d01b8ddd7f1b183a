"""Crediting money that has arrived."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import CASH, bucket, debt
from wallet_server.core.amounts import check_asset
from wallet_server.core.cashier.deposit import Deposit, DepositState, deposit_key
from wallet_server.core.commands import ApproveDeposit
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.decision import APPLIED, Decision, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.entry import Entry, Move, net
from wallet_server.core.players.status_rules import forbids
from wallet_server.core.refusals import (
    BucketDraining,
    BucketNotDepositable,
    BucketUnknownInTopology,
    Refusal,
    TransactionPayloadMismatch,
)
from wallet_server.core.rolling.open_requirement import open_requirement
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rolling.requirement import RequirementOrigin, RollingTerms
from wallet_server.core.wallet import Wallet


def decide_approve_deposit(
    command: ApproveDeposit, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Credits a deposit to a bucket that the active topology lets it into."""
    draft = Draft(wallet, configuration, now)
    known = draft.item(deposit_key(command.deposit_id), Deposit)
    if known is not None:
        return answer_again(command, known)
    bucket_type = configuration.topology.value.bucket_by_code.get(command.bucket)
    if bucket_type is None:
        return BucketUnknownInTopology(command.bucket)
    asset_code = bucket_type.asset_in(wallet.ref.currency_code)
    if mismatch := check_asset("amount", command.amount, asset_code):
        return mismatch
    if refusal := forbids(command, wallet.status, configuration.wallet_policy.value):
        return refusal
    if not bucket_type.depositable:
        return BucketNotDepositable(command.bucket)
    if bucket_type.status is BucketStatus.DRAINING:
        return BucketDraining(command.bucket)

    deposit = Deposit(
        deposit_id=command.deposit_id,
        bucket=command.bucket,
        asset_code=asset_code,
        amount=command.amount.minor_units,
        state=DepositState.APPROVED,
        sequence=wallet.sequence + 1,
        create_time=now,
        approve_time=now,
        approve_sequence=wallet.sequence + 1,
    )
    policy = configuration.wallet_policy.value
    entry = credit(deposit, wallet, repays_debt=policy.deposits_repay_debt)
    draft.put_item(deposit)
    draft.post(entry.asset_code, entry.changes)
    if policy.deposit_rolling is not None:
        refusal = open_deposit_rolling(deposit, entry, policy.deposit_rolling, draft)
        if refusal is not None:
            return refusal
    return draft.change(APPLIED)


def credit(deposit: Deposit, wallet: Wallet, *, repays_debt: bool) -> Entry:
    """Returns the entry of a deposit; debt of its asset is repaid first if so decided."""
    owed = debt(deposit.asset_code)
    repaid = min(deposit.amount, -wallet.balance(owed)) if repays_debt else 0
    moves = (
        Move(CASH, owed, repaid),
        Move(CASH, bucket(deposit.bucket), deposit.amount - repaid),
    )
    return Entry(deposit.asset_code, net(moves))


def open_deposit_rolling(
    deposit: Deposit, entry: Entry, terms: RollingTerms, draft: Draft
) -> Refusal | None:
    """Opens a requirement on what of a deposit reaches its bucket, if any does."""
    credited = entry.changes.get(bucket(deposit.bucket), 0)
    if credited:
        requirement = open_requirement(
            draft,
            bucket=deposit.bucket,
            asset_code=deposit.asset_code,
            amount=credited,
            terms=terms,
            origin=RequirementOrigin.DEPOSIT,
            origin_id=deposit.deposit_id,
        )
        if isinstance(requirement, Refusal):
            return requirement
        draft.put_item(replace(deposit, requirement_id=requirement.requirement_id))
        pass_on(draft)
    return None


def answer_again(command: ApproveDeposit, known: Deposit) -> Decision:
    """Answers a deposit that is known: as the first time, if it says the same."""
    if mismatch := check_asset("amount", command.amount, known.asset_code):
        return mismatch
    if command.amount.minor_units != known.amount:
        return TransactionPayloadMismatch(command.deposit_id, "amount")
    if command.bucket != known.bucket:
        return TransactionPayloadMismatch(command.deposit_id, "bucket")
    return Replay(known.approve_sequence)
