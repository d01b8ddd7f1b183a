"""What must hold of coupons and rolling requirements, as far as it can be seen over gRPC."""

from collections import Counter

from wallet.v1.coupon_pb2 import CouponGrant
from wallet.v1.rolling_pb2 import Requirement
from wallet_server.conformance.recording import WalletReading


def find_item_violations(reading: WalletReading) -> list[str]:
    """Checks I23, I25, I28 and I30 for what a wallet shows."""
    assert reading.wallet is not None
    counted = _counted(reading)
    return [
        *(each for coupon in reading.wallet.coupons for each in _check_coupon(coupon, reading)),
        *(
            violation
            for each in reading.wallet.requirements
            for violation in _check_requirement(each, counted[each.requirement_id])
        ),
    ]


def _check_coupon(coupon: CouponGrant, reading: WalletReading) -> list[str]:
    violations: list[str] = []
    amount, left = coupon.amount.minor_units, coupon.remaining.minor_units
    still_open = coupon.open_stake.minor_units
    if left + still_open > amount:
        violations.append(f"I23: {left} and {still_open} are more than {amount}")
    if coupon.terms.HasField("uses_max") and coupon.use_count > coupon.terms.uses_max:
        violations.append(f"I25: it was used {coupon.use_count} times")
    paid = sum(
        coupon.grant_id == line.coupon.grant_id
        for bet in reading.bets.values()
        if bet is not None
        for line in bet.funding_lines
    )
    if coupon.use_count > paid:
        violations.append(f"I25: {coupon.use_count} uses, and {paid} bets")
    return [f"coupon {coupon.grant_id}: {each}" for each in violations]


def _check_requirement(requirement: Requirement, counted: int) -> list[str]:
    violations: list[str] = []
    progress, released = requirement.progress.minor_units, requirement.released.minor_units
    if progress != counted:
        violations.append(f"I28: progress is {progress}, bets have counted {counted}")
    remaining = max(0, requirement.required.minor_units - progress)
    if requirement.remaining.minor_units != remaining:
        violations.append(f"I28: {requirement.remaining.minor_units} remain, not {remaining}")
    terms = requirement.terms
    if terms.HasField("conversion_cap") and released > terms.conversion_cap:
        violations.append(f"I30: {released} were released, over {terms.conversion_cap}")
    return [f"requirement {requirement.requirement_id}: {each}" for each in violations]


def _counted(reading: WalletReading) -> Counter[str]:
    """Returns what all bets together have counted, by requirement."""
    counted: Counter[str] = Counter()
    for bet in reading.bets.values():
        for each in bet.contributions if bet is not None else ():
            counted[each.requirement_id] += each.counted
    return counted
