"""Releasing what a requirement has locked, and forfeiting it."""

from dataclasses import replace

from wallet_server.core.accounts import PROMO, bucket, open_stake
from wallet_server.core.config.topology import BucketClass, BucketStatus
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import BucketDraining, BucketFrozen, Refusal, RollingOpen
from wallet_server.core.rolling.requirement import Requirement, RequirementState


def release(draft: Draft, requirement: Requirement) -> Requirement:
    """Releases a fulfilled requirement with all that its bucket holds. `check_release` first.

    While stake of the bucket is open, it goes on watching what comes back of it.
    """
    account = bucket(requirement.bucket)
    if requirement.moves_money:
        requirement = let_go(draft, requirement, draft.balance(account))
    ended = replace(
        requirement,
        state=RequirementState.RELEASED,
        tail=requirement.moves_money and draft.balance(open_stake(requirement.bucket)) > 0,
        end_sequence=draft.sequence,
        revision=requirement.revision + 1,
    )
    draft.put_item(ended)
    return ended


def check_release(draft: Draft, requirement: Requirement) -> Refusal | None:
    """Refuses to move money that another requirement still locks, or that cannot move.

    Where release only unlocks, the others lock on and nothing stands in the way.
    """
    if not requirement.moves_money:
        return None
    unfulfilled = [
        each
        for each in others_on_bucket(draft, requirement)
        if each.state is not RequirementState.FULFILLED
    ]
    if unfulfilled:
        return RollingOpen(sum(each.remaining for each in unfulfilled))
    if requirement.bucket in draft.before.frozen_buckets:
        return BucketFrozen(requirement.bucket)
    target = release_target(draft, requirement)
    found = draft.configuration.topology.value.bucket_by_code.get(target)
    if target != requirement.bucket and (found is None or found.status is BucketStatus.DRAINING):
        return BucketDraining(target)
    return None


def let_go(draft: Draft, requirement: Requirement, amount: int) -> Requirement:
    """Moves an amount of the bucket to the release target, as far as the cap allows.

    What exceeds the cap is the house's, where the bucket is restricted money that no other
    requirement is on. Returns the requirement with what was released and forfeited.
    """
    cap_left = requirement.cap_left
    released = amount if cap_left is None else min(amount, cap_left)
    excess = amount - released
    if not is_restricted(draft, requirement) or others_on_bucket(draft, requirement):
        excess = 0
    account = bucket(requirement.bucket)
    target = bucket(release_target(draft, requirement))
    draft.move(requirement.asset_code, account, target, released)
    draft.move(requirement.asset_code, account, PROMO, excess)
    return replace(
        requirement,
        released=requirement.released + released,
        forfeited=requirement.forfeited + excess,
    )


def forfeit(draft: Draft, requirement: Requirement, amount: int) -> Requirement:
    """Gives an amount of the bucket to the house, if it is restricted money.

    Where other requirements are on the bucket, no more goes than the value that this one was
    opened for. Returns the requirement with what was forfeited.
    """
    if not is_restricted(draft, requirement):
        return requirement
    if others_on_bucket(draft, requirement):
        amount = min(amount, max(0, requirement.amount - requirement.forfeited))
    draft.move(requirement.asset_code, bucket(requirement.bucket), PROMO, amount)
    return replace(requirement, forfeited=requirement.forfeited + amount)


def release_target(draft: Draft, requirement: Requirement) -> str:
    """Returns where released money goes: the bucket itself where release only unlocks it."""
    target = requirement.terms.release_target or requirement.bucket
    return draft.configuration.topology.value.successor_by_code.get(target, target)


def others_on_bucket(draft: Draft, requirement: Requirement) -> list[Requirement]:
    """Returns the other open requirements on the bucket, oldest first.

    Of one that is over: those that were there when it ended.
    """
    return [
        each
        for each in draft.items_of(Requirement)
        if each.is_open
        and each.bucket == requirement.bucket
        and each.key != requirement.key
        and (requirement.is_open or each.sequence <= requirement.end_sequence)
    ]


def is_restricted(draft: Draft, requirement: Requirement) -> bool:
    """Tells whether the bucket's money is a promotion's: nothing else is ever forfeited."""
    found = draft.configuration.topology.value.bucket_by_code.get(requirement.bucket)
    return found is not None and found.bucket_class is BucketClass.RESTRICTED
