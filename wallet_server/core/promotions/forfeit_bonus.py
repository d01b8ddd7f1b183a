"""Giving up bonus money."""

from datetime import datetime

from wallet_server.core.commands import ForfeitBonus
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.wallet import Wallet


def decide_forfeit_bonus(
    command: ForfeitBonus, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """TODO."""
    raise NotImplementedError
