"""How a bet would be funded, without placing it."""

from dataclasses import dataclass

from wallet_server.core.bets.bet import FundingLine, Snapshot
from wallet_server.core.refusals import Refusal


@dataclass(frozen=True, slots=True)
class ConsideredSource:
    """A source that might pay, with what could be taken from it."""

    source: str
    available: int


@dataclass(frozen=True, slots=True)
class FundingExplanation:
    """What each source would pay, or why the bet would be refused."""

    sequence: int
    provider_type: str = ""
    snapshot: Snapshot | None = None
    lines: tuple[FundingLine, ...] = ()
    considered: tuple[ConsideredSource, ...] = ()
    refusal: Refusal | None = None
