"""Taking a promotion's value out of a wallet."""

from wallet_server.core import taking_back
from wallet_server.core.accounts import PROMO
from wallet_server.core.draft import Draft
from wallet_server.core.promotions.promotion import Promotion


def take_back(promotion: Promotion, draft: Draft) -> int:
    """Takes what the promotion's bucket still holds of it. Returns how much that was.

    For a bucket that is retired since, its successor gives.
    """
    code = draft.configuration.topology.value.live_code(promotion.bucket)
    return taking_back.take(draft, code, promotion.outstanding, promotion.asset_code, PROMO)


def owe(promotion: Promotion, missing: int, draft: Draft) -> int:
    """Takes what is missing from the player's own money, and then as debt. Returns it."""
    code = draft.configuration.topology.value.live_code(promotion.bucket)
    taking_back.owe(draft, code, missing, promotion.asset_code, PROMO)
    return missing
