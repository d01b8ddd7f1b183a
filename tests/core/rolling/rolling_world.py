"""Short ways to tell stories of requirements and transfers."""

from dataclasses import replace

from tests.core.rules import LIVE, SLOTS, SPORTS, TOPOLOGY
from tests.core.world import REF, START, World, eur, shortened
from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.commands import (
    Amount,
    AuthorizeBet,
    CancelRolling,
    CashOutBet,
    CompleteRolling,
    TransferFunds,
)
from wallet_server.core.config.policy import Policy, RollingRules
from wallet_server.core.config.topology import RollingInheritance, Topology, TransferEdge
from wallet_server.core.ids import BetKey
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.items import Item
from wallet_server.core.results import CommandResult
from wallet_server.core.rolling.requirement import (
    Requirement,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)

UNLOCK = RollingTerms(multiplier_bp=10_000)
POINTS_EDGE = TransferEdge(
    "PT",
    "SN",
    rate_numerator=1,
    rate_denominator=10,
    minimum=100,
    multiple_of=100,
    opens_rolling_bp=10_000,
)
EDGES = (TransferEdge("SN", "CN"), TransferEdge("CN", "SN"), POINTS_EDGE)
BLOCKING = TransferEdge("SN", "CN", rolling_inheritance=RollingInheritance.BLOCK)
FREE = TransferEdge("SN", "CN", rolling_inheritance=RollingInheritance.NONE)


def with_edges(*edges: TransferEdge) -> Topology:
    return replace(TOPOLOGY, transfer_edges=edges)


def weighing(policy: Policy, rules: RollingRules) -> Policy:
    return replace(policy, rolling=rules)


def requirement(
    name: str = "RQ1",
    bucket: str = "SN",
    required: int = 900,
    progress: int = 0,
    *,
    terms: RollingTerms = UNLOCK,
    state: RequirementState = RequirementState.ACTIVE,
    order: int = 1,
    amount: int = 0,
    asset_code: str = "EUR",
) -> Requirement:
    """Returns a requirement that was opened before all bets of a story."""
    group = TOPOLOGY.bucket_by_code[bucket].wallet_group
    return Requirement(
        requirement_id=name,
        state=state,
        bucket=bucket,
        wallet_group=group,
        asset_code=asset_code,
        required=required,
        terms=terms,
        origin=RequirementOrigin.PROMOTION,
        origin_id=name,
        topology_version=1,
        wallet_policy_version=1,
        sequence=order,
        opened_sequence=1,
        create_time=START,
        progress=progress,
        amount=amount,
    )


class RollingWorld(World):
    """A wallet with requirements."""

    def __init__(
        self,
        balances: str,
        *items: Item,
        edges: tuple[TransferEdge, ...] = EDGES,
        policies: tuple[Policy, ...] = (SPORTS, SLOTS, LIVE),
        frozen: str = "",
    ) -> None:
        super().__init__(balances, with_edges(*edges), *policies, frozen=frozen)
        self.put(*items)

    def put(self, *items: Item) -> None:
        """Gives the wallet items behind the commands' back."""
        all_items = {**self.wallet.items, **{each.key: each for each in items}}
        self.fold.wallets[REF] = replace(self.wallet, items=all_items)

    @property
    def requirements(self) -> list[Requirement]:
        """All requirements, oldest first."""
        found = [each for each in self.wallet.items.values() if isinstance(each, Requirement)]
        return sorted(found, key=lambda each: (each.sequence, each.key))

    @property
    def result(self) -> CommandResult | None:
        return self.answer.result

    def requirement(self, name: str = "RQ1") -> Requirement:
        found = self.wallet.items[ItemKey(ItemKind.REQUIREMENT, name)]
        assert isinstance(found, Requirement)
        return found

    @property
    def beside(self) -> dict[str, int]:
        """What the last command posted beside its bet, by short name."""
        (entry,) = (each for each in self.answer.entries if not each.bet_ref)
        return shortened({each.account: each.change for each in entry.changes})

    def progress(self, name: str = "RQ1") -> int:
        return self.requirement(name).progress

    def state(self, name: str = "RQ1") -> str:
        return self.requirement(name).state.value

    def place(
        self,
        stake: int,
        bet_ref: str = "b1",
        *,
        provider: str = "sports",
        selected: str = "",
        context: BetContext = NO_CONTEXT,
    ) -> str:
        key = BetKey(provider, bet_ref)
        return self.run(AuthorizeBet(key, eur(stake), selected_source=selected, context=context))

    def cash_out(self, stake: int, payout: int, ref: str = "c1", bet_ref: str = "b1") -> str:
        return self.run(
            CashOutBet(BetKey("sports", bet_ref), BetKey("sports", ref), eur(payout), eur(stake))
        )

    def transfer(
        self, amount: int, source: str = "SN", target: str = "CN", asset_code: str = "EUR"
    ) -> str:
        return self.run(TransferFunds(source, target, Amount(asset_code, amount)))

    def complete(self, name: str = "RQ1", revision: int = 0) -> str:
        return self.run(CompleteRolling(name, revision))

    def cancel(
        self, name: str = "RQ1", *, forfeit: bool = False, expired: bool = False, revision: int = 0
    ) -> str:
        return self.run(CancelRolling(name, revision, forfeit=forfeit, expired=expired))
