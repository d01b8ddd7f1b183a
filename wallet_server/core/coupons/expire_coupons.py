"""Ending coupons whose time has passed."""

from datetime import datetime

from wallet_server.core.commands import ExpireCoupons
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.wallet import Wallet


def decide_expire_coupons(
    command: ExpireCoupons, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """TODO."""
    raise NotImplementedError
