"""What bets count for rolling requirements."""

from wallet_server.core.bets.bet import Bet
from wallet_server.core.draft import Draft


def contribute(draft: Draft, before: Bet | None, after: Bet) -> Bet:
    """Brings requirements to what a bet counts for them now. Returns the bet with that.

    A bet counts what was consumed of each line, by the weight in its snapshot. Counted is an
    absolute total per line and requirement, so a change of the bet changes it by the
    difference.
    """
    raise NotImplementedError
