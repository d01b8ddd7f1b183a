"""Answers, as the responses of the commands that they answer.

Each function writes an answer into an empty response, given the wallet's currency. What
the responses have that tell of more than a bet is in `results.py`.
"""

from typing import Protocol

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer

from wallet.v1 import bet_pb2, wallet_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.decision import Outcome
from wallet_server.execution.submission import Answered
from wallet_server.rpc.encode.bets import fill_bet
from wallet_server.rpc.encode.entries import fill_entry
from wallet_server.rpc.encode.values import numbers

OUTCOMES = numbers(Outcome, pb.Outcome, prefix="OUTCOME")


class Response(Protocol):
    """What all responses have."""

    sequence: int
    replayed: bool

    @property
    def outcome(self) -> pb.Outcome.ValueType: ...
    @outcome.setter
    def outcome(self, value: pb.Outcome.ValueType) -> None: ...
    @property
    def entries(self) -> RepeatedCompositeFieldContainer[wallet_pb2.Entry]: ...


class BetResponse(Response, Protocol):
    """What responses have that tell of a bet."""

    @property
    def bet(self) -> bet_pb2.Bet: ...


def fill_response(response: Response, answered: Answered) -> None:
    """Writes what all responses have into an empty one."""
    answer = answered.answer
    assert answer.outcome is not None
    response.sequence = answer.sequence
    if answered.replayed:
        response.replayed = True
    response.outcome = OUTCOMES[answer.outcome]
    for entry in answer.entries:
        fill_entry(response.entries.add(), entry)


def fill_plain_response(response: Response, answered: Answered, _currency_code: str) -> None:
    """Writes a response that tells of nothing else, of whatever currency it is."""
    fill_response(response, answered)


def fill_bet_response(response: BetResponse, answered: Answered, currency_code: str) -> None:
    """Writes a response that tells of a bet."""
    assert answered.answer.bet is not None
    fill_any_bet_response(response, answered, currency_code)


def fill_any_bet_response(response: BetResponse, answered: Answered, currency_code: str) -> None:
    """Writes a response that tells of a bet if there is just one to tell of."""
    fill_response(response, answered)
    bet = answered.answer.bet
    if bet is not None:
        fill_bet(response.bet, bet, currency_code)
