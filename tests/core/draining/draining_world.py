"""A wallet whose buckets are being emptied."""

from collections.abc import Iterable
from dataclasses import replace

from tests.core.promotions.promotions import PROMO_TOPOLOGY
from tests.core.rolling.rolling_world import RollingWorld
from tests.core.rules import SPORTS
from tests.core.world import shortened
from wallet_server.core.commands import DrainBucket, ReplanAuthorization
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.topology import BucketType, LockMode, RetiredBucket, Topology
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item

CLERK, BOSS = Actor("clerk"), Actor("boss")

WIDE = replace(
    PROMO_TOPOLOGY,
    buckets=(
        *(
            replace(each, lock_mode=LockMode.BINARY) if each.code in {"SN", "CN"} else each
            for each in PROMO_TOPOLOGY.buckets
        ),
        BucketType("NB", "casino", PROMO_TOPOLOGY.bucket_by_code["SB"].bucket_class),
    ),
)
"""The examples' topology with one more bonus, NB, that others can be emptied into."""


def without(*retired: tuple[str, str], topology: Topology = WIDE) -> Topology:
    """Returns the topology with buckets retired, each with its successor."""
    codes = {code for code, _ in retired}
    return replace(
        topology,
        buckets=tuple(each for each in topology.buckets if each.code not in codes),
        retired_buckets=tuple(RetiredBucket(*each) for each in retired),
        recovery_order=tuple(each for each in topology.recovery_order if each not in codes),
        transfer_edges=tuple(
            each for each in topology.transfer_edges if not {each.source, each.target} & codes
        ),
    )


class DrainingWorld(RollingWorld):
    """A wallet in a topology of which some buckets are being emptied: SB unless said otherwise."""

    def __init__(
        self,
        balances: str = "",
        *items: Item,
        draining: Iterable[str] = ("SB",),
        policies: tuple[Policy, ...] = (SPORTS,),
        frozen: str = "",
    ) -> None:
        super().__init__(balances, *items, frozen=frozen)
        self.policies = policies
        self.empty(*draining)

    @property
    def balances(self) -> dict[str, int]:
        return shortened(self.wallet.balances)

    def empty(self, *codes: str) -> None:
        """Lets these buckets, and no others, be emptied."""
        self.configure(WIDE.with_draining(frozenset(codes)), *self.policies)

    def retire(self, *retired: tuple[str, str]) -> None:
        """Makes a topology the active one that has buckets retired."""
        self.configure(without(*retired), *self.policies, version=3)

    def empty_retired(self, *retired: tuple[str, str], draining: str) -> None:
        """Makes a topology the active one that has buckets retired, and lets another be emptied."""
        topology = without(*retired).with_draining({draining})
        self.configure(topology, *self.policies, version=3)

    def drain(self, code: str = "SB", successor: str = "SN") -> str:
        return self.run(DrainBucket("drain-1", code, successor))

    def replan(
        self,
        code: str = "SB",
        successor: str = "SN",
        *,
        by: Actor = CLERK,
        bet_ref: str = "b1",
        provider: str = "sports",
        adjustment_id: str = "a1",
    ) -> str:
        key = BetKey(provider, bet_ref)
        return self.run(ReplanAuthorization(key, code, successor, adjustment_id, "TEST", actor=by))

    def replan_anyway(self, code: str, successor: str) -> None:
        """Replans the bet while its bucket is emptied for no longer than that."""
        self.empty(code)
        self.replan_by_two(code, successor)
        self.empty()

    def replan_by_two(self, code: str = "SB", successor: str = "SN") -> None:
        """Replans the bet, as two persons do."""
        adjustment_id = f"{code}-{successor}"
        first = self.replan(code, successor, adjustment_id=adjustment_id)
        assert first == "APPROVAL_REQUIRED"
        assert self.replan(code, successor, by=BOSS, adjustment_id=adjustment_id) == "APPLIED"
