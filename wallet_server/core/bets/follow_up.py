"""What follows from a change of a bet: for coupons, rolling requirements, and limits."""

from wallet_server.core.accounts import is_coupon_source
from wallet_server.core.bets.bet import Bet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.coupons.effects import settle_grants
from wallet_server.core.draft import Draft
from wallet_server.core.players.bet_limits import count_bet, limits_bets
from wallet_server.core.rolling.contribution import contribute
from wallet_server.core.wallet import Wallet


def stands_alone(bet: Bet, wallet: Wallet, configuration: Configuration) -> bool:
    """Tells whether nothing can follow from a change of a bet, as is so for most."""
    return not (
        wallet.items
        or bet.contributions
        or limits_bets(wallet.player, configuration)
        or any(is_coupon_source(line.source) for line in bet.lines)
    )


def take_bet(draft: Draft, before: Bet | None, after: Bet) -> Bet:
    """Makes a bet what it is after a change that is posted, with all that follows from it.

    Returns the bet as it then is. When all bets of a command are taken, `pass_on` must follow.
    """
    if limits_bets(draft.player, draft.configuration):
        count_bet(draft, before, after)
    settle_grants(draft, before, after)
    after = contribute(draft, after)
    draft.put_bet(after)
    return after
