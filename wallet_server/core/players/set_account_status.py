"""Saying what a player may do."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.commands import SetAccountStatus
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Decision, Outcome
from wallet_server.core.draft import Draft
from wallet_server.core.results import StatusResult
from wallet_server.core.wallet import Wallet


def decide_set_account_status(
    command: SetAccountStatus, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Puts the player's account into a state, which may follow any other.

    It holds for all of the player's wallets, from the next command on.
    """
    draft = Draft(wallet, configuration, now)
    result = StatusResult(command.status.value, previous=wallet.status.value)
    if command.status is wallet.status:
        return draft.change(Outcome.ALREADY_APPLIED, result=result)
    draft.put_player(replace(wallet.player, status=command.status))
    return draft.change(APPLIED, result=result)
