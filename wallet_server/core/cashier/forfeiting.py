"""Bonus money that a player gives up for a withdrawal, and gets back unless it is paid.

Where several withdrawals are under way, the bonus that one holds would have had to be given up for
those that were asked for later, too: so it takes consent again, goes over to one of them when the
first ends unpaid, and is gone for good when one of them is paid first.
"""

from dataclasses import replace

from wallet_server.core.accounts import PROMO, bucket
from wallet_server.core.cashier.withdrawable import WithdrawableMoney
from wallet_server.core.cashier.withdrawal import Forfeit, Withdrawal
from wallet_server.core.config.topology import BucketClass
from wallet_server.core.config.wallet_policy import BonusOnWithdrawal
from wallet_server.core.draft import Draft
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.rolling.cancel_rolling import end_early
from wallet_server.core.rolling.inheritance import open_on
from wallet_server.core.rolling.release import others_on_bucket
from wallet_server.core.rolling.requirement import Requirement, RequirementState
from wallet_server.core.rolling.suspension import resume, suspend

FULFILLED = RequirementState.FULFILLED
SUSPENDED = RequirementState.SUSPENDED


def ends_bonus(draft: Draft) -> bool:
    """Tells whether the wallet policy has withdrawals end bonus money."""
    rules = draft.configuration.wallet_policy.value.withdrawals
    return rules.bonus is BonusOnWithdrawal.FORFEIT_BONUS


def find_forfeits(draft: Draft, money: WithdrawableMoney) -> tuple[Forfeit, ...]:
    """Returns what a player gives up for a withdrawal that ends bonus money.

    That is what buckets of restricted money hold, but for those that may be withdrawn from,
    those whose requirements are all fulfilled, and frozen ones, which give nothing.
    """
    by_code = draft.configuration.topology.value.bucket_by_code
    codes = [
        part.bucket
        for part in money.parts
        if by_code[part.bucket].bucket_class is BucketClass.RESTRICTED
        and part.locked
        and part.bucket not in draft.before.frozen_buckets
    ]
    return tuple(forfeit_of(draft, code) for code in codes if not is_earned(draft, code))


def is_earned(draft: Draft, code: str) -> bool:
    """Tells whether a bucket has requirements and all of them are fulfilled."""
    found = open_on(draft, code)
    return bool(found) and all(each.state is FULFILLED for each in found)


def forfeit_of(draft: Draft, code: str) -> Forfeit:
    """Returns what is given up of a bucket: all it holds, with the requirements that are not done.

    Some of these may wait already, for another withdrawal.
    """
    found = [each for each in open_on(draft, code) if each.state is not FULFILLED]
    return Forfeit(code, draft.balance(bucket(code)), tuple(each.requirement_id for each in found))


def give_up(draft: Draft, forfeits: tuple[Forfeit, ...]) -> None:
    """Takes what is given up, and lets its requirements wait."""
    for each in forfeits:
        draft.move(draft.currency, bucket(each.bucket), PROMO, each.amount)
        for requirement in requirements_of(draft, each):
            if requirement.state is RequirementState.ACTIVE:
                suspend(draft, requirement)


def give_back(draft: Draft, withdrawal: Withdrawal) -> int:
    """Gives back what was given up for a withdrawal that ends, and lets its requirements go on.

    Returns what the house keeps. What belongs to a requirement that was ended meanwhile with its
    bonus stays forfeited. So does what belongs to one whose time has passed, which expires now,
    with all that its bucket holds. One that waits for another withdrawal too waits on. Nothing
    comes back where a later withdrawal takes all of it over.
    """
    if hand_on(draft, withdrawal):
        return 0
    before = draft.balance(PROMO)
    elsewhere = {
        name
        for other in draft.items_of(Withdrawal)
        if other.is_open and other.key != withdrawal.key
        for each in other.forfeits
        for name in each.requirement_ids
    }
    for each in withdrawal.forfeits:
        code = draft.configuration.topology.value.live_code(each.bucket)
        amount = each.amount - stay_forfeited(draft, each)
        draft.move(withdrawal.asset_code, PROMO, bucket(code), amount)
        for requirement in waiting(draft, each):
            if requirement.requirement_id not in elsewhere:
                go_on(draft, requirement)
    return withdrawal.forfeited + draft.balance(PROMO) - before


