"""Follows coupon grants: where their value is, who may use it, and the states of their lives."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.simulation.bet_book import UNDONE, BetBook, split
from tests.simulation.coupon_terms import may_pay, rank
from tests.simulation.ledger import Ledger, nonzero
from tests.simulation.step import Step
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import DrainBucket, ExpireCoupons, GrantCoupon
from wallet_server.core.config.policy import COUPON_SLOT, AutoOrder
from wallet_server.core.coupons.grant import CouponGrant, UseMode
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item

OVER = frozenset({"EXPIRED", "REVOKED", "FORFEITED"})
FINAL = frozenset({"REVOKED", "FORFEITED"})
NEXT: Mapping[str, frozenset[str]] = {
    "ISSUED": frozenset({"ACTIVE", "EXHAUSTED"}) | OVER,
    "ACTIVE": frozenset({"EXHAUSTED"}) | OVER,
    "EXHAUSTED": frozenset({"ACTIVE"}) | OVER,
    # Decision 26: what was reversed must not live again. So it is with what was given up.
    "EXPIRED": frozenset({"ACTIVE", "EXHAUSTED"}) | FINAL,
    "REVOKED": frozenset(),
    "FORFEITED": frozenset(),
}
MAKES_BETS = frozenset({"AuthorizeBet", "PlayRound"})


@dataclass
class CouponAudit:
    """All grants of a wallet, what was taken back of each, and the bets that each paid for."""

    grants: dict[str, CouponGrant] = field(default_factory=dict[str, CouponGrant])
    taken_back: Counter[str] = field(default_factory=Counter[str])
    bets: dict[str, list[BetKey]] = field(default_factory=dict[str, list[BetKey]])

    def take(self, step: Step, ledger: Ledger, books: Mapping[BetKey, BetBook]) -> None:
        """Takes a recorded command in, and checks every grant that it touched."""
        touched = {each[1].grant_id for each in self.changes(step)}
        for key, (old, new) in step.bets.items():
            is_new = old is None or old.state.value == "DECLINED"
            sources = [s.source[4:] for s in new.lines if s.source.startswith("cpn:")]
            touched.update(sources)
            if is_new and sources and step.answer.command in MAKES_BETS:
                for grant_id in sources:
                    self.bets.setdefault(grant_id, []).append(key)
            if is_new and new.snapshot is not None:
                self.check_choice(new, step)
        self.check_beside(step)
        for old, new in self.changes(step):
            self.check_life(old, new, step)
            self.grants[new.grant_id] = new
        for grant_id in touched:
            self.check_value(self.grants[grant_id], step, ledger, books)

    def changes(self, step: Step) -> list[tuple[CouponGrant | None, CouponGrant]]:
        items = step.items.values()
        return [(known(old), new) for old, new in items if isinstance(new, CouponGrant)]

    def check_beside(self, step: Step) -> None:
        """I24: what a coupon gives beside bets is the house's, and no bucket's."""
        for account, change in step.beside.items():
            if not account.startswith("cpn:"):
                continue
            if isinstance(step.command, GrantCoupon):
                amount = step.command.amount.minor_units
                expected = {f"cpn:{step.command.grant_id}": amount, "H:PROMO": -amount}
                assert nonzero(step.beside) == expected
                continue
            assert change < 0
            self.taken_back[account[4:]] -= change
            buckets = [n for a, n in step.beside.items() if a.startswith("bkt:")]
            assert sum(buckets) <= 0

    def check_life(self, old: CouponGrant | None, new: CouponGrant, step: Step) -> None:
        """A grant goes from state to state as it may, and its terms never change."""
        if old is None:
            assert isinstance(step.command, GrantCoupon)
            assert step.applied
            assert new.state.value in {"ISSUED", "ACTIVE"}
            assert step.around.status == "ACTIVE"  # I41
            return
        assert new.revision > old.revision
        assert (new.amount, new.valid_from) == (old.amount, old.valid_from)
        granted = new.granted_terms or new.terms
        assert granted == (old.granted_terms or old.terms)
        assert new.terms == old.terms or isinstance(step.command, DrainBucket)
        assert new.state is old.state or new.state.value in NEXT[old.state.value]
        if new.valid_until != old.valid_until:  # R2: it lives again for its grace.
            assert new.valid_until > old.valid_until
            assert new.valid_until >= step.now
            assert new.state.value == "ACTIVE"
        if new.state.value == "EXPIRED" and old.state.value != "EXPIRED":
            assert new.valid_until <= step.now
        if isinstance(step.command, ExpireCoupons):
            assert step.command.grant_id in {"", new.grant_id}

    def check_value(
        self, grant: CouponGrant, step: Step, ledger: Ledger, books: Mapping[BetKey, BetBook]
    ) -> None:
        """I23, I25: all of a grant's value is somewhere, and its state says so."""
        source = f"cpn:{grant.grant_id}"
        remaining, at_stake = ledger.balances[source], ledger.balances[f"open:{source}"]
        keys = self.bets.get(grant.grant_id, [])
        consumed = sum(
            consumed_of(books[key], source) - stood_in_for(step.after.bets.get(key), source)
            for key in keys
        )
        if all(key in step.after.bets for key in keys):
            taken = self.taken_back[grant.grant_id]
            assert grant.amount == remaining + at_stake + consumed + taken
        state = grant.state.value
        assert remaining == 0 or state not in OVER
        if state in {"ISSUED", "ACTIVE"}:
            assert remaining + at_stake > 0
        if state == "EXHAUSTED":
            assert remaining + at_stake == 0
        used = [key for key in keys if books[key].state not in UNDONE]
        assert grant.uses == len(used)
        assert grant.terms.uses_max is None or grant.uses <= grant.terms.uses_max

    def check_choice(self, bet: Bet, step: Step) -> None:
        """I26: the coupons that pay are those that may, and the first of them."""
        assert bet.snapshot is not None
        provider = (bet.snapshot.provider_type, bet.key.provider_id)
        paying = [line for line in bet.lines if line.source.startswith("cpn:")]
        for line in paying:
            grant = self.grants[line.source[4:]]
            assert may_pay(grant, provider, bet.context, bet.stake, step.now)
            assert line.destinations.profit_target == grant.terms.profit_target
            assert line.destinations.stake_target == grant.terms.stake_target
            assert line.destinations.profit_cap == grant.terms.profit_cap
            if grant.terms.use_mode is UseMode.REQUIRE_FULL:
                assert line.amount == bet.stake
        if bet.coupon_grant_id:
            assert bet.lines[0].source == f"cpn:{bet.coupon_grant_id}" or bet.stake == 0
        elif len(step.bets) == 1 and bet.stake:
            self.check_first(bet, provider, step)

    def check_first(self, bet: Bet, provider: tuple[str, str], step: Step) -> None:
        """Where nobody named a coupon, no other that may pay comes before the one that does."""
        assert bet.snapshot is not None
        policy = step.configuration.policies[bet.snapshot.provider_type].value
        mode = policy.funding_mode
        paying = [line.source for line in bet.lines if line.source.startswith("cpn:")]
        if not isinstance(mode, AutoOrder) or COUPON_SLOT not in mode.order:
            assert not paying
            return
        assert len(paying) <= policy.coupons.per_bet_max
        if mode.order[0] != COUPON_SLOT or policy.coupons.per_bet_max != 1:
            return
        left = {g: step.balances_before[f"cpn:{g}"] for g in self.grants}
        candidates = [
            (rank(grant, left[g]), f"cpn:{g}")
            for g, grant in self.grants.items()
            if left[g]
            and grant.state.value in {"ISSUED", "ACTIVE"}
            and may_pay(grant, provider, bet.context, bet.stake, step.now)
            and grant.terms.uses_max is None
            and grant.terms.use_mode is UseMode.PARTIAL_OK
        ]
        if candidates and paying:
            grant = self.grants[paying[0][4:]]
            assert rank(grant, left[grant.grant_id]) <= min(candidates)[0]
        assert paying or not candidates or policy.max_stake_with_bonus is not None


def consumed_of(book: BetBook, source: str) -> int:
    """Returns what a bet has taken of a coupon for good."""
    if book.state in UNDONE:
        return 0
    total = 0
    for i, line in enumerate(book.lines):
        if line.source != source:
            continue
        assert line.coupon is not None
        consumes = line.coupon.void_behavior.value == "CONSUME"
        total += line.coupon.remainder if book.pieces else 0
        for piece in book.pieces.values():
            back = split(piece.refund, piece.shares)[i]
            total += piece.shares[i] - (0 if consumes else back)
    return total


def stood_in_for(bet: Bet | None, source: str) -> int:
    """Returns what the house gave in a coupon's place."""
    moves = bet.substitutions if bet is not None else ()
    return sum(move.amount for move in moves if move.target == source)


def known(item: Item | None) -> CouponGrant | None:
    assert item is None or isinstance(item, CouponGrant)
    return item
