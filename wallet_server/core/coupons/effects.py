"""What bets do to the coupon grants that paid for them."""

from wallet_server.core.bets.bet import Bet
from wallet_server.core.draft import Draft


def settle_grants(draft: Draft, before: Bet | None, after: Bet) -> None:
    """Brings the grants of a bet to where the bet's change puts them.

    The change is posted already, so that the grants' balances are those after it. A grant
    that is used up or has value again changes its state; value that came back to one that is
    over is taken back or, after its expiry, lives again for the grace that the bet's snapshot
    gives.
    """
    raise NotImplementedError
