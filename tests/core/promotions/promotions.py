"""Short ways to tell stories of promotions.

The topology is that of the worked examples; all its buckets but WD take promotions.
"""

from dataclasses import replace

from tests.core.rules import TOPOLOGY
from tests.core.world import World
from wallet_server.core.commands import Amount, CreditPromotion, ForfeitBonus, ReversePromotion
from wallet_server.core.config.topology import Topology, TransferEdge, Withdrawable
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.promotions.promotion import (
    Promotion,
    PromotionKind,
    ReversalMode,
    promotion_key,
)
from wallet_server.core.rolling.requirement import Requirement, RollingTerms

EDGES = tuple(
    TransferEdge(source, target)
    for source, target in (("SN", "CN"), ("CN", "SN"), ("PT", "SN"), ("PT", "CN"))
)

PROMO_TOPOLOGY = replace(
    TOPOLOGY,
    buckets=tuple(replace(each, promo_creditable=each.code != "WD") for each in TOPOLOGY.buckets),
    transfer_edges=EDGES,
)

FIVE_TIMES = RollingTerms(multiplier_bp=50_000, release_target="WD")


def with_bucket(code: str, **changes: object) -> Topology:
    """Returns the topology with one bucket type otherwise."""
    buckets = tuple(
        replace(each, **changes) if each.code == code else each for each in PROMO_TOPOLOGY.buckets
    )
    return replace(PROMO_TOPOLOGY, buckets=buckets)


def asset_of(code: str) -> str:
    return "PTS" if code == "PT" else "EUR"


class PromoWorld(World):
    """A wallet that promotions are credited to and taken back from."""

    def credit(
        self,
        amount: int,
        code: str = "SB",
        promotion_id: str = "p1",
        *,
        rolling: RollingTerms | None = None,
        kind: PromotionKind = PromotionKind.BONUS,
        qualifying: tuple[str, ...] = (),
    ) -> str:
        command = CreditPromotion(
            promotion_id, code, Amount(asset_of(code), amount), kind, rolling, qualifying
        )
        return self.run(command)

    def reverse(self, mode: str = "PARTIAL", promotion_id: str = "p1", request_id: str = "") -> str:
        return self.run(ReversePromotion(promotion_id, ReversalMode(mode), "TEST"), request_id)

    def forfeit(self, code: str = "SB") -> str:
        return self.run(ForfeitBonus(code, "TEST"))

    def promotion(self, promotion_id: str = "p1") -> Promotion:
        found = self.wallet.items[promotion_key(promotion_id)]
        assert isinstance(found, Promotion)
        return found

    def requirement(self, requirement_id: str = "PROMOTION:p1") -> Requirement:
        found = self.wallet.items[ItemKey(ItemKind.REQUIREMENT, requirement_id)]
        assert isinstance(found, Requirement)
        return found


def free_to_leave(topology: Topology = PROMO_TOPOLOGY) -> Topology:
    """Returns a topology whose cash may always leave."""
    buckets = tuple(
        replace(each, withdrawable=Withdrawable.ALWAYS) if each.depositable else each
        for each in topology.buckets
    )
    return replace(topology, buckets=buckets)
