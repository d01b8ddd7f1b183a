"""Reads of the cashier, on a running server with a real Postgres."""

from typing import TYPE_CHECKING

import pytest

from tests.rpc.bets import WALLET, eur
from tests.rpc.failures import failure_of
from tests.servers import RunningServer
from wallet.v1 import cashier_pb2, player_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1 import wallet_queries_pb2 as queries
from wallet.v1.wallet_pb2 import ACCOUNT_STATUS_FROZEN
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesStub

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub
    from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesAsyncStub

MARIA = (("x-actor", "maria"),)


@pytest.fixture
def reads(server: RunningServer) -> "WalletQueriesAsyncStub":
    return WalletQueriesStub(server.channel)


async def announce(commands: "WalletCommandsAsyncStub", deposit_id: str) -> None:
    await commands.CreateDeposit(
        pb.CreateDepositRequest(
            request_id=f"create-{deposit_id}",
            wallet=WALLET,
            deposit_id=deposit_id,
            bucket="sports_normal",
            amount=eur(50),
            method="card",
        )
    )


async def hold(
    commands: "WalletCommandsAsyncStub", withdrawal_id: str, minor_units: int = 100
) -> None:
    await commands.RequestWithdrawal(
        pb.RequestWithdrawalRequest(
            request_id=f"hold-{withdrawal_id}",
            wallet=WALLET,
            withdrawal_id=withdrawal_id,
            amount=eur(minor_units),
        )
    )


async def cancel(commands: "WalletCommandsAsyncStub", withdrawal_id: str) -> None:
    await commands.CancelWithdrawal(
        pb.CancelWithdrawalRequest(
            request_id=f"cancel-{withdrawal_id}", wallet=WALLET, withdrawal_id=withdrawal_id
        )
    )


# --- Deposits, withdrawals and adjustments


