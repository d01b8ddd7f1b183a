"""Deposits, withdrawals, limits and what may be withdrawn, as the messages that tell of them."""

from dataclasses import replace

from google.protobuf.json_format import MessageToDict

from tests.rpc.cashier_values import ADJUSTMENT, DEPOSIT, LATER, LIMIT, WITHDRAWAL
from tests.rpc.test_encode import unset_fields, wallet_of
from tests.rpc.values import GRANT, TOPOLOGY
from wallet_server.core.cashier.explain_withdrawal import WithdrawalExplanation
from wallet_server.core.cashier.withdrawable import (
    LockReason,
    WithdrawableMoney,
    WithdrawablePart,
)
from wallet_server.core.cashier.withdrawal import WithdrawalState
from wallet_server.core.config.configuration import Versioned
from wallet_server.core.players.limit import PendingLimit
from wallet_server.core.refusals import InsufficientWithdrawable
from wallet_server.rpc.encode.cashier import encode_adjustment, encode_deposit, encode_withdrawal
from wallet_server.rpc.encode.players import encode_limit
from wallet_server.rpc.encode.wallets import encode_wallet
from wallet_server.rpc.encode.withdrawable import encode_withdrawable


def euros(minor_units: int) -> dict[str, str]:
    amount = {"minorUnits": str(minor_units)} if minor_units else {}
    return {"assetCode": "EUR", **amount}


def test_nothing_is_left_out() -> None:
    assert set(unset_fields(encode_deposit(DEPOSIT))) == {"reversals.debt.minor_units"}
    assert set(unset_fields(encode_withdrawal(WITHDRAWAL))) == set()
    assert set(unset_fields(encode_adjustment(ADJUSTMENT))) == set()
    assert set(unset_fields(encode_limit(LIMIT))) == {"from_policy"}


def test_a_deposit_is_told_with_all_that_was_taken_back_of_it() -> None:
    message = MessageToDict(encode_deposit(DEPOSIT))

    assert message["state"] == "DEPOSIT_STATE_PARTIALLY_REVERSED"
    assert message["reversed"] == euros(50)
    assert message["reversals"] == [
        {
            "reversalId": "x1",
            "amount": euros(30),
            "kind": "REVERSAL_KIND_REVERSAL",
            "debt": euros(0),
            "reasonCode": "MISTAKE",
            "sequence": "6",
        },
        {
            "reversalId": "x2",
            "amount": euros(20),
            "kind": "REVERSAL_KIND_CHARGEBACK",
            "debt": euros(7),
            "reasonCode": "FRAUD",
            "sequence": "8",
        },
    ]


def test_a_deposit_that_is_on_its_way_has_no_times_of_what_did_not_happen() -> None:
    message = encode_deposit(replace(DEPOSIT, approve_time=None, expire_time=None, reversals=()))

    assert not message.HasField("approve_time")
    assert not message.HasField("expire_time")
    assert (message.HasField("reversed"), message.reversed.minor_units) == (True, 0)


def test_a_withdrawal_is_told_with_who_gave_up_what_and_who_approved() -> None:
    message = MessageToDict(encode_withdrawal(WITHDRAWAL))

    assert message["lines"] == [
        {"bucket": "win", "amount": euros(60)},
        {"bucket": "cash", "amount": euros(40)},
    ]
    assert message["forfeits"] == [
        {"bucket": "bonus", "amount": euros(25), "requirementIds": ["PROMOTION:p1"]}
    ]
    assert message["approvals"] == [
        {"actor": "maria", "approveTime": "2026-01-02T05:04:05.678901Z"}
    ]
    assert (message["queue"], message["queueReason"]) == (
        "REVIEW_QUEUE_MANUAL",
        "QUEUE_REASON_WINDOW_EXCEEDED",
    )


def test_a_withdrawal_that_persons_decide_on_by_rule_has_no_reason_and_no_time() -> None:
    message = encode_withdrawal(replace(WITHDRAWAL, queue_reason=None, review_time=None))

    assert message.queue_reason == 0
    assert not message.HasField("review_time")


