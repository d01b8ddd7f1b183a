"""Why accounts change: by entries as the rules make them, and by all kinds of commands."""

from collections.abc import Iterator

import pytest

from tests.core.world import START, vector
from tests.simulation.simulator import Simulation
from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange, PostedEntry
from wallet_server.core.commands import COMMANDS
from wallet_server.core.history.causes import (
    CAUSE_OF_BETS,
    CAUSE_OF_OTHERS,
    BalanceCause,
    EntryKind,
    cause_of,
    kind_of,
)

BY_SHAPE = {"SettleBet", "PlayRound"}
"""Commands whose entries tell more than their name."""

MOVE_NOTHING = {
    *("OpenWallet", "SetAccountStatus", "SetLimit", "ConfirmLimitIncrease", "ReplanAuthorization"),
}


def entry(command: str, changes: str, bet_ref: str = "") -> PostedEntry:
    """Returns an entry of a command; one that belongs to a bet names it."""
    written = tuple(
        AccountChange(Account(account), change, None if account.startswith("H:") else 0)
        for account, change in vector(changes).items()
    )
    provider_id = "acme" if bet_ref else ""
    return PostedEntry(2, 0, "EUR", written, START, "r1", command, provider_id, bet_ref)


@pytest.mark.parametrize(
    ("command", "changes", "bet_ref", "cause"),
    [
        ("ApproveDeposit", "bkt:SN 100, H:CASH -100", "", "DEPOSIT"),
        ("ReverseDeposit", "bkt:SN -30, DEBT:EUR -70, H:CASH 100", "", "DEPOSIT_REVERSAL"),
        ("AuthorizeBet", "bkt:SN -80, open:SN 80", "b1", "STAKE"),
        ("SettleBet", "bkt:SN 192, open:SN -80, H:GAME:S -112", "b1", "RESULT"),
        ("SettleBet", "open:SN -80, H:GAME:S 80", "b1", "RESULT"),
        ("SettleBet", "bkt:SN 80, open:SN -80", "b1", "REFUND"),
        ("SettleBet", "bkt:SN -128, H:GAME:S 128", "b1", "CORRECTION"),
        ("UnsettleBet", "bkt:SN -192, open:SN 80, H:GAME:S 112", "b1", "CORRECTION"),
        ("CashOutBet", "bkt:SN 50, open:SN -80, H:GAME:S 30", "b1", "CASH_OUT"),
        ("CreditWin", "bkt:CN 45, H:GAME:S -45", "w1", "WIN"),
        ("ReleaseSuspense", "bkt:CN 45, H:SUSPENSE -45", "w1", "WIN"),
        ("CloseRound", "open:CN -10, H:GAME:S 10", "b1", "RESULT"),
        ("PlayRound", "bkt:CN -10, H:GAME:S 10", "b1", "STAKE"),
        ("PlayRound", "bkt:CN -10, open:CN 10", "b1", "STAKE"),
        ("PlayRound", "bkt:CN 45, H:GAME:S -45", "w1", "WIN"),
        ("RollbackTransaction", "bkt:SN 80, open:SN -80", "b1", "ROLLBACK"),
        ("SettleBet", "bkt:SB -50, bkt:WD 50", "", "CONSEQUENCE"),
        ("PlayRound", "cpn:C1 -5, H:PROMO 5", "", "CONSEQUENCE"),
        ("TransferFunds", "bkt:SN -10, bkt:CN 10", "", "TRANSFER"),
        ("DrainBucket", "bkt:SB -10, bkt:SN 10", "", "DRAIN"),
        ("RequestWithdrawal", "bkt:WD -10, hold:w1 10", "", "WITHDRAWAL"),
    ],
)
def test_an_entry_tells_why(command: str, changes: str, bet_ref: str, cause: str) -> None:
    assert cause_of(kind_of(entry(command, changes, bet_ref))) is BalanceCause(cause)


def test_every_command_that_moves_something_has_a_cause() -> None:
    names = {command.__name__ for command in COMMANDS}

    assert names == {*CAUSE_OF_BETS, *CAUSE_OF_OTHERS} | BY_SHAPE | MOVE_NOTHING
    assert not CAUSE_OF_BETS.keys() & CAUSE_OF_OTHERS.keys()


def test_every_cause_is_told_by_some_entry() -> None:
    kinds = [
        EntryKind(command, of_bet, stake, house)
        for command in [*CAUSE_OF_BETS, *CAUSE_OF_OTHERS, *BY_SHAPE]
        for of_bet in (True, False)
        for stake in (-1, 0, 1)
        for house in (-1, 0, 1)
    ]

    assert {cause_of(kind) for kind in kinds} == set(BalanceCause)


def test_entries_of_bets_come_from_commands_on_bets_and_consequences_from_nothing_else() -> None:
    of_bets, consequences = set[str](), set[str]()
    for kind in kinds_of_simulations(seeds=range(3)):
        if kind.of_bet:
            of_bets.add(kind.command)
        elif cause_of(kind) is BalanceCause.CONSEQUENCE:
            consequences.add(kind.command)

    assert of_bets == {*CAUSE_OF_BETS} | BY_SHAPE
    assert consequences <= of_bets


def kinds_of_simulations(seeds: range) -> Iterator[EntryKind]:
    """Yields what tells of each entry that simulations make why it was made."""
    for seed in seeds:
        simulation = Simulation(seed)
        simulation.run(1_200)
        for records in simulation.store.records.values():
            for answer in records.answers.values():
                yield from map(kind_of, answer.entries)
