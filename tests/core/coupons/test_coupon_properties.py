"""What holds of coupons whatever they and their bets go through: I11, I13 to I16, I23 to I26."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.bets.invariants import check_bet, postings_of
from tests.core.coupons.coupons import CouponWorld, with_coupons
from wallet_server.core.accounts import coupon, open_stake
from wallet_server.core.bets.bet import BetState
from wallet_server.core.bets.context import BetContext
from wallet_server.core.config.provider_profile import PayoutBasis, ProviderProfile
from wallet_server.core.coupons.grant import CouponGrant, CouponState, UseMode, VoidBehavior
from wallet_server.core.coupons.lookup import grants_in

BETS = st.sampled_from(["b1", "b2"])
GRANTS = st.sampled_from(["C1", "C2"])
NAMED = st.sampled_from(["", "", "C1", "C2"])
VERSIONS = st.sampled_from([1, 2, 3, 9])
EMPTY = frozenset({CouponState.EXPIRED, CouponState.REVOKED, CouponState.FORFEITED})

Step = tuple[str, tuple[Any, ...], dict[str, Any]]


@st.composite
def grants(draw: st.DrawFn, grant_id: str) -> Step:
    named = {
        "use_mode": draw(st.sampled_from(UseMode)),
        "void_behavior": draw(st.sampled_from(VoidBehavior)),
        "stake_target": draw(st.sampled_from([None, "SN"])),
        "profit_cap": draw(st.sampled_from([None, 10])),
        "uses_max": draw(st.sampled_from([None, 1, 2])),
        "until": timedelta(hours=draw(st.integers(1, 30))),
    }
    return "grant", (draw(st.integers(1, 60)), grant_id), named


@st.composite
def steps(draw: st.DrawFn) -> Step:
    ref = draw(BETS)
    kind = draw(st.sampled_from(["bet", "bet", "settle", "settle", "part", "undo", "end", "time"]))
    match kind:
        case "bet":
            context = BetContext(odds_milli=1500)
            named = {"coupon": draw(NAMED), "context": context}
            return "bet_with", (draw(st.integers(1, 60)), ref), named
        case "settle":
            refund = draw(st.sampled_from([None, 0, 5, 30]))
            named = {"version": draw(VERSIONS), "refund": refund}
            return "settle", (draw(st.sampled_from([0, 0, 40, 150])), ref), named
        case "part":
            named = {"version": draw(VERSIONS), "portion": "p", "stake": draw(st.integers(1, 20))}
            refund = draw(st.integers(0, 5))
            return "settle", (draw(st.sampled_from([0, 30])), ref), {**named, "refund": refund}
        case "undo":
            if draw(st.booleans()):
                return "unsettle", (draw(VERSIONS),), {"bet_ref": ref}
            return "roll_back", (ref,), {}
        case "end":
            return draw(st.sampled_from(["revoke", "reverse", "expire"])), (draw(GRANTS),), {}
        case _:
            return "wait", (timedelta(hours=draw(st.integers(1, 20))),), {}


@settings(max_examples=400)
@given(
    st.tuples(grants("C1"), grants("C2")),
    st.integers(1, 3),
    st.sampled_from(PayoutBasis),
    st.lists(steps(), min_size=8, max_size=24),
)
def test_coupons_add_up_whatever_happens(
    given_first: tuple[Step, ...], per_bet_max: int, basis: PayoutBasis, then: list[Step]
) -> None:
    profile = ProviderProfile("sports", "SPORTS", basis, rollback_after_settle=True)
    world = CouponWorld("SN 60, SB 10", with_coupons(per_bet_max, "SB", "COUPON", "SN"), profile)
    for method, arguments, named in (*given_first, *then):
        getattr(world, method)(*arguments, **named)
        for bet in world.wallet.bets.values():
            check_bet(bet, world)
        for grant in grants_in(world.wallet):
            check_grant(grant, world)


def check_grant(grant: CouponGrant, world: CouponWorld) -> None:
    account = coupon(grant.grant_id)
    remaining = world.wallet.balance(account)
    staked = world.wallet.balance(open_stake(account))
    bets = [bet for bet in world.wallet.bets.values() if account in {x.source for x in bet.lines}]

    assert remaining + staked <= grant.amount  # I23: the rest was played, or is the house's.
    assert staked == sum(open_share(bet, account) for bet in bets)
    assert grant.uses == sum(bet.state is not BetState.ROLLED_BACK for bet in bets)
    assert grant.terms.uses_max is None or grant.uses <= grant.terms.uses_max
    if grant.state in EMPTY:
        assert remaining == 0
    else:
        assert (grant.state is CouponState.EXHAUSTED) == (remaining == 0 and staked == 0)
    for bet in bets:
        check_line(grant, bet.key.bet_ref, world)


def open_share(bet: Any, account: str) -> int:
    """Returns what a bet has open of a grant."""
    if bet.state is BetState.ROLLED_BACK:
        return 0
    pairs = zip(bet.lines, bet.open_shares, strict=True)
    return sum(share for line, share in pairs if line.source == account)


def check_line(grant: CouponGrant, bet_ref: str, world: CouponWorld) -> None:
    """I24 and I26: what a bet keeps are the grant's terms, and it never pays to itself."""
    bet, terms = world.bet(bet_ref), grant.terms
    line = next(line for line in bet.lines if line.source == coupon(grant.grant_id))
    assert line.coupon is not None
    assert line.coupon.void_behavior is terms.void_behavior
    assert line.destinations.profit_target == terms.profit_target
    assert line.destinations.stake_target == terms.stake_target
    assert line.coupon.remainder == 0 or terms.use_mode is UseMode.SINGLE_USE_FORFEIT_REMAINDER
    if terms.use_mode is UseMode.REQUIRE_FULL:
        assert line.amount == bet.stake
    assert postings_of(world, bet_ref)[line.source] <= 0
