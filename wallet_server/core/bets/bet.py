"""A bet: what paid for it, the rules it was placed under, and its results so far."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum

from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.config.policy import Destinations
from wallet_server.core.config.snapshot import Snapshot
from wallet_server.core.coupons.grant import VoidBehavior
from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import Refusal
from wallet_server.core.rolling.requirement import Contribution
from wallet_server.core.value import value


class BetState(StrEnum):
    """The life of a bet."""

    AUTHORIZED = "AUTHORIZED"
    PARTIALLY_SETTLED = "PARTIALLY_SETTLED"
    SETTLED = "SETTLED"
    ROLLED_BACK = "ROLLED_BACK"
    DECLINED = "DECLINED"
    TOMBSTONED = "TOMBSTONED"


# Named for the path of every command, as in `decision.py`.
AUTHORIZED = BetState.AUTHORIZED
PARTIALLY_SETTLED = BetState.PARTIALLY_SETTLED
SETTLED = BetState.SETTLED
ROLLED_BACK = BetState.ROLLED_BACK
DECLINED = BetState.DECLINED
TOMBSTONED = BetState.TOMBSTONED


class ResultKind(StrEnum):
    """How a portion, or a whole bet, ended. MIXED is only for a whole bet."""

    WON = "WON"
    LOST = "LOST"
    VOID = "VOID"
    CASHED_OUT = "CASHED_OUT"
    MIXED = "MIXED"


class ResultOrdering(StrEnum):
    """Whose word it is that a result is newer, where it is not the provider's."""

    UNVERIFIED = "UNVERIFIED"


WON = ResultKind.WON
LOST = ResultKind.LOST
VOID = ResultKind.VOID
UNVERIFIED = ResultOrdering.UNVERIFIED


@value
class CouponLine:
    """What a coupon's funding line keeps of the grant's terms.

    `remainder` is what the grant had left beyond the line, where that is the house's with
    the bet's first result; zero otherwise.
    """

    void_behavior: VoidBehavior
    cash_out_allowed: bool
    remainder: int = 0


@value
class FundingLine:
    """What one source paid of a stake, and where its part of a payout goes.

    `coupon` is there where the source is a coupon grant.
    """

    source: str
    amount: int
    destinations: Destinations
    coupon: CouponLine | None = None


@value
class Portion:
    """A part of a stake with its result.

    `stake_shares` is the portion's stake by funding line, fixed when the portion
    was made: a correction replaces the result and nothing else. Refund and payout
    are for the whole portion. A cash-out has no later result; its name is its reference.
    """

    portion_ref: str
    stake_shares: tuple[int, ...]
    result_version: int
    payout: int
    refund: int
    is_cash_out: bool = False

    @property
    def stake(self) -> int:
        """The portion's whole stake."""
        return sum(self.stake_shares)

    @property
    def result_kind(self) -> ResultKind:
        """How the portion ended, by its amounts."""
        if self.is_cash_out:
            return ResultKind.CASHED_OUT
        if self.payout:
            return WON
        return VOID if self.refund > 0 and self.refund == self.stake else LOST


