"""Deciding whether a withdrawal is paid."""

from datetime import datetime

from wallet_server.core.commands import Command
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.wallet import Wallet


def decide_approve_withdrawal(
    command: Command, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    raise NotImplementedError


def decide_reject_withdrawal(
    command: Command, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    raise NotImplementedError


def decide_cancel_withdrawal(
    command: Command, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    raise NotImplementedError
