"""What is checked of deposits and withdrawals finds what it is there to find."""

from collections.abc import Callable

import pytest

from tests.conformance_runner.files import path_of, read
from wallet.v1 import cashier_pb2
from wallet.v1.cashier_pb2 import Approval, Deposit, HoldLine, Reversal, Withdrawal
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import AccountChange, Entry, Wallet, WalletRef
from wallet_server.conformance.accounts import account_balances
from wallet_server.conformance.invariants import find_violations
from wallet_server.conformance.invariants_cashier import find_cashier_violations
from wallet_server.conformance.own_target import OwnTarget
from wallet_server.conformance.playing import play
from wallet_server.conformance.recording import WalletReading


def euros(amount: int) -> Money:
    return Money(asset_code="EUR", minor_units=amount)


def entry(**changes: int) -> Entry:
    return Entry(
        changes=[
            AccountChange(account=account.replace("_", ":"), change=change)
            for account, change in changes.items()
        ]
    )


def held() -> Withdrawal:
    return Withdrawal(
        withdrawal_id="w1",
        state=cashier_pb2.WITHDRAWAL_STATE_APPROVED,
        amount=euros(50),
        lines=[HoldLine(bucket="a", amount=euros(30)), HoldLine(bucket="b", amount=euros(20))],
        requester="rita",
        approvals=[Approval(actor="mia"), Approval(actor="noa")],
        approvals_needed=2,
    )


def paid() -> Withdrawal:
    withdrawal = held()
    withdrawal.withdrawal_id = "w2"
    withdrawal.state = cashier_pb2.WITHDRAWAL_STATE_PAID
    withdrawal.paid.CopyFrom(euros(50))
    return withdrawal


def deposit() -> Deposit:
    return Deposit(
        deposit_id="d1",
        state=cashier_pb2.DEPOSIT_STATE_PARTIALLY_REVERSED,
        amount=euros(100),
        reversed=euros(40),
        reversals=[Reversal(amount=euros(40))],
    )


def reading() -> WalletReading:
    """A wallet that was paid 100, gave 40 and 50 back, and holds 50."""
    return WalletReading(
        WalletRef(player_id="alice"),
        Wallet(withdrawals=[held()]),
        entries=[
            entry(H_CASH=-100, bkt_a=100),
            entry(H_CASH=40, bkt_a=-40),
            entry(hold_w2=50, bkt_a=-50),
            entry(hold_w2=-50, H_CASH=50),
            entry(hold_w1=50, bkt_b=-50),
        ],
        deposits=[deposit()],
        withdrawals=[held(), paid()],
    )


def lose_a_line(shown: WalletReading) -> None:
    shown.withdrawals[0].lines.pop()


def say_that_it_failed(shown: WalletReading) -> None:
    shown.withdrawals[0].state = cashier_pb2.WITHDRAWAL_STATE_FAILED


def pay_less(shown: WalletReading) -> None:
    shown.withdrawals[1].paid.minor_units -= 1


def pay_before_the_end(shown: WalletReading) -> None:
    shown.withdrawals[0].paid.CopyFrom(euros(50))


def approve_twice(shown: WalletReading) -> None:
    shown.withdrawals[0].approvals[1].actor = "mia"


def let_the_requester_approve(shown: WalletReading) -> None:
    shown.withdrawals[0].approvals[1].actor = "rita"


def let_the_player_approve(shown: WalletReading) -> None:
    shown.withdrawals[1].approvals[0].actor = "alice"


def forget_an_approval(shown: WalletReading) -> None:
    shown.withdrawals[0].approvals.pop()


def take_more_back(shown: WalletReading) -> None:
    shown.deposits[0].reversals[0].amount.minor_units += 1


def take_back_what_never_came(shown: WalletReading) -> None:
    shown.deposits[0].state = cashier_pb2.DEPOSIT_STATE_DECLINED


def move_cash_for_nothing(shown: WalletReading) -> None:
    shown.entries[0].changes[0].change -= 1


def test_what_is_as_it_should_be_is_left_alone() -> None:
    assert find_cashier_violations(reading()) == []


@pytest.mark.parametrize(
    ("invariant", "harm"),
    [
        ("I34", lose_a_line),
        ("I34", say_that_it_failed),
        ("I35", pay_less),
        ("I35", pay_before_the_end),
        ("I36", approve_twice),
        ("I36", let_the_requester_approve),
        ("I36", let_the_player_approve),
        ("I36", forget_an_approval),
        ("I39", take_more_back),
        ("I39", take_back_what_never_came),
        ("I39", move_cash_for_nothing),
    ],
)
def test_harm_is_found(invariant: str, harm: Callable[[WalletReading], None]) -> None:
    shown = reading()

    harm(shown)

    assert any(f"{invariant}: " in each for each in find_cashier_violations(shown))


def test_time_needs_nobody_to_approve() -> None:
    shown = reading()

    del shown.withdrawals[0].approvals[:]
    shown.withdrawals[0].automatic = True

    assert find_cashier_violations(shown) == []


def test_the_books_of_a_wallet_have_its_holds() -> None:
    shown = reading().wallet

    assert shown is not None
    assert account_balances(shown) == {"hold:w1": 50}


async def test_a_hold_that_a_wallet_does_not_show_is_missed(target: OwnTarget) -> None:
    recording = await play(read(path_of("E59")), target)
    shown = recording.readings["alice"].wallet
    assert shown is not None
    assert find_violations(recording) == []

    del shown.withdrawals[:]

    found = find_violations(recording)
    assert found == ["invariants.alice: I3: hold:w1 holds 0, its entries come to 150"]
