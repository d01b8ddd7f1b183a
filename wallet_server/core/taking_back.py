"""Taking money out of a wallet that was credited to it, as far as it is there."""

from wallet_server.core.accounts import Account, bucket, debt
from wallet_server.core.draft import Draft
from wallet_server.core.recovery import stand_ins


def take(draft: Draft, code: str, wanted: int, asset_code: str, target: Account) -> int:
    """Moves what a bucket has, at most what is wanted. A frozen one gives none."""
    if code in draft.before.frozen_buckets:
        return 0
    taken = min(wanted, draft.balance(bucket(code)))
    draft.move(asset_code, bucket(code), target, taken)
    return taken


def owe(draft: Draft, code: str, missing: int, asset_code: str, target: Account) -> int:
    """Takes what a bucket does not have from others, and then as debt. Returns the debt.

    Others give in the order and to the extent that corrections of bets go by. Only those of the
    same asset do: points are never paid for with money.
    """
    configuration = draft.configuration
    topology, policy = configuration.topology.value, configuration.wallet_policy.value
    owed = missing
    for other in stand_ins(code, topology.recovery_order, policy.recovery_scope, topology):
        owed -= take(draft, other, owed, asset_code, target)
    draft.move(asset_code, debt(asset_code), target, owed)
    return owed
