"""Emptying a wallet's bucket into its successor."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import bucket, open_stake
from wallet_server.core.commands import DrainBucket
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import OWN_MONEY, BucketClass
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.coupons.repointing import repointed
from wallet_server.core.decision import APPLIED, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.draining.successor import check_emptied, check_successor
from wallet_server.core.refusals import BucketFrozen, BucketUnknownInTopology, Refusal, RollingOpen
from wallet_server.core.results import DrainResult
from wallet_server.core.rolling.cancel_rolling import end_early
from wallet_server.core.rolling.inheritance import open_on
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rolling.requirement import Requirement, RequirementState
from wallet_server.core.wallet import Wallet


def decide_drain_bucket(
    command: DrainBucket, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Moves a bucket's money to its successor, with the requirements on it, whatever the status.

    Grants that would pay to the bucket, and requirements that would release to it, name the
    successor from now on. Open bets are left alone: they settle by their snapshots.
    """
    draft = Draft(wallet, configuration, now)
    if refusal := check(command, draft):
        return refusal
    moved = draft.balance(bucket(command.bucket))
    repoint_targets(command, draft)
    repoint_coupons(command, draft)
    move_requirements(command, draft)
    asset_code = configuration.topology.value.bucket_by_code[command.bucket].asset_in(
        draft.currency
    )
    draft.move(asset_code, bucket(command.bucket), bucket(command.successor), moved)
    changed_count = len(draft.items)
    outcome = APPLIED if moved or changed_count else Outcome.ALREADY_APPLIED
    pass_on(draft)
    result = DrainResult(command.drain_id, asset_code, moved, changed_count)
    return draft.change(outcome, result=result)


def check(command: DrainBucket, draft: Draft) -> Refusal | None:
    """Refuses buckets that are not to be emptied, or not into that one, and money that is held.

    What is frozen stays; so does what a withdrawal under way forfeits if it is paid.
    """
    topology = draft.configuration.topology.value
    if command.bucket not in topology.bucket_by_code:
        return BucketUnknownInTopology(command.bucket)
    if refusal := check_emptied(command.bucket, topology) or check_successor(
        command.bucket, command.successor, draft.currency, topology
    ):
        return refusal
    if command.bucket in draft.before.frozen_buckets:
        return BucketFrozen(command.bucket)
    waiting = [
        each for each in open_on(draft, command.bucket) if each.state is RequirementState.SUSPENDED
    ]
    return RollingOpen(sum(each.remaining for each in waiting)) if waiting else None


def repoint_targets(command: DrainBucket, draft: Draft) -> None:
    """Lets requirements release to the successor instead of the bucket."""
    for each in list(draft.items_of(Requirement)):
        if each.is_live and each.terms.release_target == command.bucket:
            terms = replace(each.terms, release_target=command.successor)
            draft.put_item(replace(each, terms=terms, revision=each.revision + 1))


def repoint_coupons(command: DrainBucket, draft: Draft) -> None:
    """Lets grants pay to the successor instead of the bucket, with bets from now on."""

    def successor_of(code: str) -> str:
        return command.successor if code == command.bucket else code

    for grant in list(draft.items_of(CouponGrant)):
        changed = repointed(grant, successor_of) if grant.is_live else grant
        if changed is not grant:
            draft.put_item(replace(changed, revision=grant.revision + 1))


def move_requirements(command: DrainBucket, draft: Draft) -> None:
    """Lets the open requirements on the bucket go along, or ends them where they cannot.

    They end, and forfeit nothing, where restricted money becomes the player's own: no bonus ever
    locks that. They also end where nothing is left, in the bucket or in bets, that they were for.
    """
    frees = becomes_own(command, draft)
    for each in open_on(draft, command.bucket):
        if not frees and is_anything_left(draft, each):
            draft.put_item(moved(each, command, draft))
        else:
            end_early(draft, each, RequirementState.CANCELLED, forfeits=False)


def is_anything_left(draft: Draft, requirement: Requirement) -> bool:
    """Tells whether a requirement's bucket has money, or bets have stake that counts for it.

    Stake of buckets that it was on before counts too, and comes back to the bucket it is on.
    """
    stakes = (requirement.bucket, *requirement.former_buckets)
    in_bets = sum(draft.balance(open_stake(code)) for code in stakes)
    return draft.balance(bucket(requirement.bucket)) + in_bets > 0


def becomes_own(command: DrainBucket, draft: Draft) -> bool:
    """Tells whether what is restricted becomes the player's own money."""
    by_code = draft.configuration.topology.value.bucket_by_code
    restricted = by_code[command.bucket].bucket_class is BucketClass.RESTRICTED
    return restricted and by_code[command.successor].bucket_class in OWN_MONEY


def moved(requirement: Requirement, command: DrainBucket, draft: Draft) -> Requirement:
    """Returns a requirement that is on the successor. Stake from the bucket counts for it still."""
    successor = draft.configuration.topology.value.bucket_by_code[command.successor]
    return replace(
        requirement,
        bucket=successor.code,
        wallet_group=successor.wallet_group,
        former_buckets=(*requirement.former_buckets, command.bucket),
        revision=requirement.revision + 1,
    )
