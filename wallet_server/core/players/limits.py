"""Whether a player's limits leave room, and what counts for them."""

from datetime import datetime

from wallet_server.core.draft import Draft
from wallet_server.core.refusals import DepositLimit, LimitRateMissing


def check_deposit(
    draft: Draft, amount: int, *, counted_since: datetime | None = None
) -> DepositLimit | LimitRateMissing | None:
    """Refuses a deposit that exceeds what the player may pay in."""
    del draft, amount, counted_since
    return None


def count_deposit(draft: Draft, amount: int, at: datetime) -> None:
    """Counts a deposit at a time; a negative amount takes back what was counted then."""
    del draft, amount, at
