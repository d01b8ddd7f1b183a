"""Random commands on withdrawals: each mostly on one that is where it must be for it."""

from collections.abc import Container
from typing import TYPE_CHECKING

from tests.simulation.persons import draw_person, draw_requester
from wallet_server.core.accounts import bucket
from wallet_server.core.cashier.withdrawal import Withdrawal, WithdrawalState
from wallet_server.core.commands import (
    Amount,
    ApproveWithdrawal,
    CancelWithdrawal,
    ConfirmWithdrawal,
    FailWithdrawal,
    RejectWithdrawal,
    RequestWithdrawal,
    ReturnWithdrawal,
    SubmitWithdrawal,
)
from wallet_server.core.ids import WalletRef

if TYPE_CHECKING:
    from tests.simulation.commands import CommandSource

WAITING = frozenset({WithdrawalState.HELD, WithdrawalState.PENDING_REVIEW})
APPROVED = frozenset({WithdrawalState.APPROVED})
SUBMITTED = frozenset({WithdrawalState.SUBMITTED})
PAID = frozenset({WithdrawalState.PAID})


def draw_request(source: "CommandSource", ref: WalletRef) -> RequestWithdrawal:
    """Draws a request: of a small amount, of all that is in a bucket, or of all there is."""
    random = source.random
    held = [source.held(ref).get(bucket(code), 0) for code in source.codes(ref) if code != "points"]
    whole = random.choice([sum(held), max(held, default=0)])
    amount = Amount(ref.currency_code, max(1, min(whole, 90)))
    if random.random() < 0.6:
        amount = source.amount(ref, 1, 40)
    return RequestWithdrawal(
        draw_new_id(source),
        amount,
        accept_forfeiture=random.random() < 0.6,
        actor=draw_requester(random, ref.player_id),
    )


def draw_approve(source: "CommandSource", ref: WalletRef) -> ApproveWithdrawal | None:
    name = draw_id(source, ref, WAITING)
    if name is None:
        return None
    if source.random.random() < 0.4:
        return ApproveWithdrawal(name, automatic=True)
    return ApproveWithdrawal(name, actor=draw_person(source.random))


def draw_reject(source: "CommandSource", ref: WalletRef) -> RejectWithdrawal | None:
    name = draw_id(source, ref, WAITING | APPROVED)
    return (
        None if name is None else RejectWithdrawal(name, "TEST", actor=draw_person(source.random))
    )


def draw_cancel(source: "CommandSource", ref: WalletRef) -> CancelWithdrawal | None:
    name = draw_id(source, ref, WAITING)
    return None if name is None else CancelWithdrawal(name)


def draw_submit(source: "CommandSource", ref: WalletRef) -> SubmitWithdrawal | None:
    name = draw_id(source, ref, APPROVED)
    return (
        None if name is None else SubmitWithdrawal(name, source.random.choice(["", "", "payout-1"]))
    )


def draw_confirm(source: "CommandSource", ref: WalletRef) -> ConfirmWithdrawal | None:
    """Draws that a payout was paid: a part of it now and then, too much of it seldom."""
    name = draw_id(source, ref, SUBMITTED)
    paid = None if source.random.random() < 0.7 else source.amount(ref, 1, 40)
    return None if name is None else ConfirmWithdrawal(name, paid)


def draw_fail(source: "CommandSource", ref: WalletRef) -> FailWithdrawal | None:
    name = draw_id(source, ref, SUBMITTED)
    return None if name is None else FailWithdrawal(name, "TEST")


def draw_return(source: "CommandSource", ref: WalletRef) -> ReturnWithdrawal | None:
    name = draw_id(source, ref, PAID)
    return None if name is None else ReturnWithdrawal(name, "TEST")


def draw_new_id(source: "CommandSource") -> str:
    return f"withdrawal-{source.random.randint(1, 5 + source.count // 10)}"


def draw_id(
    source: "CommandSource", ref: WalletRef, states: Container[WithdrawalState]
) -> str | None:
    """Draws a withdrawal in one of the states; seldom another, or one that is not there."""
    random = source.random
    found = [each for each in source.items(ref) if isinstance(each, Withdrawal)]
    fitting = [each for each in found if each.state in states]
    if fitting and random.random() < 0.85:
        return random.choice(fitting).withdrawal_id
    if random.random() < 0.75:
        return None
    if not found or random.random() < 0.1:
        return draw_new_id(source)
    return random.choice(found[-8:]).withdrawal_id
