"""Changing a balance by an operator's decision."""

from wallet_server.core.accounts import ADJUST, bucket
from wallet_server.core.amounts import check_asset
from wallet_server.core.commands import AdjustBalance
from wallet_server.core.config.topology import BucketStatus, Topology
from wallet_server.core.decision import Change, Decision, Outcome
from wallet_server.core.entry import Entry, Move, net
from wallet_server.core.refusals import (
    BucketDraining,
    BucketFrozen,
    BucketNotAdjustable,
    BucketUnknownInTopology,
    InsufficientFunds,
)
from wallet_server.core.wallet import Wallet


def decide_adjust_balance(command: AdjustBalance, wallet: Wallet, topology: Topology) -> Decision:
    """Adds to a bucket or takes away what it holds, never more."""
    bucket_type = topology.bucket_by_code.get(command.bucket)
    if bucket_type is None:
        return BucketUnknownInTopology(command.bucket)
    asset_code = bucket_type.asset_in(wallet.ref.currency_code)
    if mismatch := check_asset("amount", command.amount, asset_code):
        return mismatch
    if not bucket_type.adjustable:
        return BucketNotAdjustable(command.bucket)

    account = bucket(command.bucket)
    amount = command.amount.minor_units
    if amount > 0:
        if bucket_type.status is BucketStatus.DRAINING:
            return BucketDraining(command.bucket)
        move = Move(ADJUST, account, amount)
    else:
        if command.bucket in wallet.frozen_buckets:
            return BucketFrozen(command.bucket)
        if wallet.balance(account) < -amount:
            return InsufficientFunds(required=-amount, available=wallet.balance(account))
        move = Move(account, ADJUST, -amount)
    return Change(Outcome.APPLIED, (Entry(asset_code, net([move])),))
