"""Random commands on deposits, adjustments and debt."""

from typing import TYPE_CHECKING

from tests.simulation.persons import draw_person
from wallet_server.core.accounts import bucket, debt
from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentKind, AdjustmentState
from wallet_server.core.cashier.deposit import Deposit, DepositState, ReversalKind
from wallet_server.core.cashier.withdrawal import Withdrawal, WithdrawalState
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    CreateDeposit,
    DeclineDeposit,
    OpenWallet,
    ReverseDeposit,
    WriteOffDebt,
)
from wallet_server.core.commands.actor import NOBODY
from wallet_server.core.ids import WalletRef

if TYPE_CHECKING:
    from tests.simulation.commands import CommandSource

METHODS = ("", "card", "counter")
BACK = frozenset({WithdrawalState.PAID, WithdrawalState.SUBMITTED})


def draw_open(_source: "CommandSource", _ref: WalletRef) -> OpenWallet:
    return OpenWallet()


def draw_create(source: "CommandSource", ref: WalletRef) -> CreateDeposit:
    deposit_id, code = draw_deposit_id(source), draw_home(source, ref)
    method = source.random.choice(METHODS)
    payout = draw_payout_to_recycle(source, ref)
    if payout is not None:
        return CreateDeposit(
            deposit_id, code, payout_amount(source, payout), method, payout.withdrawal_id
        )
    return CreateDeposit(deposit_id, code, source.amount(ref, 1, 60), method)


def draw_approve(source: "CommandSource", ref: WalletRef) -> ApproveDeposit:
    """Draws the approval of a deposit that waits, or of one that nobody announced."""
    random = source.random
    waiting = [each for each in deposits(source, ref) if each.state is DepositState.CREATED]
    if waiting and random.random() < 0.6:
        found = random.choice(waiting)
        code = found.bucket if random.random() < 0.8 else draw_home(source, ref)
        amount = Amount(found.asset_code, found.amount + (random.random() < 0.05))
        return ApproveDeposit(
            found.deposit_id, code, amount, found.method, withdrawal_id=found.withdrawal_id
        )
    deposit_id, code = draw_deposit_id(source), draw_home(source, ref)
    payout = draw_payout_to_recycle(source, ref)
    if payout is not None:
        amount = payout_amount(source, payout)
        return ApproveDeposit(deposit_id, code, amount, withdrawal_id=payout.withdrawal_id)
    return ApproveDeposit(deposit_id, code, source.amount(ref, 1, 60))


def draw_decline(source: "CommandSource", ref: WalletRef) -> DeclineDeposit | None:
    waiting = [each for each in deposits(source, ref) if each.state is DepositState.CREATED]
    expired = source.random.random() < 0.2
    if waiting and source.random.random() < 0.7:
        return DeclineDeposit(source.random.choice(waiting).deposit_id, "TEST", expired)
    if source.random.random() < 0.7:
        return None
    return DeclineDeposit(draw_deposit_id(source), "TEST", expired)


def draw_reverse_deposit(source: "CommandSource", ref: WalletRef) -> ReverseDeposit | None:
    """Draws a reversal of all or a part of a deposit, under a name that it may have had."""
    random = source.random
    states = {DepositState.APPROVED, DepositState.PARTIALLY_REVERSED}
    found = [each for each in deposits(source, ref) if each.state in states]
    if not found and random.random() < 0.8:
        return None
    deposit_id = random.choice(found).deposit_id if found else draw_deposit_id(source)
    return ReverseDeposit(
        deposit_id,
        f"reversal-{random.randint(1, 4)}",
        source.amount(ref, 1, 30) if random.random() < 0.6 else None,
        random.choice(list(ReversalKind)),
        "TEST",
    )


