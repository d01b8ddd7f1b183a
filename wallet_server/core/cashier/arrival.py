"""What money must be that arrives as a deposit, whether it is announced or there."""

from typing import TypeAlias

from wallet_server.core.amounts import check_asset
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.commands import ApproveDeposit, CreateDeposit
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.draft import Draft
from wallet_server.core.players.limits import check_deposit, count_deposit
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.players.status_rules import forbids
from wallet_server.core.refusals import (
    BucketDraining,
    BucketNotDepositable,
    BucketUnknownInTopology,
    Refusal,
    TransactionPayloadMismatch,
)

Arrival: TypeAlias = CreateDeposit | ApproveDeposit


def check_arrival(command: Arrival, draft: Draft) -> Refusal | None:
    """Refuses what the active topology or the account's status does not let in.

    Money that has come while the account is FROZEN is let in: it waits in suspense.
    """
    bucket_type = draft.configuration.topology.value.bucket_by_code.get(command.bucket)
    if bucket_type is None:
        return BucketUnknownInTopology(command.bucket)
    if mismatch := check_asset("amount", command.amount, bucket_type.asset_in(draft.currency)):
        return mismatch
    if not waits_in_suspense(command, draft):
        policy = draft.configuration.wallet_policy.value
        if refusal := forbids(command, draft.player.status, policy):
            return refusal
    if not bucket_type.depositable:
        return BucketNotDepositable(command.bucket)
    if bucket_type.status is BucketStatus.DRAINING:
        return BucketDraining(command.bucket)
    return None


def waits_in_suspense(command: Arrival, draft: Draft) -> bool:
    """Tells whether the money is there, and may not be credited as the account is FROZEN."""
    is_frozen = draft.player.status is AccountStatus.FROZEN
    return is_frozen and isinstance(command, ApproveDeposit)


def find_difference(
    command: Arrival, known: Deposit, bucket: str
) -> TransactionPayloadMismatch | None:
    """Refuses a command that says otherwise than the deposit that it names.

    `bucket` is the one that it must say. A method and a payout that it leaves out are those that
    are known.
    """
    same = {
        "amount": command.amount.minor_units == known.amount,
        "bucket": command.bucket == bucket,
        "method": command.method in {"", known.method},
        "withdrawal_id": command.withdrawal_id in {"", known.withdrawal_id},
    }
    for field, is_same in same.items():
        if not is_same:
            return TransactionPayloadMismatch(command.deposit_id, field)
    return None


def count_new(deposit: Deposit, draft: Draft) -> Refusal | None:
    """Counts a deposit for the player's limits, or refuses it: a recycled payout counts nothing."""
    if deposit.withdrawal_id:
        return None
    refusal = check_deposit(draft, deposit.amount)
    if refusal is None:
        count_deposit(draft, deposit.amount, draft.now)
    return refusal


def count_on_approval(deposit: Deposit, draft: Draft) -> Refusal | None:
    """Counts a deposit now and no longer where it was counted when it came, or refuses it."""
    if deposit.withdrawal_id:
        return None
    refusal = check_deposit(draft, deposit.amount, counted_since=deposit.create_time)
    if refusal is None:
        stop_counting(deposit, draft)
        count_deposit(draft, deposit.amount, draft.now)
    return refusal


def stop_counting(deposit: Deposit, draft: Draft) -> None:
    """Gives back to the player's limits what a deposit took that is not approved yet."""
    if not deposit.withdrawal_id:
        count_deposit(draft, -deposit.amount, deposit.create_time)