async def test_a_deposit_is_shown_as_it_is(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    request = queries.GetDepositRequest(wallet=WALLET, deposit_id="d2")

    missing = await failure_of(reads.GetDeposit(request))
    await announce(commands, "d2")
    shown = (await reads.GetDeposit(request)).deposit

    assert (missing.reason, missing.metadata) == ("DEPOSIT_NOT_FOUND", {"deposit_id": "d2"})
    assert (shown.deposit_id, shown.state) == ("d2", cashier_pb2.DEPOSIT_STATE_CREATED)
    assert (shown.amount, shown.method, shown.sequence) == (eur(50), "card", 3)


async def test_deposits_are_listed_page_by_page_and_by_their_states(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    for deposit_id in ("d3", "d2"):
        await announce(commands, deposit_id)
    request = queries.ListDepositsRequest(wallet=WALLET, page_size=2)

    first = await reads.ListDeposits(request)
    request.page_token = first.next_page_token
    last = await reads.ListDeposits(request)
    approved = await reads.ListDeposits(
        queries.ListDepositsRequest(wallet=WALLET, states=[cashier_pb2.DEPOSIT_STATE_APPROVED])
    )
    request.states.append(cashier_pb2.DEPOSIT_STATE_CREATED)
    foreign = await failure_of(reads.ListDeposits(request))

    assert [each.deposit_id for each in first.deposits] == ["d1", "d2"]
    assert [each.deposit_id for each in last.deposits] == ["d3"]
    assert (first.next_page_token != "", last.next_page_token) == (True, "")
    assert [each.deposit_id for each in approved.deposits] == ["d1"]
    assert foreign.reason == "PAGE_TOKEN_INVALID"


async def test_withdrawals_are_listed_page_by_page_and_by_whether_they_are_over(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    for withdrawal_id in ("w3", "w1", "w2"):
        await hold(commands, withdrawal_id)
    await cancel(commands, "w1")
    request = queries.ListWithdrawalsRequest(wallet=WALLET, page_size=2)

    first = await reads.ListWithdrawals(request)
    request.page_token = first.next_page_token
    last = await reads.ListWithdrawals(request)
    held = await reads.ListWithdrawals(
        queries.ListWithdrawalsRequest(wallet=WALLET, live_only=True)
    )
    cancelled = await reads.ListWithdrawals(
        queries.ListWithdrawalsRequest(
            wallet=WALLET, states=[cashier_pb2.WITHDRAWAL_STATE_CANCELLED]
        )
    )

    listed = [each.withdrawal_id for each in (*first.withdrawals, *last.withdrawals)]
    assert listed == ["w1", "w2", "w3"]
    assert [each.withdrawal_id for each in held.withdrawals] == ["w2", "w3"]
    assert [each.withdrawal_id for each in cancelled.withdrawals] == ["w1"]


async def test_a_withdrawal_is_shown_as_it_is(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    request = queries.GetWithdrawalRequest(wallet=WALLET, withdrawal_id="w1")

    missing = await failure_of(reads.GetWithdrawal(request))
    await hold(commands, "w1")
    await cancel(commands, "w1")
    shown = (await reads.GetWithdrawal(request)).withdrawal

    assert missing.reason == "WITHDRAWAL_NOT_FOUND"
    assert missing.metadata == {"withdrawal_id": "w1"}
    assert shown.state == cashier_pb2.WITHDRAWAL_STATE_CANCELLED
    assert [(line.bucket, line.amount) for line in shown.lines] == [("sports_normal", eur(100))]
    assert (shown.sequence, shown.end_sequence, shown.revision) == (3, 4, 2)


async def test_adjustments_that_have_a_name_are_listed(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    for request_id, adjustment_id in (("r1", "a2"), ("r2", ""), ("r3", "a1")):
        await commands.AdjustBalance(
            pb.AdjustBalanceRequest(
                request_id=request_id,
                wallet=WALLET,
                bucket="sports_normal",
                amount=eur(-5),
                reason_code="MISTAKE",
                adjustment_id=adjustment_id,
            ),
            metadata=MARIA,
        )
    request = queries.ListAdjustmentsRequest(wallet=WALLET, page_size=1)

    first = await reads.ListAdjustments(request)
    request.page_token = first.next_page_token
    last = await reads.ListAdjustments(request)
    pending = await reads.ListAdjustments(
        queries.ListAdjustmentsRequest(wallet=WALLET, states=[cashier_pb2.ADJUSTMENT_STATE_PENDING])
    )

    assert [each.adjustment_id for each in (*first.adjustments, *last.adjustments)] == ["a1", "a2"]
    assert last.next_page_token == ""
    [shown] = last.adjustments
    assert (shown.author, shown.amount) == ("maria", eur(-5))
    assert shown.state == cashier_pb2.ADJUSTMENT_STATE_APPLIED
    assert not pending.adjustments


@pytest.mark.parametrize(
    ("method", "request_"),
    [
        ("GetDeposit", queries.GetDepositRequest(wallet=WALLET, deposit_id="d1", minimum_sequence=3)),
        ("ListDeposits", queries.ListDepositsRequest(wallet=WALLET, minimum_sequence=3)),
        ("GetWithdrawal", queries.GetWithdrawalRequest(wallet=WALLET, withdrawal_id="w1", minimum_sequence=3)),
        ("ListWithdrawals", queries.ListWithdrawalsRequest(wallet=WALLET, minimum_sequence=3)),
        ("ListAdjustments", queries.ListAdjustmentsRequest(wallet=WALLET, minimum_sequence=3)),
        ("GetWithdrawable", queries.GetWithdrawableRequest(wallet=WALLET, minimum_sequence=3)),
    ],
)  # fmt: skip
async def test_a_read_says_how_far_the_wallet_has_come(
    reads: "WalletQueriesAsyncStub",
    commands: "WalletCommandsAsyncStub",
    method: str,
    request_: object,
) -> None:
    failure = await failure_of(getattr(reads, method)(request_))

    assert failure.reason == "SEQUENCE_NOT_REACHED"
    assert failure.metadata == {"minimum_sequence": "3", "sequence": "2"}


# --- What may be withdrawn


async def test_what_may_be_withdrawn_is_told_with_what_a_request_would_make(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    await commands.CreditPromotion(
        pb.CreditPromotionRequest(
            request_id="r1", wallet=WALLET, promotion_id="p1", bucket="sports_bonus", amount=eur(40)
        )
    )
    request = queries.GetWithdrawableRequest(wallet=WALLET)

    everything = await reads.GetWithdrawable(request)
    request.amount.CopyFrom(eur(300))
    some = await reads.GetWithdrawable(request)
    request.amount.CopyFrom(eur(1_001))
    too_much = await reads.GetWithdrawable(request)

    assert (everything.withdrawable, everything.sequence) == (eur(1_000), 3)
    assert [(line.bucket, line.amount) for line in everything.lines] == [
        ("sports_normal", eur(1_000))
    ]
    assert [line.amount for line in some.lines] == [eur(300)]
    assert (some.queue, some.approvals_needed) == (cashier_pb2.REVIEW_QUEUE_MANUAL, 1)
    assert not some.HasField("refusal")
    parts = {each.bucket: each for each in too_much.buckets}
    assert parts["sports_bonus"].locked == eur(40)
    assert parts["sports_bonus"].lock_reason == cashier_pb2.LOCK_REASON_NOT_WITHDRAWABLE
    assert too_much.refusal.reason == "INSUFFICIENT_WITHDRAWABLE"
    assert dict(too_much.refusal.metadata) == {"required": "1001", "withdrawable": "1000"}
    assert not too_much.lines


async def test_nothing_to_withdraw_is_no_refusal_but_a_frozen_account_is_one(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    request = queries.GetWithdrawableRequest(wallet=WALLET)
    await commands.SetAccountStatus(
        pb.SetAccountStatusRequest(
            request_id="r1", wallet=WALLET, status=ACCOUNT_STATUS_FROZEN, reason_code="AML"
        )
    )
    frozen = await reads.GetWithdrawable(request)
    await commands.AdjustBalance(
        pb.AdjustBalanceRequest(
            request_id="r2",
            wallet=WALLET,
            bucket="sports_normal",
            amount=eur(-1_000),
            reason_code="MISTAKE",
        )
    )
    empty = await reads.GetWithdrawable(request)

    assert (frozen.withdrawable, frozen.refusal.reason) == (eur(1_000), "ACCOUNT_FROZEN")
    assert (empty.withdrawable.minor_units, empty.HasField("refusal")) == (0, False)
    assert not empty.lines


# --- The wallet


async def test_a_wallet_shows_what_is_held_and_limited(
    reads: "WalletQueriesAsyncStub", commands: "WalletCommandsAsyncStub"
) -> None:
    await hold(commands, "w2", 300)
    await hold(commands, "w1", 50)
    await commands.SetLimit(
        pb.SetLimitRequest(
            request_id="r1",
            wallet=WALLET,
            kind=player_pb2.LIMIT_KIND_DEPOSIT,
            period=player_pb2.LIMIT_PERIOD_DAY,
            amount=eur(1_200),
        )
    )
    raised = await commands.SetLimit(
        pb.SetLimitRequest(
            request_id="r2",
            wallet=WALLET,
            kind=player_pb2.LIMIT_KIND_DEPOSIT,
            period=player_pb2.LIMIT_PERIOD_DAY,
        )
    )

    wallet = (await reads.GetWallet(queries.GetWalletRequest(wallet=WALLET))).wallet

    assert [each.withdrawal_id for each in wallet.withdrawals] == ["w2", "w1"]
    assert wallet.withdrawable == eur(650)
    shown = {each.code: each for each in wallet.buckets}["sports_normal"]
    assert (shown.balance, shown.withdrawable) == (eur(650), eur(650))
    [limit] = wallet.limits
    assert (limit.amount, limit.used, limit.remaining) == (eur(1_200), eur(1_000), eur(200))
    assert not limit.pending.HasField("amount")
    assert limit.pending.confirm_time == raised.confirm_time
    assert limit.pending.lapse_time == raised.lapse_time
