"""What bets count for rolling requirements."""

from dataclasses import dataclass, replace

from wallet_server.core.allocation import allocate
from wallet_server.core.bets.bet import Bet, Portion
from wallet_server.core.bets.context import BetContext
from wallet_server.core.bets.settlement import WITHOUT_EFFECT
from wallet_server.core.config.policy import RollingRules
from wallet_server.core.draft import Draft
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.rolling.progress import (
    has_requirements,
    lower_progress,
    raise_progress,
    room_to_restore,
)
from wallet_server.core.rolling.requirement import (
    Contribution,
    Requirement,
    RequirementState,
)

WHOLE_BP = 10_000


def contribute(draft: Draft, after: Bet) -> Bet:
    """Brings requirements to what a bet counts for them now. Returns the bet with that.

    A bet counts what was consumed of each line, by the weight in its snapshot. Counted is an
    absolute total per line and requirement, so a change of the bet changes it by the
    difference. What has counted once stays on the bet, at zero if it does not count any more.
    """
    if not after.contributions and not has_requirements(draft):
        return after
    counted = {(each.line, each.requirement_id): each.counted for each in after.contributions}
    count = Count(draft, after, counted)
    for line, total in enumerate(line_totals(after)):
        count.bring_line_to(line, total)
    contributions = tuple(Contribution(line, name, n) for (line, name), n in counted.items())
    return (
        after
        if contributions == after.contributions
        else replace(after, contributions=contributions)
    )


def line_totals(bet: Bet) -> list[int]:
    """Returns what a bet counts as it stands, by funding line, in minor units.

    Coupons count nothing, nor does stake that was refunded, nor a bet that is undone.
    """
    if bet.snapshot is None or bet.state in WITHOUT_EFFECT:
        return [0] * len(bet.lines)
    rules = bet.snapshot.rolling
    if not counts(bet.context, rules):
        return [0] * len(bet.lines)
    consumed = [0] * len(bet.lines)
    for portion in bet.portions:
        if rules.counts_cash_outs or not portion.is_cash_out:
            consumed = [a + b for a, b in zip(consumed, consumed_shares(portion), strict=True)]
    return [
        0 if line.coupon is not None else played * rules.weight_bp // WHOLE_BP
        for line, played in zip(bet.lines, consumed, strict=True)
    ]


def consumed_shares(portion: Portion) -> list[int]:
    """Returns what was played of a portion, by funding line."""
    refunds = allocate(portion.refund, portion.stake_shares)
    return [share - refund for share, refund in zip(portion.stake_shares, refunds, strict=True)]


def counts(context: BetContext, rules: RollingRules) -> bool:
    """Tells whether a bet counts at all. What the rules ask and the bet does not say fails."""
    if rules.odds_milli_min is not None and (context.odds_milli or 0) < rules.odds_milli_min:
        return False
    excluded = rules.excluded_game_ids
    return not excluded or (context.game_id != "" and context.game_id not in excluded)


@dataclass(slots=True)
class Count:
    """What a bet counts, while it is brought from what it was to what it is."""

    draft: Draft
    bet: Bet
    counted: dict[tuple[int, str], int]

    def bring_line_to(self, line: int, total: int) -> None:
        """Counts a line's total once, oldest requirement first, or whole for each of them."""
        assert self.bet.snapshot is not None or total == 0
        if self.bet.snapshot is not None and self.bet.snapshot.rolling.parallel:
            for requirement in [*self.fed_by(line), *self.open_to(line)]:
                self.bring(line, requirement, total)
            return
        have = sum(n for (of, _), n in self.counted.items() if of == line)
        if total < have:
            self.take_back(line, have - total)
        elif total > have:
            self.spread(line, total - have)

    def bring(self, line: int, requirement: Requirement, total: int) -> None:
        """Brings what a line counts for one requirement to a total, as far as there is room."""
        have = self.counted.get((line, requirement.requirement_id), 0)
        if total < have:
            self.add(line, requirement, total - have)
        else:
            self.add(line, requirement, min(total - have, self.room(line, requirement)))

    def spread(self, line: int, amount: int) -> None:
        """Counts more: what was counted before where it was, then the oldest first."""
        for requirement in [*self.fed_by(line), *self.open_to(line)]:
            taken = min(amount, self.room(line, requirement))
            self.add(line, requirement, taken)
            amount -= taken

    def take_back(self, line: int, amount: int) -> None:
        """Counts less: taken from the newest that the line has fed."""
        for requirement in reversed(self.fed_by(line)):
            taken = min(amount, self.counted[line, requirement.requirement_id])
            self.add(line, requirement, -taken)
            amount -= taken
        assert amount == 0

    def room(self, line: int, requirement: Requirement) -> int:
        """Returns what a requirement, as it is by now, still takes of a line."""
        now = self.draft.item(requirement.key, Requirement)
        assert now is not None
        if (line, requirement.requirement_id) in self.counted:
            return room_to_restore(self.draft, now)
        return now.remaining if now.state is RequirementState.ACTIVE else 0

    def add(self, line: int, requirement: Requirement, change: int) -> None:
        """Changes what a line counts for a requirement."""
        if change == 0:
            return
        now = self.draft.item(requirement.key, Requirement)
        assert now is not None
        if change > 0:
            raise_progress(self.draft, now, change)
        else:
            lower_progress(self.draft, now, -change)
        name = (line, requirement.requirement_id)
        self.counted[name] = self.counted.get(name, 0) + change

    def fed_by(self, line: int) -> list[Requirement]:
        """Returns the requirements that a line has counted for, oldest first."""
        found: list[Requirement] = []
        for of, requirement_id in self.counted:
            if of == line:
                key = ItemKey(ItemKind.REQUIREMENT, requirement_id)
                requirement = self.draft.item(key, Requirement)
                assert requirement is not None, requirement_id
                found.append(requirement)
        return sorted(found, key=lambda each: (each.sequence, each.key))

    def open_to(self, line: int) -> list[Requirement]:
        """Returns the requirements that a line may newly count for, oldest first."""
        return [
            each
            for each in self.draft.items_of(Requirement)
            if (line, each.requirement_id) not in self.counted and self.takes(each, line)
        ]

    def takes(self, requirement: Requirement, line: int) -> bool:
        """Tells whether a line's stake is of the kind that a requirement asks for."""
        snapshot, funding = self.bet.snapshot, self.bet.lines[line]
        assert snapshot is not None
        types = requirement.terms.provider_types
        if (
            requirement.state is not RequirementState.ACTIVE
            or requirement.opened_sequence >= self.bet.sequence
            or requirement.asset_code != self.draft.currency
            or (types and snapshot.provider_type not in types)
            or requirement.is_past(self.draft.now)
        ):
            return False
        if funding.source in {requirement.bucket, *requirement.former_buckets}:
            return True
        topology = self.draft.configuration.topology.value
        source = topology.bucket_by_code.get(topology.live_code(funding.source))
        return (
            requirement.terms.group_wide
            and source is not None
            and source.wallet_group == requirement.wallet_group
        )
