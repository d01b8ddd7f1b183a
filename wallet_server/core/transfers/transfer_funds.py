"""Moving money along an edge."""

from datetime import datetime

from wallet_server.core.commands import TransferFunds
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.wallet import Wallet


def decide_transfer_funds(
    command: TransferFunds, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """TODO."""
    raise NotImplementedError
