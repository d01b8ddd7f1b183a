"""Answers, as the responses that tell of them."""

import pytest
from google.protobuf.json_format import MessageToDict

from tests.rpc.values import BET, ENTRY, TIME
from wallet.v1 import cashier_pb2
from wallet_server.core.answer import Answer
from wallet_server.core.decision import Outcome
from wallet_server.core.refusals import InsufficientFunds
from wallet_server.core.results import (
    AdjustmentResult,
    CommandResult,
    CouponResult,
    DepositResult,
    ExpiryResult,
    ForfeitResult,
    LimitResult,
    PromotionResult,
    RollingResult,
    StatusResult,
    TransferResult,
    WinResult,
    WithdrawalResult,
)
from wallet_server.rpc.encode.answers import encode_answer
from wallet_server.rpc.encode.bets import encode_bet
from wallet_server.rpc.encode.entries import encode_entry
from wallet_server.rpc.kinds import KINDS


def answer(**changes: object) -> Answer:
    facts = {"command": "AuthorizeBet", "outcome": Outcome.APPLIED, "bet": BET, "entries": (ENTRY,)}
    return Answer("r1", 7, fingerprint=b"", answer_time=TIME, **facts | changes)  # type: ignore[arg-type]


def test_an_answer_to_a_bet_has_its_entries_and_the_bet() -> None:
    message = encode_answer(answer(), "EUR")

    assert (message.request_id, message.sequence) == ("r1", 7)
    assert message.answer_time.ToJsonString() == "2026-01-02T03:04:05.678901Z"
    assert list(message.authorize_bet.entries) == [encode_entry(ENTRY)]
    assert message.authorize_bet.bet == encode_bet(BET, "EUR")


@pytest.mark.parametrize("name", KINDS)
def test_every_commands_answer_has_its_place(name: str) -> None:
    recorded = answer(command=KINDS[name].command.__name__)

    message = encode_answer(recorded, "EUR")

    assert message.WhichOneof("result") == name
    assert getattr(message, name).replayed


