"""What becomes of rolling requirements when money is transferred from their bucket."""

from dataclasses import replace

from wallet_server.core.accounts import bucket, open_stake
from wallet_server.core.config.topology import RollingInheritance, TransferEdge
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import RollingOpen
from wallet_server.core.rolling.requirement import Requirement, RequirementState, RollingTerms
from wallet_server.core.value import value

SPLIT_STATES = frozenset({RequirementState.PENDING, RequirementState.ACTIVE})


@value
class Share:
    """The part of a bucket that is transferred: `moved` of `whole`, and what it is changed for.

    `whole` is what the bucket held before and the stake of it that is open, both in the
    source's asset; one unit of which becomes `numerator` / `denominator` of the target's.
    """

    moved: int
    whole: int
    numerator: int = 1
    denominator: int = 1

    def of(self, amount: int) -> int:
        """Returns what of an amount goes along: in proportion, rounded up."""
        return split_rolling(amount, self.moved, self.whole)

    def converted(self, amount: int) -> int:
        """Returns an amount in the target's asset, rounded up."""
        return -(-amount * self.numerator // self.denominator)


def split_rolling(remaining: int, moved: int, whole: int) -> int:
    """Returns what of `remaining` goes along when `moved` of `whole` is transferred.

    It is rounded up; the rest stays. If all is moved, all goes along.
    """
    assert 0 <= moved <= whole
    assert whole > 0
    return -(-remaining * moved // whole)


def check_inheritance(draft: Draft, edge: TransferEdge) -> RollingOpen | None:
    """Refuses a transfer that the open requirements on its source forbid.

    A requirement that waits, for a withdrawal or to release its money, holds the money on
    any edge but one without inheritance.
    """
    if edge.rolling_inheritance is RollingInheritance.NONE:
        return None
    found = open_on(draft, edge.source)
    if edge.rolling_inheritance is RollingInheritance.BLOCK:
        holding = [each for each in found if each.remaining or holds(each)]
    else:
        holding = [each for each in found if holds(each)]
    return RollingOpen(sum(each.remaining for each in holding)) if holding else None


def open_on(draft: Draft, code: str) -> list[Requirement]:
    """Returns the open requirements on a bucket, oldest first."""
    return [each for each in draft.items_of(Requirement) if each.is_open and each.bucket == code]


def holds(requirement: Requirement) -> bool:
    """Tells whether a requirement keeps the money in its bucket, whatever the amount."""
    if requirement.state is RequirementState.FULFILLED:
        return requirement.moves_money
    return requirement.state is RequirementState.SUSPENDED


def share_of(draft: Draft, edge: TransferEdge, amount: int) -> Share:
    """Returns the part of the source that an amount is. The transfer is not posted yet."""
    held, staked = draft.balance(bucket(edge.source)), draft.balance(open_stake(edge.source))
    return Share(amount, held + staked, edge.rate_numerator, edge.rate_denominator)


def hand_down(draft: Draft, edge: TransferEdge, share: Share) -> int:
    """Splits the requirements on a transfer's source, in proportion to what is moved.

    Returns what must be wagered on the target from now on instead of on the source, in the
    source's asset.
    """
    if edge.rolling_inheritance is not RollingInheritance.PROPORTIONAL:
        return 0
    parents = [each for each in open_on(draft, edge.source) if each.state in SPLIT_STATES]
    parents = [each for each in parents if each.remaining]
    for number, parent in enumerate(parents, start=1):
        draft.put_item(child_of(draft, parent, edge, share, number))
        draft.put_item(rest_of(draft, parent, share))
    return sum(share.of(each.remaining) for each in parents)


def child_of(
    draft: Draft, parent: Requirement, edge: TransferEdge, share: Share, number: int
) -> Requirement:
    """Returns the requirement that goes along with the money. It keeps its parent's rules."""
    target = draft.configuration.topology.value.bucket_by_code[edge.target]
    asset_code = target.asset_in(draft.currency)
    cap = parent.cap_left
    terms = with_cap(parent.terms, None if cap is None else share.converted(share.of(cap)))
    if asset_code != parent.asset_code:
        # What a release moves must be of the bucket's asset: there it only unlocks.
        terms = replace(terms, release_target="")
    return replace(
        parent,
        requirement_id=f"TRANSFER:{draft.sequence}.{number}",
        bucket=edge.target,
        wallet_group=target.wallet_group,
        asset_code=asset_code,
        required=share.converted(share.of(parent.remaining)),
        terms=terms,
        sequence=draft.sequence,
        create_time=draft.now,
        progress=0,
        released=0,
        forfeited=0,
        parent_id=parent.requirement_id,
        amount=share.converted(share.of(parent.amount)),
        revision=1,
    )


def rest_of(draft: Draft, parent: Requirement, share: Share) -> Requirement:
    """Returns what stays of a requirement: it is over when nothing is left to be wagered."""
    required = parent.required - share.of(parent.remaining)
    is_over = required == parent.progress
    cap = parent.cap_left
    left = None if cap is None else parent.released + cap - share.of(cap)
    return replace(
        parent,
        state=RequirementState.TRANSFERRED if is_over else parent.state,
        required=required,
        terms=with_cap(parent.terms, left),
        amount=parent.amount - share.of(parent.amount),
        end_sequence=draft.sequence if is_over else 0,
        revision=parent.revision + 1,
    )


def with_cap(terms: RollingTerms, cap: int | None) -> RollingTerms:
    """Returns terms with another limit on what is released."""
    return replace(terms, conversion_cap=cap)
