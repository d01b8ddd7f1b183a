"""What can be won."""

from enum import StrEnum


class WinKind(StrEnum):
    """What was won. Only a ROUND win needs a bet, and shares its bets' sources."""

    ROUND = "ROUND"
    FREE_ROUND = "FREE_ROUND"
    PROMO_WIN = "PROMO_WIN"
    JACKPOT = "JACKPOT"
