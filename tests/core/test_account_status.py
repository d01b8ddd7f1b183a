"""The matrix of account status and command."""

import pytest

from tests.core.world import World
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.players.status import AccountStatus

MATRIX = """
    status         bet                    deposit                settle   unsettle  roll_back   adjust
    ACTIVE         APPLIED                APPLIED                APPLIED  APPLIED   TOMBSTONED  APPLIED
    BET_BLOCKED    ACCOUNT_BET_BLOCKED    APPLIED                APPLIED  APPLIED   TOMBSTONED  APPLIED
    SELF_EXCLUDED  ACCOUNT_SELF_EXCLUDED  ACCOUNT_SELF_EXCLUDED  APPLIED  APPLIED   TOMBSTONED  APPLIED
    FROZEN         ACCOUNT_FROZEN         REVIEW                 APPLIED  APPLIED   TOMBSTONED  APPLIED
    CLOSED         ACCOUNT_CLOSED         ACCOUNT_CLOSED         APPLIED  APPLIED   TOMBSTONED  APPLIED
"""

HEAD, *LINES = [line.split() for line in MATRIX.strip().splitlines()]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_status_rules_out_bets_and_deposits_and_nothing_that_is_owed(line: list[str]) -> None:
    world = World("SN 100")
    world.authorize(40, "open")
    world.change(status=AccountStatus(line[0]))

    outcomes = {
        "bet": world.authorize(10, "new"),
        "deposit": world.deposit(5),
        "settle": world.settle(90, "open"),
        "unsettle": world.unsettle(2, bet_ref="open"),
        "roll_back": world.roll_back("unknown"),
        "adjust": world.adjust(-1),
    }

    assert outcomes == dict(zip(HEAD[1:], line[1:], strict=True))
    assert world.roll_back("open") == "APPLIED"


def test_every_status_is_in_the_matrix() -> None:
    assert [line[0] for line in LINES] == [status.value for status in AccountStatus]


def test_the_wallet_policy_decides_whether_a_blocked_player_may_deposit() -> None:
    strict = WalletPolicy(bet_blocked_deposits=False)
    world = World("", strict, status=AccountStatus.BET_BLOCKED)

    assert world.deposit(5) == "ACCOUNT_BET_BLOCKED"
    assert world.refusal.details() == {"command": "ApproveDeposit"}
    world.change(status=AccountStatus.ACTIVE)
    assert world.deposit(5) == "APPLIED"


def test_the_wallet_policy_lets_no_other_status_deposit() -> None:
    for status in (AccountStatus.SELF_EXCLUDED, AccountStatus.CLOSED):
        world = World("", WalletPolicy(bet_blocked_deposits=True), status=status)
        assert world.deposit(5) == f"ACCOUNT_{status.value}"


def test_a_bet_that_the_status_ruled_out_is_declined_for_ever() -> None:
    world = World("SN 100", status=AccountStatus.SELF_EXCLUDED)
    world.authorize(40)
    world.change(status=AccountStatus.ACTIVE)

    assert world.authorize(40) == "REPLAYED ACCOUNT_SELF_EXCLUDED"
    assert world.balances == {"SN": 100}