@value
class Bet:
    """A stake taken from a wallet, or the memory that it must not be.

    `portions` are in the order they were made. `unsettled_versions` remembers, for
    portions whose result was taken back, the version that took it back.
    `substitutions` are the moves that the bet really made otherwise than its
    results say: its postings add up to its position and these. `refusal` is set
    for a declined bet only. `coupon_grant_id` is the coupon that the caller named.
    `contributions` are what its lines have counted for rolling requirements so far.
    `replanned` has, by their codes, the buckets that are emptied before the bet is over, and where
    what it would give back or pay to them goes instead; its lines keep the plan they had.
    `orderings` has, by portion, what was said of the newest version, be it of a result or of what
    took one back; nothing of those whose order is the provider's.
    """

    key: BetKey
    state: BetState
    sequence: int
    create_time: datetime
    revision: int = 1
    round_ref: str = ""
    selected_source: str = ""
    stake: int = 0
    lines: tuple[FundingLine, ...] = ()
    snapshot: Snapshot | None = None
    portions: tuple[Portion, ...] = ()
    unsettled_versions: Mapping[str, int] = field(default_factory=dict[str, int])
    substitutions: tuple[Move, ...] = ()
    refusal: Refusal | None = None
    coupon_grant_id: str = ""
    free_round: bool = False
    context: BetContext = NO_CONTEXT
    contributions: tuple[Contribution, ...] = ()
    replanned: Mapping[str, str] = field(default_factory=dict[str, str])
    orderings: Mapping[str, ResultOrdering] = field(default_factory=dict[str, ResultOrdering])

    @property
    def open_shares(self) -> list[int]:
        """The stake without a result, by funding line."""
        return open_shares(self.lines, self.portions)

    @property
    def is_final(self) -> bool:
        """Whether a bet that was declined was rolled back since: then it is never tried again."""
        return self.state is BetState.DECLINED and self.revision > 1

    @property
    def result_kind(self) -> ResultKind | None:
        """How the bet ended; nothing unless it is settled."""
        if self.state is not SETTLED:
            return None
        if len(self.portions) == 1:
            return self.portions[0].result_kind
        kinds = {portion.result_kind for portion in self.portions}
        return kinds.pop() if len(kinds) == 1 else ResultKind.MIXED

    def portion(self, portion_ref: str) -> Portion | None:
        """Returns the portion of that name, if there is one."""
        for portion in self.portions:
            if portion.portion_ref == portion_ref:
                return portion
        return None

    def version_of(self, portion_ref: str) -> int:
        """Returns the newest version known for the portion; zero for none."""
        portion = self.portion(portion_ref)
        if portion is not None:
            return portion.result_version
        return self.unsettled_versions.get(portion_ref, 0)

    def orderings_with(
        self, refs: Sequence[str], ordering: ResultOrdering | None
    ) -> Mapping[str, ResultOrdering]:
        """Returns the orderings, with another of some portions; none for the provider's."""
        if ordering is None and not self.orderings:
            return self.orderings
        others = {ref: known for ref, known in self.orderings.items() if ref not in refs}
        return others if ordering is None else {**others, **dict.fromkeys(refs, ordering)}

    def with_portions(
        self,
        portions: tuple[Portion, ...],
        unsettled_versions: Mapping[str, int],
        orderings: Mapping[str, ResultOrdering] | None = None,
    ) -> "Bet":
        """Returns the bet with other results, in the state that they put it in.

        `orderings` are as they were where they are none.
        """
        shares = open_shares(self.lines, portions)
        assert min(shares, default=0) >= 0  # A free round has no lines.
        if not portions:
            state = AUTHORIZED
        elif any(shares):
            state = PARTIALLY_SETTLED
        else:
            state = SETTLED
        return Bet(  # By position, as every command makes one: `replace` takes six times as long.
            self.key,
            state,
            self.sequence,
            self.create_time,
            self.revision + 1,
            self.round_ref,
            self.selected_source,
            self.stake,
            self.lines,
            self.snapshot,
            portions,
            unsettled_versions,
            self.substitutions,
            self.refusal,
            self.coupon_grant_id,
            self.free_round,
            self.context,
            self.contributions,
            self.replanned,
            self.orderings if orderings is None else orderings,
        )

    def as_authorized(self) -> "Bet":
        """Returns the bet as it was when it was authorized."""
        return replace(
            self,
            state=BetState.AUTHORIZED,
            revision=1,
            portions=(),
            unsettled_versions={},
            substitutions=(),
            contributions=(),
            replanned={},
            orderings={},
        )

    @property
    def named_buckets(self) -> frozenset[str]:
        """The buckets that paid for the bet, or that its plan sends money to."""
        named = {line.source for line in self.lines if line.coupon is None}
        for line in self.lines:
            named.add(line.destinations.profit_target)
            if line.destinations.stake_target is not None:
                named.add(line.destinations.stake_target)
        return frozenset(named)


def open_shares(lines: Sequence[FundingLine], portions: Sequence[Portion]) -> list[int]:
    """Returns the stake that no portion took, by funding line."""
    shares = [line.amount for line in lines]
    for portion in portions:
        shares = [a - b for a, b in zip(shares, portion.stake_shares, strict=True)]
    return shares
