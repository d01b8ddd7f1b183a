"""What only one bet was placed with: coupons, a context. Most bets have none of it.

Coupons are not among a bet's terms, which are kept once for many bets: each has a grant of
its own.
"""

from collections.abc import Sequence
from typing import Any

from wallet_server.core.bets.bet import Bet, CouponLine, FundingLine
from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.config.policy import Destinations
from wallet_server.core.coupons.grant import VoidBehavior
from wallet_server.storage.json_text import Document, from_json, to_json


def particulars_of(bet: Bet) -> dict[str, Any]:
    """Returns what is particular of a bet. What is not said is left out."""
    document = wish_of(bet)
    coupons = [
        [place, *coupon_to_plain(line)] for place, line in enumerate(bet.lines) if line.coupon
    ]
    if coupons:
        document["coupons"] = coupons
    return document


def wish_of(bet: Bet) -> dict[str, Any]:
    """Returns what the caller said of a bet that few say."""
    document: dict[str, Any] = {}
    if bet.coupon_grant_id:
        document["coupon_grant_id"] = bet.coupon_grant_id
    if bet.free_round:
        document["free_round"] = True
    if bet.context is not NO_CONTEXT and bet.context != NO_CONTEXT:
        names = ("game_id", "sport", "competition", "bet_type", "legs", "odds_milli")
        document["context"] = [getattr(bet.context, name) for name in names]
    return document


def particulars_to_json(bet: Bet) -> str | None:
    """Returns the particulars of a bet as a document; none if there are none."""
    document = particulars_of(bet)
    return to_json(document) if document else None


def read_wish(document: Document) -> dict[str, Any]:
    """Returns the fields of a bet that a document of particulars says, by their names."""
    context = document.get("context")
    return {
        "coupon_grant_id": document.get("coupon_grant_id", ""),
        "free_round": document.get("free_round", False),
        "context": BetContext(*context) if context else NO_CONTEXT,
    }


def read_particulars(text: str | None) -> Document:
    """Returns a document of particulars; an empty one where there is none."""
    return from_json(text) if text else {}


def with_coupons(lines: Sequence[FundingLine], document: Document) -> tuple[FundingLine, ...]:
    """Returns a bet's funding lines: those of its terms, and its coupons at their places."""
    coupons = document.get("coupons")
    if not coupons:
        return tuple(lines)
    whole = list(lines)
    for place, *plain in coupons:
        whole.insert(place, coupon_from_plain(*plain))
    return tuple(whole)


def coupon_to_plain(line: FundingLine) -> list[Any]:
    """Returns a coupon's funding line as plain data."""
    assert line.coupon is not None
    return [
        line.source,
        line.amount,
        line.destinations.stake_target,
        line.destinations.profit_target,
        line.destinations.profit_cap,
        line.coupon.void_behavior.value,
        line.coupon.cash_out_allowed,
        line.coupon.remainder,
    ]


def coupon_from_plain(  # noqa: PLR0913, PLR0917 - the elements of an array.
    source: str,
    amount: int,
    stake_target: str | None,
    profit_target: str,
    profit_cap: int | None,
    void_behavior: str,
    cash_out_allowed: bool,  # noqa: FBT001 - one of them.
    remainder: int,
) -> FundingLine:
    """Returns the funding line of a coupon."""
    destinations = Destinations(stake_target, profit_target, profit_cap)
    coupon = CouponLine(VoidBehavior(void_behavior), cash_out_allowed, remainder)
    return FundingLine(source, amount, destinations, coupon)
