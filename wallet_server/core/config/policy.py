"""What a policy can say: how bets are funded and paid out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.core.value import value


class BreachAction(StrEnum):
    """What happens to a stake that is too large for restricted money."""

    DECLINE = "DECLINE"
    CASH_ONLY = "CASH_ONLY"


@value
class AutoOrder:
    """Each source is emptied before the next is touched."""

    order: tuple[str, ...]


@value
class SelectableSource:
    """One thing that a player may choose, and what then pays."""

    name: str
    sources: tuple[str, ...]


@value
class PlayerSelected:
    """The player chooses one set of sources; there is no falling through to others."""

    choices: tuple[SelectableSource, ...]


@value
class WeightedSource:
    """A source with its weight among the others."""

    source: str
    weight: int = 0


@value
class Proportional:
    """All sources pay together, by their weights; by their balances if all are zero."""

    sources: tuple[WeightedSource, ...]


FundingMode: TypeAlias = AutoOrder | PlayerSelected | Proportional


@value
class Destinations:
    """Where a source's part of a payout goes. Refunds go back to the source.

    `stake_target` is `None` where the stake is not returned: then only what a
    payout has beyond it is paid. `profit_cap` limits the profit of the funding
    line over the life of the bet; what exceeds it stays with the house.
    """

    stake_target: str | None
    profit_target: str
    profit_cap: int | None = None


@value
class SourceDestinations:
    """Where the parts of a bet that one source paid for go."""

    source: str
    destinations: Destinations


@value
class CouponRules:
    """Whether coupons may pay for bets, and how many for one.

    In an order, `COUPON` marks where coupons pay that nobody named. One that is named pays
    first, in any mode.
    """

    per_bet_max: int = 1


@value
class RollingRules:
    """What bets count for rolling requirements.

    `weight_bp` is in hundredths of a percent: 10,000 is all of the stake that was played.
    `odds_milli_min` are decimal odds in thousandths: a bet below them, or without odds, counts
    nothing. `parallel`: a stake counts for all requirements at once, and not for the
    oldest first.
    """

    weight_bp: int = 10_000
    odds_milli_min: int | None = None
    excluded_game_ids: tuple[str, ...] = ()
    counts_cash_outs: bool = True
    parallel: bool = False


@value
class WinDestination:
    """Where wins of a kind go that need no bet, and the requirement they open, if any."""

    kind: WinKind
    target: str
    rolling: RollingTerms | None = None


ORDINARY_COUPONS = CouponRules()
ORDINARY_ROLLING = RollingRules()

COUPON_SLOT = "COUPON"
"""Stands in an order for coupons. No bucket may have this code."""


@dataclass(frozen=True)
class Policy:
    """How the bets of one provider type are funded and paid out.

    `product` is what kind of product it offers, such as BETTING or CASINO, for laws that keep
    those apart; empty where it is a kind of its own.
    """

    provider_type: str
    funding_mode: FundingMode
    destinations: tuple[SourceDestinations, ...]
    max_stake_with_bonus: int | None = None
    breach_action: BreachAction = BreachAction.DECLINE
    coupons: CouponRules = ORDINARY_COUPONS
    rolling: RollingRules = ORDINARY_ROLLING
    win_destinations: tuple[WinDestination, ...] = ()
    product: str = ""

    @cached_property
    def destinations_by_source(self) -> Mapping[str, Destinations]:
        """The destinations by the source they are for."""
        return {each.source: each.destinations for each in self.destinations}
