"""The kinds of commands that a batch may hold, by what `BatchCommand` calls them.

A command that gets an RPC of its own gets a line here; a test compares the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wallet_server.core.commands import Command
from wallet_server.execution.submission import Answered
from wallet_server.rpc import decode
from wallet_server.rpc.encode.responses import fill_bet_response, fill_cash_response


@dataclass(frozen=True, slots=True)
class Kind:
    """How requests of one kind are decoded, and answers to them encoded.

    `fill` writes an answer into an empty response, given the wallet's currency.
    """

    decode: Callable[[Any], Command]
    fill: Callable[[Any, Answered, str], None]


KINDS: dict[str, Kind] = {
    "open_wallet": Kind(decode.open_wallet, fill_cash_response),
    "approve_deposit": Kind(decode.approve_deposit, fill_cash_response),
    "adjust_balance": Kind(decode.adjust_balance, fill_cash_response),
    "authorize_bet": Kind(decode.authorize_bet, fill_bet_response),
    "settle_bet": Kind(decode.settle_bet, fill_bet_response),
    "unsettle_bet": Kind(decode.unsettle_bet, fill_bet_response),
    "rollback_transaction": Kind(decode.rollback_transaction, fill_bet_response),
}
