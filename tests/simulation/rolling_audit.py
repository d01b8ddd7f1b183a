"""Follows rolling requirements: what counts for them, how they split, what they release."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil

from tests.simulation.bet_book import UNDONE, BetBook, split
from tests.simulation.step import Step
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import (
    CancelRolling,
    CompleteRolling,
    DrainBucket,
    RequestWithdrawal,
    ReverseDeposit,
    ReversePromotion,
    TransferFunds,
)
from wallet_server.core.config.topology import RollingInheritance
from wallet_server.core.ids import BetKey
from wallet_server.core.results import RollingResult
from wallet_server.core.rolling.requirement import Requirement

OVER = frozenset({"RELEASED", "CANCELLED", "EXPIRED", "TRANSFERRED"})
OPEN = frozenset({"PENDING", "ACTIVE", "SUSPENDED", "FULFILLED"})
ENDS = frozenset({"CANCELLED", "EXPIRED", "TRANSFERRED"})
LOWERS = (TransferFunds, ReversePromotion, ReverseDeposit)
"""The commands that may take a part of what is asked away, with the value it is asked for."""

NEXT: Mapping[str, frozenset[str]] = {
    "PENDING": frozenset({"ACTIVE", "FULFILLED", "RELEASED"}) | ENDS,
    "ACTIVE": frozenset({"SUSPENDED", "FULFILLED", "RELEASED"}) | ENDS,
    "SUSPENDED": frozenset({"ACTIVE", "FULFILLED", "RELEASED", "CANCELLED", "EXPIRED"}),
    "FULFILLED": frozenset({"ACTIVE", "RELEASED", "CANCELLED"}),
}


@dataclass
class RollingAudit:
    """All requirements of a wallet, and what each bet counts for each."""

    requirements: dict[str, Requirement] = field(default_factory=dict[str, Requirement])
    counted: dict[BetKey, Counter[str]] = field(default_factory=dict[BetKey, Counter[str]])
    progress: Counter[str] = field(default_factory=Counter[str])

    def take(self, step: Step, books: Mapping[BetKey, BetBook]) -> None:
        """Takes a recorded command in, and checks every requirement that it touched."""
        before = dict(self.requirements)
        for _, item in step.items.values():
            if isinstance(item, Requirement):
                self.check_life(before.get(item.requirement_id), item, step)
                self.requirements[item.requirement_id] = item
        self.check_asked(step, before)
        touched = {r for r in self.requirements if self.requirements[r] is not before.get(r)}
        for key, (_, bet) in step.bets.items():
            touched |= self.count(key, bet, books[key])
        for requirement_id in touched:
            self.check_progress(self.requirements[requirement_id])
        if isinstance(step.command, TransferFunds) and step.applied:
            self.check_split(step.command, step, before)
        gives = isinstance(step.command, ReversePromotion | RequestWithdrawal)
        if not gives and step.beside["H:PROMO"] > 0:
            own = sum(n for a, n in step.beside.items() if a in step.own_money)
            assert own >= 0, own  # Nothing forfeits own money; it may move where bonus is released.
        if isinstance(step.command, CompleteRolling | CancelRolling) and step.applied:
            self.check_end(step.command.requirement_id, step)

    def count(self, key: BetKey, bet: Bet, book: BetBook) -> set[str]:
        """Takes in what a bet counts now. Returns the requirements that it counts for."""
        now = Counter[str]()
        by_line = Counter[int]()
        for each in bet.contributions:
            assert each.counted >= 0
            now[each.requirement_id] += each.counted
            by_line[each.line] += each.counted
            self.check_counts(bet, each.line, self.requirements[each.requirement_id])
        self.check_bound(bet, book, by_line)
        old = self.counted.get(key, Counter[str]())
        self.progress.update(now)
        self.progress.subtract(old)
        self.counted[key] = now
        return set(now) | set(old)

    def check_counts(self, bet: Bet, line: int, requirement: Requirement) -> None:
        """A line counts for what its source has to wager."""
        assert bet.snapshot is not None
        types = requirement.terms.provider_types
        assert not types or bet.snapshot.provider_type in types
        if not requirement.terms.group_wide:
            sources = {requirement.bucket, *requirement.former_buckets}
            assert bet.lines[line].source in sources
        assert bet.sequence > requirement.opened_sequence

    def check_bound(self, bet: Bet, book: BetBook, by_line: Counter[int]) -> None:
        """What a line counts is its stake that was played, by its weight, and each unit once."""
        if bet.snapshot is None:
            assert not by_line
            return
        rules = bet.snapshot.rolling
        for i, counted in by_line.items():
            assert not bet.lines[i].source.startswith("cpn:")
            most = played_of(book, i, cash_outs=rules.counts_cash_outs) * rules.weight_bp // 10_000
            if rules.odds_milli_min is not None and (
                bet.context.odds_milli is None or bet.context.odds_milli < rules.odds_milli_min
            ):
                most = 0
            if bet.context.game_id in rules.excluded_game_ids and bet.context.game_id:
                most = 0
            assert counted <= most or rules.parallel
            if rules.parallel:
                each = [c.counted for c in bet.contributions if c.line == i]
                assert max(each) <= most

    def check_progress(self, requirement: Requirement) -> None:
        """I28, I30: progress is what bets count; what was released is within its cap."""
        assert requirement.progress == self.progress[requirement.requirement_id] >= 0
        assert requirement.required >= 0
        cap = requirement.terms.conversion_cap
        assert cap is None or 0 <= requirement.released <= cap
        if requirement.state.value in {"PENDING", "ACTIVE"}:
            assert requirement.remaining > 0
        if requirement.state.value == "FULFILLED":
            assert requirement.remaining == 0

    def check_life(self, old: Requirement | None, new: Requirement, step: Step) -> None:
        if old is None:
            assert new.state.value in {"PENDING", "ACTIVE", "FULFILLED", "RELEASED"}
            assert new.opened_sequence <= step.answer.sequence == new.sequence
            return
        assert new.revision > old.revision
        assert new.origin_id == old.origin_id
        if isinstance(step.command, DrainBucket):  # See `draining_audit.py`.
            target = new.terms.release_target
            assert new.terms == replace(old.terms, release_target=target)
        else:
            # A transfer takes a part of the cap along.
            cap = new.terms.conversion_cap if isinstance(step.command, TransferFunds) else None
            promised = replace(old.terms, conversion_cap=cap) if cap is not None else old.terms
            assert (new.bucket, new.terms) == (old.bucket, promised)
        if new.state is not old.state:
            assert new.state.value in NEXT[old.state.value]
        if isinstance(step.command, LOWERS):
            assert new.required <= old.required
        elif old.state.value == "TRANSFERRED":  # What it loses is asked of its family.
            assert new.required - old.required == old.passed - new.passed
        else:
            assert new.passed == old.passed
        assert new.released >= old.released
        if new.state.value == "EXPIRED":
            assert new.expire_time is not None
            assert new.expire_time <= step.now

    def check_asked(self, step: Step, before: Mapping[str, Requirement]) -> None:
        """What a family asks in all changes only with its value: bets move it about at most."""
        if isinstance(step.command, LOWERS):
            return
        asked = Counter[tuple[str, str]]()
        for requirement_id, old in before.items():
            new = self.requirements[requirement_id]
            asked[new.origin.value, new.origin_id] += new.required - old.required
        assert not any(asked.values()), asked

    def check_split(
        self, command: TransferFunds, step: Step, before: Mapping[str, Requirement]
    ) -> None:
        """I27, I31: what is left to wager moves with the money, and none of it is lost."""
        topology = step.configuration.topology.value
        (edge,) = [
            e
            for e in topology.transfer_edges
            if (e.source, e.target) == (command.source, command.target)
        ]
        changed = [item for _, item in step.items.values() if isinstance(item, Requirement)]
        held = [r for r in before.values() if r.bucket == command.source and is_waiting(r)]
        if edge.rolling_inheritance is RollingInheritance.BLOCK:
            assert not held
        if edge.rolling_inheritance is not RollingInheritance.PROPORTIONAL:
            assert not any(item.parent_id for item in changed if item.requirement_id not in before)
            return
        source_type = topology.bucket_by_code[command.source]
        target_type = topology.bucket_by_code[command.target]
        source = f"bkt:{command.source}"
        whole = step.balances_before[source] + step.balances_before[f"open:{command.source}"]
        moved = command.amount.minor_units
        for old in held:
            new = self.requirements[old.requirement_id]
            child = -(-old.remaining * moved // whole)
            # An earlier child may be on the bucket too, where one was emptied into it.
            new_ones = [item for item in changed if item.requirement_id not in before]
            children = [item for item in new_ones if item.parent_id == old.requirement_id]
            rate = Fraction(edge.rate_numerator, edge.rate_denominator)
            if source_type.asset_code == target_type.asset_code:
                rate = Fraction(1)
            assert sum(item.remaining for item in children) == ceil(child * rate)
            assert new.required == old.required - child
            assert (new.state.value == "TRANSFERRED") == (new.remaining == 0)
            cap = old.terms.conversion_cap
            if cap is not None and children:
                gone = ceil(Fraction((cap - old.released) * moved, whole))
                assert new.terms.conversion_cap == cap - gone
                assert [each.terms.conversion_cap for each in children] == [ceil(gone * rate)]

    def check_end(self, requirement_id: str, step: Step) -> None:
        """What was posted is what the answer says was released and forfeited."""
        result = step.answer.result
        assert isinstance(result, RollingResult)
        assert result.requirement_id == requirement_id
        requirement = self.requirements[requirement_id]
        assert requirement.state.value == result.state
        assert result.state in OVER
        if isinstance(step.command, CancelRolling):
            assert result.state in {"CANCELLED", "EXPIRED"}
            assert result.released == 0
            assert result.forfeited == 0 or step.command.forfeit or step.command.expired
        # Others that waited for this one may have released, and forfeited, by themselves.
        ended = [item for _, item in step.items.values() if isinstance(item, Requirement)]
        if len(ended) == 1:
            assert step.beside["H:PROMO"] == result.forfeited


def is_waiting(requirement: Requirement) -> bool:
    return requirement.state.value in {"PENDING", "ACTIVE"} and requirement.remaining > 0


def played_of(book: BetBook, line: int, *, cash_outs: bool) -> int:
    """Returns the stake of a line that was played for a result."""
    if book.state in UNDONE:
        return 0
    total = 0
    for piece in book.pieces.values():
        if piece.is_cash_out and not cash_outs:
            continue
        total += piece.shares[line] - split(piece.refund, piece.shares)[line]
    return total
