"""Answers, as the responses that tell of them."""

import pytest
from google.protobuf.json_format import MessageToDict

from tests.rpc.values import BET, ENTRY, TIME
from wallet_server.core.answer import Answer
from wallet_server.core.decision import Outcome
from wallet_server.core.refusals import InsufficientFunds
from wallet_server.core.results import (
    CommandResult,
    CouponResult,
    ExpiryResult,
    ForfeitResult,
    PromotionResult,
    RollingResult,
    TransferResult,
    WinResult,
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


@pytest.mark.parametrize("command", ["RollbackTransaction", "PlayRound"])
def test_an_answer_that_tells_of_no_bet_has_none(command: str) -> None:
    message = encode_answer(answer(command=command, bet=None), "EUR")

    response = getattr(message, message.WhichOneof("result") or "")
    assert not response.HasField("bet")


def test_a_refusal_is_an_answer_too() -> None:
    refused = answer(outcome=None, refusal=InsufficientFunds(required=2, available=1))

    message = encode_answer(refused, "EUR")

    assert (message.refusal.reason, message.refusal.code) == ("INSUFFICIENT_FUNDS", 9)
