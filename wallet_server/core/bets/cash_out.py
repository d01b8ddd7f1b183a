"""Paying a bet before it has its result."""

from datetime import datetime

from wallet_server.core.commands import CashOutBet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.wallet import Wallet


def decide_cash_out_bet(
    command: CashOutBet, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """TODO."""
    raise NotImplementedError
