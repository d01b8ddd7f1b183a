"""How a bet would be funded, without placing it."""

from wallet_server.core.bets.bet import FundingLine, Snapshot
from wallet_server.core.refusals import Refusal
from wallet_server.core.value import value


@value
class ConsideredSource:
    """A source that might pay, with what could be taken from it.

    `restriction` is what keeps a coupon from paying for this bet; nothing could be taken then.
    """

    source: str
    available: int
    restriction: str = ""


@value
class FundingExplanation:
    """What each source would pay, or why the bet would be refused."""

    sequence: int
    provider_type: str = ""
    snapshot: Snapshot | None = None
    lines: tuple[FundingLine, ...] = ()
    considered: tuple[ConsideredSource, ...] = ()
    refusal: Refusal | None = None
