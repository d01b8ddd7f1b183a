"""What is told of deposits, withdrawals and adjustments, from each state to each that follows."""

from dataclasses import replace

import pytest

from tests.rpc.filled import filled
from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentState
from wallet_server.core.cashier.deposit import Deposit, DepositState, Reversal
from wallet_server.core.cashier.withdrawal import (
    Approval,
    QueueReason,
    ReviewQueue,
    Withdrawal,
    WithdrawalState,
)
from wallet_server.core.events.item_payloads import (
    AdjustmentChanged,
    DepositChanged,
    WithdrawalChanged,
)
from wallet_server.core.events.of_cashier import (
    adjustment_events,
    deposit_events,
    withdrawal_events,
)

DEPOSIT: Deposit = replace(
    filled(Deposit, 1, {}), state=DepositState.CREATED, suspended=False, reversals=()
)
WITHDRAWAL: Withdrawal = replace(
    filled(Withdrawal, 1, {}),
    state=WithdrawalState.HELD,
    approvals=(),
    queue=ReviewQueue.MANUAL,
    queue_reason=None,
)
ADJUSTMENT: Adjustment = replace(filled(Adjustment, 1, {}), state=AdjustmentState.PENDING)
BEFORE_PAYMENT = (WithdrawalState.HELD, WithdrawalState.PENDING_REVIEW)


def reversing(*amounts: int, state: DepositState = DepositState.PARTIALLY_REVERSED) -> Deposit:
    """Returns a deposit of which so much was taken back, each time."""
    reversals = tuple(replace(filled(Reversal, 1, {}), amount=each) for each in amounts)
    return replace(DEPOSIT, state=state, reversals=reversals)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (DepositState.CREATED, "DEPOSIT_CREATED"),
        (DepositState.APPROVED, "DEPOSIT_APPROVED"),
        (DepositState.DECLINED, "DEPOSIT_DECLINED"),
        (DepositState.EXPIRED, "DEPOSIT_EXPIRED"),
        (DepositState.PARTIALLY_REVERSED, "DEPOSIT_REVERSED"),
        (DepositState.CHARGED_BACK, "DEPOSIT_REVERSED"),
        (DepositState.REVERSED, "DEPOSIT_REVERSED"),
    ],
)
def test_a_deposit_is_told_by_where_it_is_now(state: DepositState, told: str) -> None:
    deposit = replace(DEPOSIT, state=state)

    assert list(deposit_events(None, deposit)) == [(told, DepositChanged(deposit, "", 0))]
    if state is not DepositState.CREATED:
        assert list(deposit_events(DEPOSIT, deposit)) == [
            (told, DepositChanged(deposit, "CREATED", 0))
        ]


def test_a_deposit_tells_what_was_taken_back_now_though_its_state_is_the_same() -> None:
    once, twice = reversing(30), reversing(30, 45)

    assert list(deposit_events(DEPOSIT, once)) == [
        ("DEPOSIT_REVERSED", DepositChanged(once, "CREATED", 30))
    ]
    assert list(deposit_events(once, twice)) == [
        ("DEPOSIT_REVERSED", DepositChanged(twice, "PARTIALLY_REVERSED", 45))
    ]
    assert list(deposit_events(None, once)) == [("DEPOSIT_REVERSED", DepositChanged(once, "", 30))]


def test_a_deposit_that_waits_is_told_once() -> None:
    waiting = replace(DEPOSIT, suspended=True)
    approved = replace(waiting, state=DepositState.APPROVED)

    assert list(deposit_events(None, waiting)) == [
        ("DEPOSIT_SUSPENDED", DepositChanged(waiting, "", 0))
    ]
    assert list(deposit_events(DEPOSIT, waiting)) == [
        ("DEPOSIT_SUSPENDED", DepositChanged(waiting, "CREATED", 0))
    ]
    assert list(deposit_events(waiting, waiting)) == []
    assert list(deposit_events(waiting, approved)) == [
        ("DEPOSIT_APPROVED", DepositChanged(approved, "CREATED", 0))
    ]


def test_a_deposit_whose_state_and_amounts_stay_is_not_told() -> None:
    assert list(deposit_events(DEPOSIT, replace(DEPOSIT, revision=99))) == []


@pytest.mark.parametrize(
    "state", [state for state in WithdrawalState if state not in BEFORE_PAYMENT]
)
def test_a_withdrawal_is_told_by_where_it_is_now(state: WithdrawalState) -> None:
    withdrawal = replace(WITHDRAWAL, state=state)
    now = (f"WITHDRAWAL_{state}", WithdrawalChanged(withdrawal, "HELD"))

    assert list(withdrawal_events(WITHDRAWAL, withdrawal)) == [now]
    assert list(withdrawal_events(None, withdrawal)) == [
        ("WITHDRAWAL_REQUESTED", WithdrawalChanged(withdrawal)),
        now,
    ]
    assert list(withdrawal_events(withdrawal, withdrawal)) == []


@pytest.mark.parametrize("state", BEFORE_PAYMENT)
def test_a_withdrawal_that_is_new_was_asked_for_and_no_more(state: WithdrawalState) -> None:
    withdrawal = replace(WITHDRAWAL, state=state)

    assert list(withdrawal_events(None, withdrawal)) == [
        ("WITHDRAWAL_REQUESTED", WithdrawalChanged(withdrawal))
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": WithdrawalState.PENDING_REVIEW},
        {"approvals": (filled(Approval, 1, {}),)},
        {"queue": next(each for each in ReviewQueue if each is not ReviewQueue.MANUAL)},
        {"queue_reason": next(iter(QueueReason))},
    ],
    ids=["state", "approvals", "queue", "queue_reason"],
)
def test_a_withdrawal_is_told_as_reviewed(changes: dict[str, object]) -> None:
    withdrawal = replace(WITHDRAWAL, **changes)

    assert list(withdrawal_events(WITHDRAWAL, withdrawal)) == [
        ("WITHDRAWAL_REVIEWED", WithdrawalChanged(withdrawal, "HELD"))
    ]


def test_a_withdrawal_of_which_something_else_changed_is_told_as_that() -> None:
    other = replace(WITHDRAWAL, forfeited=WITHDRAWAL.forfeited + 1, revision=9)

    assert list(withdrawal_events(WITHDRAWAL, other)) == [
        ("WITHDRAWAL_CHANGED", WithdrawalChanged(other, "HELD"))
    ]
    assert list(withdrawal_events(WITHDRAWAL, replace(WITHDRAWAL, revision=9))) == []


def test_an_adjustment_is_told_as_it_waits_and_as_it_is_made() -> None:
    applied = replace(ADJUSTMENT, state=AdjustmentState.APPLIED)

    assert list(adjustment_events(None, ADJUSTMENT)) == [
        ("ADJUSTMENT_PROPOSED", AdjustmentChanged(ADJUSTMENT, ""))
    ]
    assert list(adjustment_events(ADJUSTMENT, applied)) == [
        ("ADJUSTMENT_APPLIED", AdjustmentChanged(applied, "PENDING"))
    ]
    assert list(adjustment_events(None, applied)) == [
        ("ADJUSTMENT_APPLIED", AdjustmentChanged(applied, ""))
    ]
    assert list(adjustment_events(applied, applied)) == []
