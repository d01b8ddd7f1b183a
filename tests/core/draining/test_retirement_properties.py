"""I9 and I45: whatever is undone and done again, nothing open needs a bucket that is gone."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.bets.invariants import check_explained
from tests.core.coupons.coupons import DAY
from tests.core.draining.draining_world import BOSS, CLERK, DrainingWorld, without
from tests.core.rules import auto, destinations, policy
from tests.core.world import START, eur
from wallet_server.core.accounts import bucket_code, is_bucket
from wallet_server.core.administration.usage_changes import totals_of_bet, totals_of_item
from wallet_server.core.bets.bet import AUTHORIZED, PARTIALLY_SETTLED, Bet
from wallet_server.core.bets.replan import buckets_now
from wallet_server.core.commands import (
    CashOutBet,
    Command,
    CreditPromotion,
    DrainBucket,
    ExpireCoupons,
    GrantCoupon,
    ReplanAuthorization,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.topology import BucketClass
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.promotions.promotion import PromotionKind
from wallet_server.core.rolling.requirement import RollingTerms

BONUSES = ("SB", "CB", "NB")
CASH = ("SN", "CN")
NAMES = st.sampled_from(["b1", "b2", "b3"])
ROLLING = RollingTerms(multiplier_bp=20_000)


class RetiringWorld(DrainingWorld):
    """A wallet whose buckets go one after the other, as soon as nothing open needs them."""

    def __init__(self) -> None:
        self.gone: list[tuple[str, str]] = []
        self.asked = 0
        self.live: list[str] = []
        super().__init__("SN 500, CN 500, SB 60, CB 60, NB 60")
        self.go_on()

    def go_on(self, draining: str = "") -> None:
        """Makes the topology the active one that lacks what is gone, with policies to match."""
        left = without(*self.gone)
        buckets = (
            replace(each, promo_creditable=each.bucket_class is BucketClass.RESTRICTED)
            for each in left.buckets
        )
        topology = replace(left, buckets=tuple(buckets)).with_draining({draining})
        self.live = [each.code for each in topology.buckets]
        self.configure(topology, self.sports(), version=2 + len(self.gone))

    def sports(self) -> Policy:
        money = [code for code in (*BONUSES, *CASH) if code in self.live]
        own = next(code for code in money if code in CASH)
        plans = [destinations(code, code, own if code == "SB" else code) for code in money]
        return policy("SPORTS", auto("COUPON", *money), *plans, buckets=())

    def let_go(self, code: str, successor: str) -> None:
        """Empties a bucket and lets it go, unless something open needs it still."""
        if code == successor or not {code, successor} <= set(self.live):
            return
        self.go_on(draining=code)
        for bet in self.open_bets():
            if code in buckets_now(bet):
                self.asked += 1
                for person in (CLERK, BOSS):
                    said = ReplanAuthorization(
                        bet.key, code, successor, f"a{self.asked}", "TEST", actor=person
                    )
                    self.run(said)
        self.run(DrainBucket(f"d{self.asked}", code, successor))
        if code not in self.needed():
            self.gone.append((code, successor))
        self.go_on()

    def play(self, command: Command) -> str:
        """Runs a command; one that brings a result, or takes it back, under the next version."""
        if isinstance(command, SettleBet | UnsettleBet):
            bet = self.wallet.bets.get(command.bet)
            command = replace(command, result_version=newest_version(bet) + 1 if bet else 1)
        return self.run(command)

    def open_bets(self) -> list[Bet]:
        open_states = {AUTHORIZED, PARTIALLY_SETTLED}
        return [each for each in self.wallet.bets.values() if each.state in open_states]

    def needed(self) -> set[str]:
        """Returns what the guard of activations goes by: the buckets that anything needs."""
        return set(self.all_needed())

    def all_needed(self) -> Iterator[str]:
        for account, balance in self.wallet.balances.items():
            if is_bucket(account) and balance:
                yield bucket_code(account)
        for bet in self.wallet.bets.values():
            yield from totals_of_bet(bet)
        for item in self.wallet.items.values():
            yield from totals_of_item(item)


def newest_version(bet: Bet) -> int:
    """Returns the newest version that any portion of a bet has, or had; zero for none."""
    portions = (each.result_version for each in bet.portions)
    return max([0, *portions, *bet.unsettled_versions.values()])


def granting(name: str, target: str, stake_target: str | None) -> GrantCoupon:
    terms = CouponTerms(target, stake_target=stake_target, cash_out_allowed=True)
    return GrantCoupon(name, eur(30), START + DAY, terms)


def going() -> st.SearchStrategy[tuple[str, str]]:
    """A bucket that is to go, and its successor: own money goes to own money."""
    bonus = st.tuples(st.sampled_from(BONUSES), st.sampled_from((*BONUSES, *CASH)))
    return bonus | st.sampled_from([("SN", "CN"), ("CN", "SN")])


@st.composite
def results(draw: st.DrawFn) -> Command:
    """A result of a bet or of a part of it, or that it is taken back, or cashed out."""
    key = BetKey("sports", draw(NAMES))
    cash_out = BetKey("sports", f"c{key.bet_ref}")
    payout, refund = draw(st.sampled_from([(0, 0), (40, 0), (90, 10), (0, None)]))
    result = SettleBet(key, 1, eur(payout), refund=None if refund is None else eur(refund))
    part = replace(result, portion_ref="p1", stake=eur(10), refund=eur(0))
    return draw(
        st.sampled_from(
            [
                *(result, result, result, part, UnsettleBet(key, 1), UnsettleBet(key, 1)),
                *(UnsettleBet(key, 1, ("p1",)), CashOutBet(key, cash_out, eur(20))),
                CashOutBet(key, cash_out, eur(20), eur(10)),
                *(RollbackTransaction(cash_out), RollbackTransaction(cash_out)),
                RollbackTransaction(key),
            ]
        )
    )


@st.composite
def gifts(draw: st.DrawFn) -> Command:
    """A promotion, a coupon, or the end of those whose time has passed."""
    bonus = draw(st.sampled_from(BONUSES))
    coupon = granting("C3", draw(st.sampled_from((*BONUSES, *CASH))), None)
    promotion = CreditPromotion("p1", bonus, eur(40), PromotionKind.BONUS, ROLLING)
    return draw(st.sampled_from([coupon, promotion, ExpireCoupons()]))


STEPS = st.lists(st.one_of(going(), results(), results(), gifts()), min_size=6, max_size=20)


@settings(max_examples=150)
@given(
    st.lists(st.integers(20, 120), min_size=1, max_size=3),
    STEPS,
    STEPS,
)
def test_nothing_open_needs_a_bucket_that_is_gone(
    stakes: list[int],
    then: list[Command | tuple[str, str]],
    later: list[Command | tuple[str, str]],
) -> None:
    world = RetiringWorld()
    for name in ("C1", "C2"):
        world.run(granting(name, "SB", "SB"))
    for name, stake in zip(("b1", "b2", "b3"), stakes, strict=False):
        world.authorize(stake, name)

    for place, step in enumerate((*then, *later)):
        if place == len(then):
            world.requests += int(2 * DAY.total_seconds())
        if isinstance(step, tuple):
            world.let_go(*step)
        else:
            world.play(step)
        assert world.needed() <= set(world.live)

    for bet in world.open_bets():
        assert world.play(SettleBet(bet.key, 1, eur(70))) == "APPLIED"
    for bet in world.wallet.bets.values():
        if bet.lines:
            check_explained(bet, world)
    assert world.needed() <= set(world.live)
