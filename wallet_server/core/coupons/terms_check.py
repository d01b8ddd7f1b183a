"""Whether the terms of a grant make sense, and whether the topology has what they name."""

from collections.abc import Iterator
from datetime import datetime

from wallet_server.core.commands import GrantCoupon
from wallet_server.core.config.topology import BucketStatus, Topology
from wallet_server.core.coupons.grant import UseMode
from wallet_server.core.refusals import CouponTermsInvalid, DestinationUnknown


def check_terms(command: GrantCoupon, now: datetime) -> CouponTermsInvalid | None:
    """Refuses terms under which the coupon could never pay for anything; the first such."""
    return next(find_contradictions(command, now), None)


def find_contradictions(command: GrantCoupon, now: datetime) -> Iterator[CouponTermsInvalid]:
    """Yields what keeps a grant from ever paying, whatever the bet."""
    if command.valid_until <= now:
        yield CouponTermsInvalid("valid_until", "is past")
    if command.valid_from is not None and command.valid_until <= command.valid_from:
        yield CouponTermsInvalid("valid_until", "is not after valid_from")
    restrictions = command.terms.restrictions
    bounds = (
        ("legs", restrictions.legs_min, restrictions.legs_max),
        ("odds_milli", restrictions.odds_milli_min, restrictions.odds_milli_max),
        ("stake", restrictions.stake_min, restrictions.stake_max),
    )
    for name, lowest, highest in bounds:
        if lowest is not None and highest is not None and lowest > highest:
            yield CouponTermsInvalid(f"{name}_min", f"exceeds {name}_max")
    is_full = command.terms.use_mode is UseMode.REQUIRE_FULL
    if is_full and (restrictions.stake_min or 0) > command.amount.minor_units:
        yield CouponTermsInvalid("stake_min", "exceeds the amount, which must pay it in full")


def check_destinations(
    command: GrantCoupon, currency: str, topology: Topology
) -> DestinationUnknown | None:
    """Refuses buckets that are not there, are being emptied, or hold another asset."""
    terms = command.terms
    for code in (terms.profit_target, terms.stake_target):
        if code is None:
            continue
        found = topology.bucket_by_code.get(code)
        if (
            found is None
            or found.status is not BucketStatus.ACTIVE
            or found.asset_in(currency) != currency
        ):
            return DestinationUnknown(code)
    return None
