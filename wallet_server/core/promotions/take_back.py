"""Taking a promotion's value out of a wallet."""

from wallet_server.core.accounts import PROMO, bucket, debt
from wallet_server.core.draft import Draft
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.recovery import stand_ins


def take_back(promotion: Promotion, draft: Draft) -> int:
    """Takes what the promotion's bucket still holds of it. Returns how much that was.

    For a bucket that is retired since, its successor gives.
    """
    code = draft.configuration.topology.value.live_code(promotion.bucket)
    return take(code, promotion.outstanding, promotion.asset_code, draft)


def owe(promotion: Promotion, missing: int, draft: Draft) -> int:
    """Takes what is missing from the player's own money, and then as debt. Returns it.

    Other buckets give in the order and to the extent that corrections of bets go by. Only
    those of the promotion's asset do: points are never paid for with money.
    """
    configuration = draft.configuration
    topology, policy = configuration.topology.value, configuration.wallet_policy.value
    code = topology.live_code(promotion.bucket)
    owed = missing
    for other in stand_ins(code, topology.recovery_order, policy.recovery_scope, topology):
        owed -= take(other, owed, promotion.asset_code, draft)
    draft.move(promotion.asset_code, debt(promotion.asset_code), PROMO, owed)
    return missing


def take(code: str, wanted: int, asset_code: str, draft: Draft) -> int:
    """Moves what a bucket has to the house, at most what is wanted. A frozen one gives none."""
    if code in draft.before.frozen_buckets:
        return 0
    taken = min(wanted, draft.balance(bucket(code)))
    draft.move(asset_code, bucket(code), PROMO, taken)
    return taken
