"""Taking promotions back."""

from datetime import datetime

from wallet_server.core.commands import ReversePromotion
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.wallet import Wallet


def decide_reverse_promotion(
    command: ReversePromotion, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """TODO."""
    raise NotImplementedError
