"""One command of every kind in one call, each with a response of its own."""

from typing import TYPE_CHECKING, Any

from tests.rpc.batches import COMMANDS, batch_of, response_in, told
from tests.rpc.bets import WALLET, balance, bet, eur
from tests.servers import RunningServer
from wallet.v1 import cashier_pb2, coupon_pb2, promotion_pb2, rolling_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.bet_pb2 import RESULT_KIND_CASHED_OUT
from wallet.v1.player_pb2 import LIMIT_KIND_DEPOSIT, LIMIT_PERIOD_DAY
from wallet.v1.wallet_pb2 import ACCOUNT_STATUS_ACTIVE, ACCOUNT_STATUS_BET_BLOCKED, WalletRef

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from google.protobuf.message import Message

    from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsAsyncStub

SPORTS: dict[str, Any] = {"wallet": WALLET, "provider_id": "acme-sports", "bet_ref": "b1"}
SLOTS: dict[str, Any] = {"wallet": WALLET, "provider_id": "lucky-slots"}
TERMS = coupon_pb2.CouponTerms(profit_target="sports_normal")
WAGER_FIVE_TIMES = rolling_pb2.RollingTerms(multiplier_bp=50_000)


def of_bets() -> "list[Message]":
    return [
        pb.OpenWalletRequest(wallet=WalletRef(tenant_id="demo", player_id="p2", currency_code="EUR")),
        pb.ApproveDepositRequest(wallet=WALLET, deposit_id="d2", bucket="sports_normal", amount=eur(50)),
        pb.AdjustBalanceRequest(wallet=WALLET, bucket="sports_bonus", amount=eur(405), reason_code="GOODWILL"),
        bet("", 400),
        pb.SettleBetRequest(result_version=1, payout=eur(0), **SPORTS),
        pb.UnsettleBetRequest(result_version=2, **SPORTS),
        pb.CashOutBetRequest(cash_out_ref="c1", stake=eur(100), payout=eur(90), **SPORTS),
        pb.RollbackTransactionRequest(wallet=WALLET, provider_id="acme-sports", transaction_ref="c1", amount=eur(90)),
        pb.ReplanAuthorizationRequest(bucket="sports_bonus", successor="sports_normal", adjustment_id="a2", reason_code="RETIRED", **SPORTS),
    ]  # fmt: skip


def of_rounds() -> "list[Message]":
    return [
        pb.TransferFundsRequest(wallet=WALLET, source="sports_normal", target="casino_normal", amount=eur(100)),
        pb.PlayRoundRequest(round_ref="t1", bets=[pb.RoundBet(bet_ref="b1", stake=eur(10))], keep_open=True, **SLOTS),
        pb.CreditWinRequest(win_ref="w1", round_ref="t1", amount=eur(15), **SLOTS),
        pb.CloseRoundRequest(round_ref="t1", **SLOTS),
        pb.ReleaseSuspenseRequest(win_ref="w1", decision=pb.SUSPENSE_DECISION_CREDIT, reason_code="LATE", **SLOTS),
        pb.RollbackRoundRequest(round_ref="t1", **SLOTS),
    ]  # fmt: skip


def of_gifts() -> "list[Message]":
    grant = pb.GrantCouponRequest(wallet=WALLET, grant_id="g1", amount=eur(30), terms=TERMS)
    grant.valid_until_time.FromJsonString("2998-01-01T00:00:00Z")
    return [
        grant,
        pb.RevokeCouponRequest(wallet=WALLET, grant_id="g1", reason_code="ABUSE"),
        pb.ExpireCouponsRequest(wallet=WALLET),
        pb.CreditPromotionRequest(wallet=WALLET, promotion_id="p1", bucket="casino_bonus", amount=eur(20), rolling=WAGER_FIVE_TIMES),
        pb.CompleteRollingRequest(wallet=WALLET, requirement_id="PROMOTION:p1"),
        pb.CancelRollingRequest(wallet=WALLET, requirement_id="PROMOTION:p1", reason_code="ASKED"),
        pb.ReversePromotionRequest(wallet=WALLET, promotion_id="p1"),
        pb.ForfeitBonusRequest(wallet=WALLET, bucket="sports_bonus", reason_code="ASKED"),
    ]  # fmt: skip


