"""Commands on coupon grants."""

from datetime import datetime

from wallet_server.core.commands.amount import Amount
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.value import value


@value
class GrantCoupon:
    """Grants a coupon of so much value, usable from `valid_from`; from now on if that is none.

    `qualifying_provider_types` are the products that the player had to use to get it.
    """

    grant_id: str
    amount: Amount
    valid_until: datetime
    terms: CouponTerms
    valid_from: datetime | None = None
    qualifying_provider_types: tuple[str, ...] = ()


@value
class RevokeCoupon:
    """Takes a grant back, with what is left of it. `forfeit`: the player gave it up."""

    grant_id: str
    reason_code: str
    forfeit: bool = False


@value
class ExpireCoupons:
    """Ends the grants whose time has passed, or the one that is named if its has."""

    grant_id: str = ""
