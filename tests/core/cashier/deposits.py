"""Short ways to tell stories of deposits and adjustments."""

from dataclasses import replace

from tests.core.promotions.promotions import PROMO_TOPOLOGY, PromoWorld
from tests.core.world import REF, START, eur, maybe_eur
from wallet_server.core.accounts import hold
from wallet_server.core.cashier.adjustment import Adjustment, adjustment_key
from wallet_server.core.cashier.deposit import Deposit, ReversalKind, deposit_key
from wallet_server.core.cashier.withdrawal import (
    Forfeit,
    HoldLine,
    Withdrawal,
    WithdrawalState,
    withdrawal_key,
)
from wallet_server.core.commands import (
    NOBODY,
    Actor,
    AdjustBalance,
    ApproveDeposit,
    CreateDeposit,
    DeclineDeposit,
    ReverseDeposit,
    SetAccountStatus,
    WriteOffDebt,
)
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.decision import Replay
from wallet_server.core.items import Item
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.players.usage import Slot, UsageKind
from wallet_server.core.results import CommandResult

CHARGEBACK = ReversalKind.CHARGEBACK
REVERSAL = ReversalKind.REVERSAL


class DepositWorld(PromoWorld):
    """A wallet that money is paid into, and that operators put right."""

    def __init__(
        self,
        balances: str = "",
        *changes: WalletPolicy | Topology,
        frozen: str = "",
        status: AccountStatus = AccountStatus.ACTIVE,
    ) -> None:
        super().__init__(balances, PROMO_TOPOLOGY, *changes, frozen=frozen, status=status)

    @property
    def result(self) -> CommandResult | None:
        """What the last command told, now or when it was first answered."""
        if isinstance(self.last, Replay):
            return self.last.result
        return self.answer.result

    @property
    def deposited(self) -> Deposit:
        return self.known_deposit("d1")

    def known_deposit(self, deposit_id: str) -> Deposit:
        found = self.wallet.items[deposit_key(deposit_id)]
        assert isinstance(found, Deposit)
        return found

    @property
    def counted(self) -> dict[int, int]:
        """What counts for deposit limits, by the hours since the start."""
        usages = [u for u in self.wallet.player.usages if u.kind is UsageKind.DEPOSIT]
        slots = [slot for usage in usages for slot in usage.slots]
        return {hours_since_start(slot): slot.amount for slot in slots if slot.amount}

    def create(
        self,
        amount: int,
        code: str = "SN",
        deposit_id: str = "d1",
        *,
        method: str = "",
        payout: str = "",
        request_id: str = "",
    ) -> str:
        return self.run(CreateDeposit(deposit_id, code, eur(amount), method, payout), request_id)

    def approve(
        self,
        amount: int,
        code: str = "SN",
        deposit_id: str = "d1",
        *,
        method: str = "",
        payout: str = "",
    ) -> str:
        return self.run(ApproveDeposit(deposit_id, code, eur(amount), method, payout))

    def decline(self, deposit_id: str = "d1", *, expired: bool = False) -> str:
        return self.run(DeclineDeposit(deposit_id, "TEST", expired))

    def take_back(
        self,
        amount: int | None = None,
        reversal_id: str = "r1",
        *,
        kind: ReversalKind = REVERSAL,
        deposit_id: str = "d1",
        reason_code: str = "",
    ) -> str:
        return self.run(
            ReverseDeposit(deposit_id, reversal_id, maybe_eur(amount), kind, reason_code)
        )

    def adjustment(self, adjustment_id: str = "a1") -> Adjustment:
        found = self.wallet.items[adjustment_key(adjustment_id)]
        assert isinstance(found, Adjustment)
        return found

    def put_right(
        self,
        amount: int,
        by: str = "",
        code: str = "SN",
        *,
        adjustment_id: str = "a1",
        actor: Actor | None = None,
        reason_code: str = "TEST",
    ) -> str:
        """Adjusts a bucket under a name of its own."""
        actor = actor or (Actor(by) if by else NOBODY)
        return self.run(
            AdjustBalance(code, eur(amount), reason_code, adjustment_id=adjustment_id, actor=actor)
        )

    def write_off(
        self, amount: int, by: str = "", *, adjustment_id: str = "a1", actor: Actor | None = None
    ) -> str:
        actor = actor or (Actor(by) if by else NOBODY)
        return self.run(WriteOffDebt(adjustment_id, eur(amount), "TEST", actor=actor))

    def set_status(self, status: AccountStatus) -> str:
        return self.run(SetAccountStatus(status, "TEST"))

    def withdrawal(self, withdrawal_id: str = "w1") -> Withdrawal:
        found = self.wallet.items[withdrawal_key(withdrawal_id)]
        assert isinstance(found, Withdrawal)
        return found

    def has_payout(
        self, state: WithdrawalState, amount: int = 100, forfeits: tuple[Forfeit, ...] = ()
    ) -> None:
        """Gives the wallet a withdrawal from SN, behind the commands' back."""
        payout = Withdrawal(
            "w1",
            state,
            amount,
            "EUR",
            lines=(HoldLine("SN", amount),),
            sequence=1,
            create_time=START,
            forfeits=forfeits,
            forfeited=sum(each.amount for each in forfeits),
        )
        held = {hold("w1"): amount} if payout.is_open else {}
        self.put(payout)
        wallet = self.wallet
        self.fold.wallets[REF] = replace(wallet, balances={**wallet.balances, **held})

    def put(self, item: Item) -> None:
        """Makes an item of the wallet another behind the commands' back."""
        wallet = self.wallet
        self.fold.wallets[REF] = replace(wallet, items={**wallet.items, item.key: item})


def hours_since_start(slot: Slot) -> int:
    return int((slot.start - START).total_seconds() // 3600)
