"""Changing a balance by an operator's decision."""

from datetime import datetime

from wallet_server.core.accounts import ADJUST, bucket
from wallet_server.core.amounts import check_asset
from wallet_server.core.cashier.adjustment import AdjustmentKind
from wallet_server.core.cashier.four_eyes import (
    answer_again,
    apply,
    find_adjustment,
    new_adjustment,
)
from wallet_server.core.commands import AdjustBalance
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.decision import Decision
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import (
    BucketDraining,
    BucketFrozen,
    BucketNotAdjustable,
    BucketUnknownInTopology,
    InsufficientFunds,
    Refusal,
)
from wallet_server.core.wallet import Wallet


def decide_adjust_balance(
    command: AdjustBalance, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Adds to a bucket or takes away what it holds, never more.

    A large one is made when a second person says the same.
    """
    draft = Draft(wallet, configuration, now)
    said = new_adjustment(command, AdjustmentKind.BALANCE, draft)
    known = find_adjustment(draft, command.adjustment_id)
    if known is not None and (again := answer_again(said, known)) is not None:
        return again
    if refusal := check(command, draft):
        return refusal
    account = bucket(command.bucket)
    source, target = (ADJUST, account) if said.amount > 0 else (account, ADJUST)
    return apply(said, known, command.actor, draft, source=source, target=target)


def check(command: AdjustBalance, draft: Draft) -> Refusal | None:
    """Refuses what the active topology does not let in or out, and what is not there."""
    bucket_type = draft.configuration.topology.value.bucket_by_code.get(command.bucket)
    if bucket_type is None:
        return BucketUnknownInTopology(command.bucket)
    if mismatch := check_asset("amount", command.amount, bucket_type.asset_in(draft.currency)):
        return mismatch
    if not bucket_type.adjustable:
        return BucketNotAdjustable(command.bucket)
    amount = command.amount.minor_units
    if amount > 0:
        is_draining = bucket_type.status is BucketStatus.DRAINING
        return BucketDraining(command.bucket) if is_draining else None
    if command.bucket in draft.before.frozen_buckets:
        return BucketFrozen(command.bucket)
    available = draft.balance(bucket(command.bucket))
    return InsufficientFunds(-amount, available) if available < -amount else None
