"""Answers, as the responses of the commands that they answer."""

from typing import TypeAlias

from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_queries_pb2 import Answer as AnswerMessage
from wallet_server.core.answer import Answer
from wallet_server.core.decision import Outcome
from wallet_server.execution.submission import Answered
from wallet_server.rpc.encode.bets import fill_bet
from wallet_server.rpc.encode.entries import fill_entry
from wallet_server.rpc.encode.refusals import encode_refusal
from wallet_server.rpc.encode.values import numbers, timestamp

BetResponse: TypeAlias = (
    pb.AuthorizeBetResponse
    | pb.SettleBetResponse
    | pb.UnsettleBetResponse
    | pb.RollbackTransactionResponse
)
Response: TypeAlias = (
    pb.OpenWalletResponse | pb.ApproveDepositResponse | pb.AdjustBalanceResponse | BetResponse
)

OUTCOMES = numbers(Outcome, pb.Outcome, prefix="OUTCOME")

RESPONSE_FIELDS = {
    "OpenWallet": "open_wallet",
    "ApproveDeposit": "approve_deposit",
    "AdjustBalance": "adjust_balance",
    "AuthorizeBet": "authorize_bet",
    "SettleBet": "settle_bet",
    "UnsettleBet": "unsettle_bet",
    "RollbackTransaction": "rollback_transaction",
}
"""By command: the field of `Answer` that holds its response."""


def open_wallet(answered: Answered) -> pb.OpenWalletResponse:
    """Encodes the answer to `OpenWallet`."""
    response = pb.OpenWalletResponse()
    fill_response(response, answered)
    return response


def approve_deposit(answered: Answered) -> pb.ApproveDepositResponse:
    """Encodes the answer to `ApproveDeposit`."""
    response = pb.ApproveDepositResponse()
    fill_response(response, answered)
    return response


def adjust_balance(answered: Answered) -> pb.AdjustBalanceResponse:
    """Encodes the answer to `AdjustBalance`."""
    response = pb.AdjustBalanceResponse()
    fill_response(response, answered)
    return response


def authorize_bet(answered: Answered, currency_code: str) -> pb.AuthorizeBetResponse:
    """Encodes the answer to `AuthorizeBet`."""
    response = pb.AuthorizeBetResponse()
    fill_bet_response(response, answered, currency_code)
    return response


def settle_bet(answered: Answered, currency_code: str) -> pb.SettleBetResponse:
    """Encodes the answer to `SettleBet`."""
    response = pb.SettleBetResponse()
    fill_bet_response(response, answered, currency_code)
    return response


def unsettle_bet(answered: Answered, currency_code: str) -> pb.UnsettleBetResponse:
    """Encodes the answer to `UnsettleBet`."""
    response = pb.UnsettleBetResponse()
    fill_bet_response(response, answered, currency_code)
    return response


def rollback_transaction(answered: Answered, currency_code: str) -> pb.RollbackTransactionResponse:
    """Encodes the answer to `RollbackTransaction`."""
    response = pb.RollbackTransactionResponse()
    fill_bet_response(response, answered, currency_code)
    return response


def fill_response(response: Response, answered: Answered) -> None:
    """Writes what all responses have into an empty one."""
    answer = answered.answer
    assert answer.outcome is not None
    response.sequence = answer.sequence
    response.replayed = answered.replayed
    response.outcome = OUTCOMES[answer.outcome]
    for entry in answer.entries:
        fill_entry(response.entries.add(), entry)


def fill_cash_response(response: Response, answered: Answered, _currency_code: str) -> None:
    """Writes what the responses have that tell of no bet, of whatever currency it is."""
    fill_response(response, answered)


def fill_bet_response(response: BetResponse, answered: Answered, currency_code: str) -> None:
    """Writes what the responses to bets have into an empty one."""
    fill_response(response, answered)
    bet = answered.answer.bet
    assert bet is not None
    fill_bet(response.bet, bet, currency_code)


def encode_answer(answer: Answer, currency_code: str) -> AnswerMessage:
    """Encodes an answer as it was recorded."""
    message = AnswerMessage(
        request_id=answer.request_id,
        sequence=answer.sequence,
        answer_time=timestamp(answer.answer_time),
    )
    if answer.refusal is not None:
        message.refusal.CopyFrom(encode_refusal(answer.refusal))
        return message
    response: Response = getattr(message, RESPONSE_FIELDS[answer.command])
    answered = Answered(answer, replayed=True)
    if isinstance(response, BetResponse):
        fill_bet_response(response, answered, currency_code)
    else:
        fill_response(response, answered)
    return message
