"""How much of a stake coupons pay, and where among the other sources."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from wallet_server.core.bets.bet import CouponLine, FundingLine
from wallet_server.core.config.policy import COUPON_SLOT, Destinations, WeightedSource
from wallet_server.core.coupons.choice import CouponOffer, CouponOffers
from wallet_server.core.coupons.grant import UseMode


def split_at_slot(
    sources: Sequence[WeightedSource],
) -> tuple[Sequence[WeightedSource], Sequence[WeightedSource], bool]:
    """Returns the sources before and after the coupons' place, and whether there is one."""
    before = tuple(takewhile(lambda each: each.source != COUPON_SLOT, sources))
    return before, sources[len(before) + 1 :], len(before) < len(sources)


def pick_others(offers: CouponOffers, stake: int, *, is_first: bool) -> list[CouponOffer]:
    """Returns the offers that pay at the coupons' place, first to last.

    One that pays all or nothing only does so alone: where nothing pays before it
    (`is_first`), and it has the whole stake.
    """
    limit = offers.limit - (offers.named is not None)
    picked: list[CouponOffer] = []
    for offer in offers.others:
        if len(picked) >= limit:
            break
        if not offer.pays_all_or_nothing:
            picked.append(offer)
        elif is_first and not picked and offer.available >= stake:
            return [offer]
    return picked


def total_offered(offers: Sequence[CouponOffer]) -> int:
    """Returns what coupons can pay together."""
    return sum(offer.available for offer in offers)


def lines_of_offers(stake: int, offers: Sequence[CouponOffer]) -> Iterator[FundingLine]:
    """Yields what coupons pay of a stake, each emptied before the next; none that pays nothing."""
    for offer in offers:
        amount = min(stake, offer.available)
        if amount:
            yield line_of_offer(offer, amount)
        stake -= amount


def line_of_offer(offer: CouponOffer, amount: int) -> FundingLine:
    """Returns the funding line of a coupon, with the terms that the bet settles by for ever."""
    terms = offer.grant.terms
    is_single_use = terms.use_mode is UseMode.SINGLE_USE_FORFEIT_REMAINDER
    return FundingLine(
        offer.source,
        amount,
        Destinations(terms.stake_target, terms.profit_target, terms.profit_cap),
        CouponLine(
            terms.void_behavior,
            terms.cash_out_allowed,
            remainder=offer.available - amount if is_single_use else 0,
        ),
    )
