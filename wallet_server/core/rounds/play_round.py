"""Playing a round in one command."""

from datetime import datetime

from wallet_server.core.commands import PlayRound
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.wallet import Wallet


def decide_play_round(
    command: PlayRound, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """TODO."""
    raise NotImplementedError