def stay_forfeited(draft: Draft, forfeit: Forfeit) -> int:
    """Lets requirements whose bonus was ended meanwhile keep what is theirs. Returns how much.

    One that was ended without its bonus keeps nothing. Where others are on the bucket that is no
    more than the value they were opened for.
    """
    left = forfeit.amount
    for requirement in requirements_of(draft, forfeit):
        if requirement.ended_bonus:
            kept = left
            if others_on_bucket(draft, requirement):
                kept = min(left, max(0, requirement.amount - requirement.forfeited))
            draft.put_item(with_forfeited(requirement, kept))
            left -= kept
    return forfeit.amount - left


def go_on(draft: Draft, requirement: Requirement) -> None:
    """Lets a requirement that waited go on, or end if its time has passed.

    On a frozen bucket it goes on all the same: nothing may be taken from there.
    """
    if requirement.is_past(draft.now) and requirement.bucket not in draft.before.frozen_buckets:
        end_early(draft, requirement, RequirementState.EXPIRED, forfeits=True)
    else:
        resume(draft, requirement)


def forfeit_for_ever(draft: Draft, withdrawal: Withdrawal) -> int:
    """Ends the requirements that waited, with what came to their buckets meanwhile.

    Returns all that the house has now. A frozen bucket keeps what it holds.
    """
    before = draft.balance(PROMO)
    for each in withdrawal.forfeits:
        left = each.amount
        found = waiting(draft, each)
        for i, requirement in enumerate(found):
            own = max(0, requirement.amount - requirement.forfeited)
            part = left if i == len(found) - 1 else min(left, own)
            left -= part
            end_early(
                draft,
                replace(requirement, forfeited=requirement.forfeited + part, ended_bonus=True),
                RequirementState.CANCELLED,
                forfeits=requirement.bucket not in draft.before.frozen_buckets,
            )
    return withdrawal.forfeited + draft.balance(PROMO) - before


def with_forfeited(requirement: Requirement, amount: int) -> Requirement:
    """Returns a requirement with so much more that was forfeited with it."""
    return replace(
        requirement,
        forfeited=requirement.forfeited + amount,
        revision=requirement.revision + 1,
    )


def waiting(draft: Draft, forfeit: Forfeit) -> list[Requirement]:
    """Returns the requirements of a forfeit that still wait, oldest first."""
    return [each for each in requirements_of(draft, forfeit) if each.state is SUSPENDED]


def requirements_of(draft: Draft, forfeit: Forfeit) -> list[Requirement]:
    """Returns the requirements of a forfeit as they would be now, oldest first."""
    keys = [ItemKey(ItemKind.REQUIREMENT, each) for each in forfeit.requirement_ids]
    found = [draft.item(key, Requirement) for key in keys]
    return [each for each in found if each is not None]


def held_forfeits(draft: Draft) -> tuple[Forfeit, ...]:
    """Returns what withdrawals under way hold of bonus money, oldest first."""
    return tuple(
        forfeit for each in draft.items_of(Withdrawal) if each.is_open for forfeit in each.forfeits
    )


def hand_on(draft: Draft, withdrawal: Withdrawal) -> bool:
    """Hands what was given up over to a later withdrawal under way, if there are both.

    Tells whether it did.
    """
    if not withdrawal.forfeits:
        return False
    for other in draft.items_of(Withdrawal):
        if is_bound_by(other, withdrawal) and other.is_open:
            taker = with_more(other, withdrawal)
            draft.put_item(replace(taker, revision=other.revision + 1))
            return True
    return False


def take_over(draft: Draft, withdrawal: Withdrawal) -> Withdrawal:
    """Takes over what earlier withdrawals under way hold. Returns the withdrawal with that."""
    for other in draft.items_of(Withdrawal):
        if is_bound_by(withdrawal, other) and other.is_open and other.forfeits:
            withdrawal = with_more(withdrawal, other)
            gave = replace(other, forfeits=(), forfeited=0, revision=other.revision + 1)
            draft.put_item(gave)
    return withdrawal


def is_bound_by(later: Withdrawal, earlier: Withdrawal) -> bool:
    """Tells whether a withdrawal was asked for after another, with consent to end the bonus."""
    return later.sequence > earlier.sequence and later.accept_forfeiture


def with_more(taker: Withdrawal, giver: Withdrawal) -> Withdrawal:
    """Returns a withdrawal that holds what another does, too."""
    return replace(
        taker,
        forfeits=(*giver.forfeits, *taker.forfeits),
        forfeited=giver.forfeited + taker.forfeited,
    )