def of_the_cashier() -> "list[Message]":
    deposit: dict[str, Any] = {"wallet": WALLET, "deposit_id": "d3"}
    withdrawal: dict[str, Any] = {"wallet": WALLET, "withdrawal_id": "w0"}
    return [
        pb.CreateDepositRequest(bucket="sports_normal", amount=eur(70), **deposit),
        pb.DeclineDepositRequest(**deposit),
        pb.ReverseDepositRequest(wallet=WALLET, deposit_id="d2", reversal_id="x1", amount=eur(20)),
        pb.WriteOffDebtRequest(wallet=WALLET, adjustment_id="a1", amount=eur(5), reason_code="GOODWILL"),
        pb.RequestWithdrawalRequest(wallet=WALLET, withdrawal_id="w1", amount=eur(40)),
        pb.ApproveWithdrawalRequest(**withdrawal),
        pb.SubmitWithdrawalRequest(**withdrawal),
        pb.ConfirmWithdrawalRequest(**withdrawal),
        pb.ReturnWithdrawalRequest(**withdrawal),
        pb.FailWithdrawalRequest(**withdrawal),
        pb.RejectWithdrawalRequest(reason_code="ABUSE", **withdrawal),
        pb.CancelWithdrawalRequest(wallet=WALLET, withdrawal_id="w1"),
    ]  # fmt: skip


def of_players() -> "list[Message]":
    limit: dict[str, Any] = {
        "wallet": WALLET,
        "kind": LIMIT_KIND_DEPOSIT,
        "period": LIMIT_PERIOD_DAY,
    }
    return [
        pb.SetAccountStatusRequest(wallet=WALLET, status=ACCOUNT_STATUS_BET_BLOCKED, reason_code="TIME_OUT"),
        pb.SetLimitRequest(amount=eur(5_000), **limit),
        pb.ConfirmLimitIncreaseRequest(**limit),
    ]  # fmt: skip


async def test_every_kind_of_command_gets_its_own_response(
    server: RunningServer, commands: "WalletCommandsAsyncStub"
) -> None:
    requests: Any = [*of_bets(), *of_rounds(), *of_gifts(), *of_the_cashier(), *of_players()]
    for number, request in enumerate(requests):
        request.request_id = f"r{number}"
    every_kind = batch_of(*requests)
    kinds = [command.WhichOneof("command") for command in every_kind.commands]
    assert len(set(kinds)) == len(kinds) == len(COMMANDS)

    await commands.RequestWithdrawal(
        pb.RequestWithdrawalRequest(
            request_id="w0", wallet=WALLET, withdrawal_id="w0", amount=eur(30)
        ),
        metadata=(("x-actor", "omar"),),
    )
    response = await commands.ExecuteBatch(every_kind, metadata=(("x-actor", "maria"),))

    words = dict(zip(kinds, told(response), strict=True))
    assert {kind: word for kind, word in words.items() if word != "APPLIED"} == {
        "replan_authorization": "BUCKET_NOT_DRAINING",
        "release_suspense": "WIN_NOT_SUSPENDED",
        "complete_rolling": "ROLLING_NOT_FULFILLED",
        "expire_coupons": "ALREADY_APPLIED",
        "write_off_debt": "AMOUNT_EXCEEDS_DEBT",
        "fail_withdrawal": "ILLEGAL_TRANSITION",
        "reject_withdrawal": "ILLEGAL_TRANSITION",
        "confirm_limit_increase": "LIMIT_NOT_FOUND",
    }
    told_as = [result.WhichOneof("result") for result in response.results]
    fine = {"APPLIED", "ALREADY_APPLIED"}
    assert told_as == [kind if words[kind] in fine else "error" for kind in kinds]
    by_kind: dict[str | None, Any] = dict(
        zip(kinds, map(response_in, response.results), strict=True)
    )
    [portion] = by_kind["cash_out_bet"].bet.portions
    assert (portion.portion_ref, portion.result_kind) == ("c1", RESULT_KIND_CASHED_OUT)
    assert by_kind["play_round"].bet.round_ref == "t1"
    assert by_kind["revoke_coupon"].taken_back == 30
    assert by_kind["transfer_funds"].target_amount == 100
    assert by_kind["credit_promotion"].requirement_id == "PROMOTION:p1"
    assert by_kind["cancel_rolling"].state == rolling_pb2.REQUIREMENT_STATE_CANCELLED
    assert by_kind["reverse_promotion"].state == promotion_pb2.PROMOTION_STATE_REVERSED
    assert by_kind["reverse_promotion"].reversed == 20
    assert by_kind["forfeit_bonus"].forfeited == 5
    assert by_kind["decline_deposit"].state == cashier_pb2.DEPOSIT_STATE_DECLINED
    assert (by_kind["reverse_deposit"].reversed, by_kind["reverse_deposit"].debt) == (20, 0)
    assert by_kind["request_withdrawal"].approvals_needed == 1
    assert by_kind["cancel_withdrawal"].state == cashier_pb2.WITHDRAWAL_STATE_CANCELLED
    assert by_kind["approve_withdrawal"].approvals == 1
    assert by_kind["confirm_withdrawal"].paid == 30
    assert by_kind["return_withdrawal"].state == cashier_pb2.WITHDRAWAL_STATE_RETURNED
    assert by_kind["set_account_status"].previous_status == ACCOUNT_STATUS_ACTIVE
    assert not by_kind["set_limit"].pending
    assert await balance(server) == 1_000 + 50 + 405 - 400 - 5 - 20