def draw_adjust(source: "CommandSource", ref: WalletRef) -> AdjustBalance:
    """Draws an adjustment: a new one, or one again that waits for a second person."""
    random = source.random
    waiting = [each for each in pending(source, ref) if each.kind is AdjustmentKind.BALANCE]
    if waiting and random.random() < 0.3:
        found = random.choice(waiting)
        amount = Amount(found.asset_code, found.amount + (random.random() < 0.05))
        return AdjustBalance(
            found.bucket,
            amount,
            found.reason_code,
            adjustment_id=found.adjustment_id,
            actor=draw_person(random),
        )
    code = source.bucket(ref)
    given = source.amount(ref, 1, 60).minor_units
    taken = source.held(ref).get(bucket(code), 0)
    if random.random() < 0.3 or not taken:
        taken = source.amount(ref, 1, 60).minor_units
    amount = Amount(source.asset(ref, code), random.choice([given, given, -taken]))
    if random.random() < 0.4:
        return AdjustBalance(code, amount, "TEST")
    return AdjustBalance(
        code,
        amount,
        "TEST",
        adjustment_id=draw_adjustment_id(source) if random.random() < 0.8 else "",
        actor=draw_person(random),
    )


def draw_write_off(source: "CommandSource", ref: WalletRef) -> WriteOffDebt | None:
    """Draws a write-off of what is owed, or a part of it; of nothing, now and then."""
    random = source.random
    waiting = [each for each in pending(source, ref) if each.kind is AdjustmentKind.DEBT]
    if waiting and random.random() < 0.6:
        found = random.choice(waiting)
        amount = Amount(found.asset_code, found.amount)
        return WriteOffDebt(
            found.adjustment_id, amount, found.reason_code, actor=draw_person(random)
        )
    asset = random.choice([ref.currency_code, ref.currency_code, "PTS"])
    owed = -source.held(ref).get(debt(asset), 0)
    if not owed and random.random() < 0.8:
        return None
    amount = random.choice([owed, random.randint(1, max(1, owed)), random.randint(1, 20)])
    actor = random.choice([NOBODY, draw_person(random), draw_person(random)])
    return WriteOffDebt(
        draw_adjustment_id(source), Amount(asset, max(1, amount)), "TEST", actor=actor
    )


# What is on record.


def draw_home(source: "CommandSource", ref: WalletRef) -> str:
    """Draws a bucket for a deposit: one that takes any, more likely than not."""
    configuration = source.rules.configurations.get(ref.tenant_id)
    if source.random.random() < 0.03:
        return "nowhere"
    if configuration is None or source.random.random() < 0.15:
        return source.bucket(ref)
    return source.random.choice(
        [each.code for each in configuration.topology.value.buckets if each.depositable]
    )


def draw_deposit_id(source: "CommandSource") -> str:
    return f"deposit-{source.random.randint(1, 5 + source.count // 10)}"


def draw_adjustment_id(source: "CommandSource") -> str:
    return f"adjustment-{source.random.randint(1, 5 + source.count // 5)}"


def deposits(source: "CommandSource", ref: WalletRef) -> list[Deposit]:
    return [each for each in source.items(ref) if isinstance(each, Deposit)]


def pending(source: "CommandSource", ref: WalletRef) -> list[Adjustment]:
    """Returns the last adjustments that wait for a second person."""
    found = [
        each
        for each in source.items(ref)
        if isinstance(each, Adjustment) and each.state is AdjustmentState.PENDING
    ]
    return found[-3:]


def draw_payout_to_recycle(source: "CommandSource", ref: WalletRef) -> Withdrawal | None:
    """Draws a payout that may come back as a deposit, now and then one that may not."""
    if source.random.random() < 0.7:
        return None
    found = [each for each in source.items(ref) if isinstance(each, Withdrawal)]
    back = [each for each in found if each.state in BACK]
    if back and source.random.random() < 0.9:
        found = back
    return source.random.choice(found) if found else None


def payout_amount(source: "CommandSource", payout: Withdrawal) -> Amount:
    """Returns what a payout is of, or a little more or less now and then."""
    wrong = source.random.choice([-1, 1]) if source.random.random() < 0.2 else 0
    return Amount(payout.asset_code, max(1, payout.amount + wrong))
