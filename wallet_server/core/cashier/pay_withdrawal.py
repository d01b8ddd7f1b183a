"""What the payment provider and the bank say of a withdrawal."""

from datetime import datetime

from wallet_server.core.commands import Command
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Decision
from wallet_server.core.wallet import Wallet


def decide_submit_withdrawal(
    command: Command, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    raise NotImplementedError


def decide_confirm_withdrawal(
    command: Command, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    raise NotImplementedError


def decide_fail_withdrawal(
    command: Command, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    raise NotImplementedError


def decide_return_withdrawal(
    command: Command, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    raise NotImplementedError
