"""What entries come to, by account and cause: always what the wallet itself says."""

import pytest

from tests.simulation.simulator import Simulation
from wallet_server.core.accounts import Account, is_house
from wallet_server.core.answer import PostedEntry
from wallet_server.core.history.balance_change import About, balance_change
from wallet_server.core.history.explanation import explain_balance
from wallet_server.core.history.sums import add_up, holdings_of, sums_of
from wallet_server.core.results import DepositResult

SEEDS = range(3)
STEPS = 1_200


def journals(seed: int) -> list[tuple[dict[Account, int], list[PostedEntry]]]:
    """Returns what each wallet of a simulation holds, and its journal."""
    simulation = Simulation(seed)
    simulation.run(STEPS)
    return [
        (
            {account: held for account, held in records.wallet.balances.items() if held},
            sorted(
                (entry for answer in records.answers.values() for entry in answer.entries),
                key=lambda entry: (entry.sequence, entry.ordinal),
            ),
        )
        for records in simulation.store.records.values()
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_all_entries_came_to_is_what_a_wallet_holds(seed: int) -> None:
    for balances, entries in journals(seed):
        held = {account: each.balance for account, each in holdings_of(sums_of(entries)).items()}

        assert held == balances


@pytest.mark.parametrize("seed", SEEDS)
def test_an_explanation_adds_up_wherever_it_starts_and_ends(seed: int) -> None:
    for balances, entries in journals(seed):
        middle = len(entries) // 2
        before, since = sums_of(entries[:middle]), sums_of(entries[middle:])
        at_start = holdings_of(before)
        for account in {key.account for key in (*before, *since)}:
            explained = explain_balance(account, 0, 0, at_start.get(account), since)
            opening = at_start[account].balance if account in at_start else 0

            assert explained.opening_balance == opening
            assert explained.balance == balances.get(account, 0)
            changes = [
                balance_change(account, each)
                for each in entries[middle:]
                if any(change.account == account for change in each.changes)
            ]
            for part in explained.parts:
                own = [
                    e.change for e in changes if (e.cause, e.command) == (part.cause, part.command)
                ]
                assert part.sum.entries_count == len(own)
                assert part.sum.added == sum(change for change in own if change > 0)
                assert part.sum.change == sum(own)
            assert len(changes) == sum(part.sum.entries_count for part in explained.parts)
            if changes:
                assert changes[-1].balance_after == explained.balance
            assert add_up([before, since]) == sums_of(entries)


def test_an_account_that_never_was_is_explained_by_nothing() -> None:
    explained = explain_balance(Account("bkt:SN"), 0, 4, None, {})

    assert (explained.asset_code, explained.balance, explained.parts) == ("", 0, ())


def test_a_change_tells_where_the_money_came_from_and_what_it_was_for() -> None:
    [(_, entries), *_] = journals(0)
    deposit = next(each for each in entries if each.command == "ApproveDeposit")
    own = next(each for each in deposit.changes if not is_house(each.account))

    told = balance_change(own.account, deposit, About(DepositResult("d7", "APPROVED")))

    assert told.counterparts == ("H:CASH",)
    assert told.subjects == {"deposit_id": "d7"}
    assert (told.change, told.balance_after) == (own.change, own.balance_after)
