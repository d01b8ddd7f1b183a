"""Batches of a few commands, for tests of how they are decided."""

from tests.core.rules import configuration
from tests.core.world import REF, START, eur, told
from wallet_server.core.batch import Fold, Result, Task
from wallet_server.core.commands import ApproveDeposit, AuthorizeBet, Command
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.players.player import Player
from wallet_server.core.players.status import AccountStatus

BOB = WalletRef("demo", "bob", "EUR")
BET = BetKey("sports", "b1")


def deposit(amount: int, deposit_id: str = "d1") -> ApproveDeposit:
    return ApproveDeposit(deposit_id, "SN", eur(amount))


def bet(stake: int, bet_ref: str = "b1") -> AuthorizeBet:
    return AuthorizeBet(BetKey("sports", bet_ref), eur(stake))


def empty_fold(**statuses: AccountStatus) -> Fold:
    by_player = {("demo", player): Player(status) for player, status in statuses.items()}
    return Fold({"demo": configuration()}, {}, {}, by_player)


def run(fold: Fold, *commands: Command | tuple[str, Command], ref: WalletRef = REF) -> list[Result]:
    """Runs commands in one batch; a command may bring its request id."""
    named = [each if isinstance(each, tuple) else ("", each) for each in commands]
    tasks = [Task(ref, name or f"r{i}", command) for i, (name, command) in enumerate(named)]
    return fold.run(tasks, START)


def outcomes(results: list[Result]) -> list[str]:
    return [told(result) for result in results]
