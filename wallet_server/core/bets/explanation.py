"""How a bet would be funded, without placing it."""

from wallet_server.core.bets.bet import FundingLine, Snapshot
from wallet_server.core.refusals import Refusal
from wallet_server.core.value import value


@value
class ConsideredSource:
    """A source that might pay, with what could be taken from it."""

    source: str
    available: int


@value
class FundingExplanation:
    """What each source would pay, or why the bet would be refused."""

    sequence: int
    provider_type: str = ""
    snapshot: Snapshot | None = None
    lines: tuple[FundingLine, ...] = ()
    considered: tuple[ConsideredSource, ...] = ()
    refusal: Refusal | None = None
