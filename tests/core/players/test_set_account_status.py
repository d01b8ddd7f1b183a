"""Saying what a player may do."""

from datetime import timedelta

import pytest

from tests.core.world import START, World, eur, told
from wallet_server.core.batch import Recorded, Task
from wallet_server.core.commands import (
    Amount,
    ApproveDeposit,
    OpenWallet,
    PlayRound,
    RoundBet,
    SetAccountStatus,
)
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.ids import WalletRef
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import AccountBetBlocked
from wallet_server.core.results import StatusResult

DOLLARS = WalletRef("demo", "ann", "USD")
BLOCKS = WalletPolicy(debt_blocks_bets=True)


def set_status(world: World, status: AccountStatus) -> str:
    return world.run(SetAccountStatus(status, "TEST"))


@pytest.mark.parametrize("after", list(AccountStatus))
@pytest.mark.parametrize("before", list(AccountStatus))
def test_any_status_may_follow_any_other(before: AccountStatus, after: AccountStatus) -> None:
    world = World("SN 5", status=before)
    revision = world.wallet.player.revision

    outcome = set_status(world, after)

    assert outcome == ("ALREADY_APPLIED" if after is before else "APPLIED")
    assert world.answer.result == StatusResult(after.value, previous=before.value)
    assert world.posted == {}
    assert world.wallet.status is after
    assert world.wallet.player.revision == revision + (after is not before)
    assert (("demo", "ann") in world.fold.changed_players) == (after is not before)


def test_a_status_holds_for_all_of_the_players_wallets_from_the_next_command_on() -> None:
    world = World("SN 5")
    run(world, "open", OpenWallet())
    assert run(world, "first", ApproveDeposit("d1", "SN", Amount("USD", 1))) == "APPLIED"
    set_status(world, AccountStatus.CLOSED)

    assert run(world, "second", ApproveDeposit("d2", "SN", Amount("USD", 1))) == "ACCOUNT_CLOSED"


def test_nothing_else_of_the_player_is_lost() -> None:
    world = World()
    world.deposit(100)
    counted = world.wallet.player.usages
    assert counted

    set_status(world, AccountStatus.FROZEN)

    assert world.wallet.player.usages == counted
    assert world.wallet.player.revision == 2


def test_debt_blocks_bets_where_the_wallet_policy_says_so() -> None:
    world = World("SN 100, DEBT -1", BLOCKS)

    assert world.authorize(10) == "ACCOUNT_BET_BLOCKED"
    assert world.refusal == AccountBetBlocked("AuthorizeBet")
    assert world.run(PlayRound("slots", "r1", (RoundBet("s1", eur(1)),), ())) == (
        "ACCOUNT_BET_BLOCKED"
    )
    world.change(balances="SN 100")
    assert world.authorize(10, "b2") == "APPLIED"


def test_debt_blocks_nothing_but_bets() -> None:
    world = World("SN 100, DEBT -1", BLOCKS)

    assert world.deposit(5) == "APPLIED"
    assert world.adjust(5) == "APPLIED"
    world.configure(WalletPolicy(debt_blocks_bets=True, bet_blocked_deposits=False))
    assert world.deposit(5, deposit_id="d2") == "APPLIED"


def test_debt_blocks_no_bets_unless_the_wallet_policy_says_so() -> None:
    assert World("SN 100, DEBT -1").authorize(10) == "APPLIED"


def test_the_accounts_status_is_told_before_debt() -> None:
    world = World("SN 100, DEBT -1", BLOCKS, status=AccountStatus.SELF_EXCLUDED)

    assert world.authorize(10) == "ACCOUNT_SELF_EXCLUDED"


def test_e59_self_excluded_player() -> None:
    world = World("SN 100")
    world.authorize(40, "b1")
    world.authorize(20, "b2")
    set_status(world, AccountStatus.SELF_EXCLUDED)

    assert world.authorize(10, "b3") == "ACCOUNT_SELF_EXCLUDED"
    assert world.settle(90, "b1") == "APPLIED"
    assert world.roll_back("b2") == "APPLIED"
    assert world.deposit(5) == "ACCOUNT_SELF_EXCLUDED"
    assert world.balances == {"SN": 150}


def run(world: World, request_id: str, command: OpenWallet | ApproveDeposit) -> str:
    """Sends a command to the player's other wallet."""
    result = world.fold.run_one(
        Task(DOLLARS, request_id, command), START + timedelta(seconds=world.requests)
    )
    assert isinstance(result, Recorded)
    return told(result)
