"""Commands on promotions and bonus money."""

from wallet_server.core.commands.amount import Amount
from wallet_server.core.promotions.promotion import PromotionKind, ReversalMode
from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.core.value import value


@value
class CreditPromotion:
    """Credits a promotion to a bucket, with a rolling requirement if it has terms for one.

    `qualifying_provider_types` are the products that the player had to use to get it.
    """

    promotion_id: str
    bucket: str
    amount: Amount
    kind: PromotionKind = PromotionKind.BONUS
    rolling: RollingTerms | None = None
    qualifying_provider_types: tuple[str, ...] = ()


@value
class ReversePromotion:
    """Takes a promotion or a coupon grant of that name back. Before it came, keeps it away."""

    promotion_id: str
    mode: ReversalMode = ReversalMode.PARTIAL
    reason_code: str = ""


@value
class ForfeitBonus:
    """Gives up what a bucket of restricted money holds, with the requirements on it."""

    bucket: str
    reason_code: str
