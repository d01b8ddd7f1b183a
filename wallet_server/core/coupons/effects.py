"""What bets do to the coupon grants that paid for them."""

from dataclasses import replace
from datetime import timedelta

from wallet_server.core.accounts import Account, coupon, grant_of, open_stake
from wallet_server.core.allocation import allocate
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.settlement import posted
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.coupons.repointing import repointed
from wallet_server.core.coupons.revoking import OVER_FOR_EVER, take_back_all
from wallet_server.core.draft import Draft
from wallet_server.core.item_key import ItemKey, ItemKind


def settle_grants(draft: Draft, before: Bet | None, after: Bet) -> None:
    """Brings the grants of a bet to where the bet's change puts them.

    The change is posted already, so that the grants' balances are those after it. A grant
    that is used up or has value again changes its state; value that came back to one that is
    over is taken back or, after its expiry, lives again for the grace that the bet's snapshot
    gives. One that can be used again pays to the successors of buckets that are retired since.
    """
    for place, line in enumerate(after.lines):
        if line.coupon is not None:
            grant = draft.item(ItemKey(ItemKind.COUPON, grant_of(line.source)), CouponGrant)
            assert grant is not None
            changed = settle_grant(draft, grant, before, after, place)
            if changed.is_live and not grant.is_live:
                changed = repointed(changed, draft.configuration.topology.value.live_code)
            if changed != grant:
                draft.put_item(replace(changed, revision=grant.revision + 1))


def settle_grant(
    draft: Draft, grant: CouponGrant, before: Bet | None, after: Bet, place: int
) -> CouponGrant:
    """Returns a grant, which paid the line at that place, as the bet's change leaves it."""
    grant = replace(grant, uses=grant.uses + added_uses(before, after))
    if grant.state in OVER_FOR_EVER:
        take_back_all(draft, grant)
        return grant
    if before is not None and gives_back(before, after, place):
        returned = returned_value(coupon(grant.grant_id), before, after)
        is_past = grant.state is CouponState.EXPIRED or draft.now >= grant.valid_until
        if returned > 0 and is_past:
            return revive(draft, grant, after, returned)
    if grant.state is CouponState.EXPIRED:
        take_back_all(draft, grant)
        return grant
    return replace(grant, state=state_of(draft, grant))


def added_uses(before: Bet | None, after: Bet) -> int:
    """Returns by how much a change of a bet changes the uses of its grants.

    Every bet that was placed counts, and no longer once it is rolled back: a void may still
    be corrected, and then its stake was played.
    """
    if before is None:
        return 1
    is_undone = after.state is BetState.ROLLED_BACK and before.state is not BetState.ROLLED_BACK
    return -1 if is_undone else 0


def gives_back(before: Bet, after: Bet, place: int) -> bool:
    """Tells whether a line gets stake back by a rollback or a void, and by nothing else."""
    if after.state is BetState.ROLLED_BACK:
        return True
    return refunded(after, place) > refunded(before, place)


def refunded(bet: Bet, place: int) -> int:
    """Returns how much of a line's stake results have given back."""
    return sum(allocate(p.refund, p.stake_shares)[place] for p in bet.portions if p.refund)


def returned_value(account: Account, before: Bet, after: Bet) -> int:
    """Returns what the bet's change has posted to a grant's account."""
    return posted(after).get(account, 0) - posted(before).get(account, 0)


def revive(draft: Draft, grant: CouponGrant, bet: Bet, returned: int) -> CouponGrant:
    """Lets what came back to an expired grant live again; what it still held has expired."""
    assert bet.snapshot is not None
    take_back_all(draft, grant, but=returned)
    return replace(
        grant,
        state=CouponState.ACTIVE,
        valid_until=draft.now + timedelta(seconds=bet.snapshot.coupon_grace_seconds),
        granted_until=grant.granted_until or grant.valid_until,
    )


def state_of(draft: Draft, grant: CouponGrant) -> CouponState:
    """Returns whether a grant still has, or may get back, any value."""
    account = coupon(grant.grant_id)
    has_value = draft.balance(account) or draft.balance(open_stake(account))
    return CouponState.ACTIVE if has_value else CouponState.EXHAUSTED
