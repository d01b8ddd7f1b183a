"""Requests, as the commands they ask for."""

import pytest
from google.protobuf.message import Message

from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.bet_pb2 import RESULT_KIND_VOID
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_pb2 import WalletRef as WalletRefMessage
from wallet_server.core.bets.bet import ResultKind
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.execution.submission import Submission
from wallet_server.rpc import decode

WALLET = WalletRefMessage(tenant_id="demo", player_id="p1", currency_code="EUR")
BET = BetKey("acme", "b1")


def eur(minor_units: int) -> Money:
    return Money(asset_code="EUR", minor_units=minor_units)


@pytest.mark.parametrize(
    ("request_", "decoded", "command"),
    [
        (
            deposit := pb.ApproveDepositRequest(deposit_id="d1", bucket="cash", amount=eur(5)),
            decode.approve_deposit(deposit),
            ApproveDeposit("d1", "cash", Amount("EUR", 5)),
        ),
        (
            adjust := pb.AdjustBalanceRequest(bucket="cash", amount=eur(-5), reason_code="GOODWILL", comment="why"),
            decode.adjust_balance(adjust),
            AdjustBalance("cash", Amount("EUR", -5), "GOODWILL", "why"),
        ),
        (
            bet := pb.AuthorizeBetRequest(provider_id="acme", bet_ref="b1", stake=eur(9), round_ref="r1", selected_source="CASH"),
            decode.authorize_bet(bet),
            AuthorizeBet(BET, Amount("EUR", 9), "r1", "CASH"),
        ),
        (
            result := pb.SettleBetRequest(provider_id="acme", bet_ref="b1", result_version=2, payout=eur(0)),
            decode.settle_bet(result),
            SettleBet(BET, 2, Amount("EUR", 0)),
        ),
        (
            part := pb.SettleBetRequest(provider_id="acme", bet_ref="b1", result_version=3, payout=eur(0), portion_ref="half", stake=eur(4), refund=eur(4), result_kind=RESULT_KIND_VOID),
            decode.settle_bet(part),
            SettleBet(BET, 3, Amount("EUR", 0), "half", Amount("EUR", 4), Amount("EUR", 4), ResultKind.VOID),
        ),
        (
            nothing := pb.SettleBetRequest(provider_id="acme", bet_ref="b1", result_version=3, payout=eur(0), refund=Money(asset_code="EUR")),
            decode.settle_bet(nothing),
            SettleBet(BET, 3, Amount("EUR", 0), refund=Amount("EUR", 0)),
        ),
        (
            unsettle := pb.UnsettleBetRequest(provider_id="acme", bet_ref="b1", result_version=4, portion_refs=["", "half"]),
            decode.unsettle_bet(unsettle),
            UnsettleBet(BET, 4, ("", "half")),
        ),
        (
            rollback := pb.RollbackTransactionRequest(provider_id="acme", transaction_ref="b1"),
            decode.rollback_transaction(rollback),
            RollbackTransaction(BET),
        ),
        (
            checked := pb.RollbackTransactionRequest(provider_id="acme", transaction_ref="b1", amount=eur(9)),
            decode.rollback_transaction(checked),
            RollbackTransaction(BET, Amount("EUR", 9)),
        ),
    ],
)  # fmt: skip
def test_a_request_is_the_command_it_asks_for(
    request_: Message, decoded: Command, command: Command
) -> None:
    assert decoded == command


def test_a_submission_says_who_asks_of_which_wallet_and_until_when() -> None:
    request = pb.OpenWalletRequest(request_id="r1", wallet=WALLET, correlation_id="c1")

    submission = decode.submission(request, OpenWallet(), deadline_seconds=12.5)

    assert submission == Submission(
        WalletRef("demo", "p1", "EUR"), "r1", OpenWallet(), "c1", deadline_seconds=12.5
    )
