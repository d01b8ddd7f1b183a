"""Refusals of coupons."""

from wallet_server.core.refusals.kinds import Declined, Invalid, NotFound
from wallet_server.core.value import value


@value
class CouponNotFound(NotFound):
    """The wallet has no grant of this id."""

    reason = "COUPON_NOT_FOUND"
    message = "there is no coupon {grant_id}"

    grant_id: str


@value
class CouponNotEligible(Declined):
    """The coupon that was named may not pay for this bet."""

    reason = "COUPON_NOT_ELIGIBLE"
    message = "coupon {grant_id} may not pay: {restriction}"

    grant_id: str
    restriction: str


@value
class CouponTermsInvalid(Invalid):
    """The terms of the grant contradict each other."""

    reason = "COUPON_TERMS_INVALID"
    message = "{field}: {problem}"

    field: str
    problem: str


@value
class DestinationUnknown(Declined):
    """The active topology has no such bucket that value could go to.

    What a rolling requirement releases goes to the player's own money only.
    """

    reason = "DESTINATION_UNKNOWN"
    message = "the topology has no active bucket {bucket} of the wallet's currency"

    bucket: str