@pytest.mark.parametrize(
    ("command", "result", "told"),
    [
        ("CreditWin", WinResult(late=True, requirement_id="q1"), {"late": True, "requirementId": "q1"}),
        ("PlayRound", WinResult(late=True, requirement_id="q1"), {"late": True, "requirementId": "q1"}),
        ("GrantCoupon", CouponResult("g1", "ACTIVE"), {"state": "COUPON_STATE_ACTIVE"}),
        ("RevokeCoupon", CouponResult("g1", "REVOKED", 20), {"state": "COUPON_STATE_REVOKED", "takenBack": "20"}),
        ("ExpireCoupons", ExpiryResult(2, 32), {"expiredCount": 2, "takenBack": "32"}),
        ("CreditPromotion", PromotionResult("p1", "CREDITED", requirement_id="q1"), {"state": "PROMOTION_STATE_CREDITED", "requirementId": "q1"}),
        ("ReversePromotion", PromotionResult("p1", "PARTIALLY_REVERSED", 20, 30), {"state": "PROMOTION_STATE_PARTIALLY_REVERSED", "reversed": "20", "unrecovered": "30"}),
        ("ReversePromotion", CouponResult("g1", "REVOKED", 20, 30), {"couponState": "COUPON_STATE_REVOKED", "reversed": "20", "unrecovered": "30"}),
        ("ForfeitBonus", ForfeitResult("bonus", 25, 2), {"forfeited": "25", "cancelledCount": 2}),
        ("TransferFunds", TransferResult(1_200, 120, "q1", 200), {"sourceAmount": "1200", "targetAmount": "120", "requirementId": "q1", "movedRemaining": "200"}),
        ("CompleteRolling", RollingResult("q1", "RELEASED", 4, 100, 80), {"state": "REQUIREMENT_STATE_RELEASED", "revision": "4", "released": "100", "forfeited": "80"}),
        ("CancelRolling", RollingResult("q1", "CANCELLED", 4, forfeited=80), {"state": "REQUIREMENT_STATE_CANCELLED", "revision": "4", "forfeited": "80"}),
        ("CreateDeposit", DepositResult("d1", "APPROVED", requirement_id="q1"), {"state": "DEPOSIT_STATE_APPROVED", "requirementId": "q1"}),
        ("ApproveDeposit", DepositResult("d1", "APPROVED", requirement_id="q1"), {"state": "DEPOSIT_STATE_APPROVED", "requirementId": "q1"}),
        ("DeclineDeposit", DepositResult("d1", "DECLINED"), {"state": "DEPOSIT_STATE_DECLINED"}),
        ("ReverseDeposit", DepositResult("d1", "CHARGED_BACK", 100, 70), {"state": "DEPOSIT_STATE_CHARGED_BACK", "reversed": "100", "debt": "70"}),
        ("AdjustBalance", AdjustmentResult("a1", "APPLIED"), {"state": "ADJUSTMENT_STATE_APPLIED"}),
        ("WriteOffDebt", AdjustmentResult("a1", "APPLIED"), {"state": "ADJUSTMENT_STATE_APPLIED"}),
        (
            "RequestWithdrawal",
            WithdrawalResult("w1", "PENDING_REVIEW", 0, 2, "MANUAL", "DEBT", 25),
            {"state": "WITHDRAWAL_STATE_PENDING_REVIEW", "approvalsNeeded": 2, "queue": "REVIEW_QUEUE_MANUAL", "queueReason": "QUEUE_REASON_DEBT", "forfeited": "25"},
        ),
        ("RequestWithdrawal", WithdrawalResult("w1", "HELD"), {"state": "WITHDRAWAL_STATE_HELD"}),
        ("ApproveWithdrawal", WithdrawalResult("w1", "APPROVED", 1, 2, "MANUAL"), {"state": "WITHDRAWAL_STATE_APPROVED", "approvals": 1, "approvalsNeeded": 2}),
        *(
            (command, WithdrawalResult("w1", state, 1, 2, "MANUAL", "DEBT", 25, 90), {"state": f"WITHDRAWAL_STATE_{state}"})
            for command, state in [
                ("RejectWithdrawal", "REJECTED"),
                ("SubmitWithdrawal", "SUBMITTED"),
                ("FailWithdrawal", "FAILED"),
                ("CancelWithdrawal", "CANCELLED"),
                ("ReturnWithdrawal", "RETURNED"),
            ]
        ),
        ("ConfirmWithdrawal", WithdrawalResult("w1", "PARTIALLY_PAID", paid=90), {"state": "WITHDRAWAL_STATE_PARTIALLY_PAID", "paid": "90"}),
        ("SetAccountStatus", StatusResult("FROZEN", "ACTIVE"), {"status": "ACCOUNT_STATUS_FROZEN", "previousStatus": "ACCOUNT_STATUS_ACTIVE"}),
        ("SetLimit", LimitResult("LOSS", "DAY"), {}),
        (
            "SetLimit",
            LimitResult("LOSS", "DAY", pending=True, confirm_time=60, lapse_time=90),
            {"pending": True, "confirmTime": "1970-01-01T00:01:00Z", "lapseTime": "1970-01-01T00:01:30Z"},
        ),
        ("ConfirmLimitIncrease", LimitResult("LOSS", "DAY"), {}),
        ("CancelRolling", None, {}),
        ("CloseRound", None, {}),
    ],
)  # fmt: skip
def test_an_answer_tells_what_its_result_says(
    command: str, result: CommandResult | None, told: dict[str, object]
) -> None:
    recorded = answer(command=command, result=result, bet=None, entries=())

    message = encode_answer(recorded, "EUR")

    [(_, response)] = [each for each in message.ListFields() if each[0].message_type][1:]
    assert (
        MessageToDict(response)
        == {
            "sequence": "7",
            "replayed": True,
            "outcome": "OUTCOME_APPLIED",
        }
        | told
    )


def test_an_answer_to_a_changed_plan_tells_of_the_bet_and_that_it_was_changed() -> None:
    recorded = answer(
        command="ReplanAuthorization", result=AdjustmentResult("a1", "APPLIED"), entries=()
    )

    response = encode_answer(recorded, "EUR").replan_authorization

    assert response.bet == encode_bet(BET, "EUR")
    assert response.state == cashier_pb2.ADJUSTMENT_STATE_APPLIED


@pytest.mark.parametrize("command", ["RollbackTransaction", "PlayRound"])
def test_an_answer_that_tells_of_no_bet_has_none(command: str) -> None:
    message = encode_answer(answer(command=command, bet=None), "EUR")

    response = getattr(message, message.WhichOneof("result") or "")
    assert not response.HasField("bet")


def test_a_refusal_is_an_answer_too() -> None:
    refused = answer(outcome=None, refusal=InsufficientFunds(required=2, available=1))

    message = encode_answer(refused, "EUR")

    assert (message.refusal.reason, message.refusal.code) == ("INSUFFICIENT_FUNDS", 9)