def test_a_limit_that_nothing_can_be_said_of_says_so_by_what_is_absent() -> None:
    ending = PendingLimit(None, "EUR", LATER, LATER)
    unknown = encode_limit(replace(LIMIT, used=None, remaining=None, pending=ending))
    default = encode_limit(replace(LIMIT, set_time=None, pending=None))

    assert not unknown.HasField("used")
    assert not unknown.HasField("remaining")
    assert (unknown.HasField("pending"), unknown.pending.HasField("amount")) == (True, False)
    assert (default.from_policy, default.HasField("set_time")) == (True, False)
    assert not default.HasField("pending")


# --- What may be withdrawn

MONEY = WithdrawableMoney(
    (
        WithdrawablePart("win", 60),
        WithdrawablePart("cash", 40, LockReason.ROLLING_OPEN, 200),
        WithdrawablePart("bonus", 25, LockReason.NOT_WITHDRAWABLE),
    )
)


def test_what_may_be_withdrawn_is_told_with_why_no_more() -> None:
    refusal = InsufficientWithdrawable(required=70, withdrawable=60)

    message = encode_withdrawable(WithdrawalExplanation(9, MONEY, refusal=refusal), "EUR")

    assert MessageToDict(message) == {
        "withdrawable": euros(60),
        "buckets": [
            {
                "bucket": "win",
                "balance": euros(60),
                "withdrawable": euros(60),
                "locked": euros(0),
            },
            {
                "bucket": "cash",
                "balance": euros(40),
                "withdrawable": euros(0),
                "locked": euros(40),
                "lockReason": "LOCK_REASON_ROLLING_OPEN",
                "rollingRemaining": euros(200),
            },
            {
                "bucket": "bonus",
                "balance": euros(25),
                "withdrawable": euros(0),
                "locked": euros(25),
                "lockReason": "LOCK_REASON_NOT_WITHDRAWABLE",
            },
        ],
        "refusal": {
            "reason": "INSUFFICIENT_WITHDRAWABLE",
            "message": "60 may be withdrawn, 70 required",
            "metadata": {"required": "70", "withdrawable": "60"},
            "code": 9,
        },
        "sequence": "9",
    }


def test_what_a_request_would_make_is_told() -> None:
    message = MessageToDict(encode_withdrawable(WithdrawalExplanation(9, MONEY, WITHDRAWAL), "EUR"))

    assert "refusal" not in message
    assert [(line["bucket"], line["amount"]) for line in message["lines"]] == [
        ("win", euros(60)),
        ("cash", euros(40)),
    ]
    assert [each["bucket"] for each in message["forfeits"]] == ["bonus"]
    assert (message["queue"], message["approvalsNeeded"]) == ("REVIEW_QUEUE_MANUAL", 2)


def test_a_wallet_shows_what_is_held_and_limited_and_what_of_each_bucket_may_be_withdrawn() -> None:
    over = replace(WITHDRAWAL, withdrawal_id="w0", state=WithdrawalState.PAID, sequence=2)
    first = replace(WITHDRAWAL, withdrawal_id="w9", sequence=3)
    wallet = wallet_of(over, WITHDRAWAL, first, GRANT, **{"bkt:cash": 40, "bkt:points": 9})
    money = WithdrawableMoney((WithdrawablePart("cash", 40, LockReason.ROLLING_OPEN, 200),))

    message = encode_wallet(wallet, Versioned(4, TOPOLOGY), money, [LIMIT])

    assert [each.withdrawal_id for each in message.withdrawals] == ["w9", "w1"]
    assert MessageToDict(message.withdrawable) == euros(0)
    assert list(message.limits) == [encode_limit(LIMIT)]
    points, cash = message.buckets
    assert (points.locked.asset_code, points.locked.minor_units) == ("PTS", 9)
    assert points.lock_reason == 1
    assert not points.HasField("rolling_remaining")
    assert (cash.withdrawable.minor_units, cash.locked.minor_units, cash.lock_reason) == (0, 40, 2)
    assert cash.rolling_remaining.minor_units == 200
