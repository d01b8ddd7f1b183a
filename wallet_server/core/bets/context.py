"""What a provider says about a bet, for terms that depend on it."""

from wallet_server.core.value import value


@value
class BetContext:
    """What a bet is on. Empty or `None` where the provider did not say.

    `odds_milli` are decimal odds in thousandths; `legs` the number of selections.
    """

    game_id: str = ""
    sport: str = ""
    competition: str = ""
    bet_type: str = ""
    legs: int | None = None
    odds_milli: int | None = None


NO_CONTEXT = BetContext()
