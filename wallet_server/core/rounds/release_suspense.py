"""Deciding on wins that came too late."""

from datetime import datetime

from wallet_server.core.commands import ReleaseSuspense
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.wallet import Wallet


def decide_release_suspense(
    command: ReleaseSuspense, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """TODO."""
    raise NotImplementedError
