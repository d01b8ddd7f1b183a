"""Deciding a batch: each command against what the ones before it left."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.core.rules import configuration
from tests.core.world import REF, START, World, shortened, told, vector
from wallet_server.core import batch
from wallet_server.core.batch import Failed, Fold, Recorded, Repeated, Result, Task
from wallet_server.core.cashier.deposit import Deposit, deposit_key
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    RollbackTransaction,
    SettleBet,
)
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import Topology
from wallet_server.core.decision import Decision, Replay
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.players.player import Player
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.wallet import Wallet

BOB = WalletRef("demo", "bob", "EUR")
BET = BetKey("sports", "b1")


def eur(amount: int) -> Amount:
    return Amount("EUR", amount)


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


def test_a_wallet_opened_in_a_batch_can_be_used_in_the_same_batch() -> None:
    fold = empty_fold()

    results = run(
        fold,
        bet(40),
        OpenWallet(),
        deposit(100),
        bet(40, "b2"),
        SettleBet(BetKey("sports", "b2"), 1, eur(90)),
    )

    assert outcomes(results) == ["WALLET_NOT_FOUND", "APPLIED", "APPLIED", "APPLIED", "APPLIED"]
    assert shortened(fold.wallets[REF].balances) == {"SN": 150}
    assert fold.wallets[REF].sequence == 4


def test_of_two_bets_in_a_batch_the_second_sees_what_the_first_left() -> None:
    """E69."""
    fold = empty_fold()
    run(fold, ("o", OpenWallet()), ("d", deposit(100)))

    first, second = run(fold, bet(60, "one"), bet(60, "two"))

    assert outcomes([first, second]) == ["APPLIED", "INSUFFICIENT_FUNDS"]
    assert isinstance(second, Recorded)
    assert second.answer.refusal is not None
    assert second.answer.refusal.details() == {"required": 60, "available": 40}
    assert shortened(fold.wallets[REF].balances) == vector("SN 40, O:SN 60")


def test_recorded_commands_are_numbered_without_gaps_and_the_others_not_at_all() -> None:
    fold = empty_fold()

    results = run(
        fold,
        OpenWallet(),
        bet(10),  # Declined, which is recorded.
        SettleBet(BetKey("sports", "unknown"), 1, eur(5)),  # Not found, which is not.
        deposit(100),
        ("again", deposit(100)),  # A replay by its deposit_id, which is not.
        ("r1", bet(10)),  # A repetition, which is not.
        ("r1", bet(11)),  # Its request_id is in use, which is not.
        deposit(50, "d2"),
    )

    assert outcomes(results) == [
        "APPLIED",
        "INSUFFICIENT_FUNDS",
        "BET_NOT_FOUND",
        "APPLIED",
        "REPLAYED APPLIED",
        "REPEATED INSUFFICIENT_FUNDS",
        "REQUEST_ID_REUSED",
        "APPLIED",
    ]
    assert [each.answer.sequence for each in fold.recorded] == [1, 2, 3, 4]
    assert [each.task.request_id for each in fold.recorded] == ["r0", "r1", "r3", "r7"]
    assert fold.wallets[REF].sequence == 4
    assert set(fold.answers) == {(REF, "r0"), (REF, "r1"), (REF, "r3"), (REF, "r7")}


def test_a_request_twice_in_a_batch_is_answered_once() -> None:
    fold = empty_fold()

    _, first, second = run(fold, OpenWallet(), ("same", deposit(100)), ("same", deposit(100)))

    assert isinstance(first, Recorded)
    assert second == Repeated(first.answer)
    assert shortened(fold.wallets[REF].balances) == {"SN": 100}


def test_a_request_id_belongs_to_one_command_of_one_wallet() -> None:
    fold = empty_fold()

    mine = run(
        fold, OpenWallet(), ("same", deposit(100)), ("same", deposit(99)), ("same", OpenWallet())
    )
    others = run(fold, OpenWallet(), ("same", deposit(99)), ref=BOB)

    assert outcomes(mine) == ["APPLIED", "APPLIED", "REQUEST_ID_REUSED", "REQUEST_ID_REUSED"]
    assert outcomes(others) == ["APPLIED", "APPLIED"]
    assert [shortened(fold.wallets[ref].balances) for ref in (REF, BOB)] == [
        {"SN": 100},
        {"SN": 99},
    ]


def test_a_refusal_that_is_not_recorded_leaves_its_request_id_free() -> None:
    fold = empty_fold()

    results = run(fold, ("same", deposit(100)), OpenWallet(), ("same", deposit(50)))

    assert outcomes(results) == ["WALLET_NOT_FOUND", "APPLIED", "APPLIED"]


def test_a_bet_repeated_in_a_batch_gets_the_answer_that_stands_under_its_number() -> None:
    fold = empty_fold()

    *_, again = run(fold, OpenWallet(), deposit(100), bet(40), SettleBet(BET, 1, eur(90)), bet(40))

    placed = fold.recorded[2].answer
    assert again == Replay(placed.sequence, bet=placed.bet)


def test_a_bug_fails_its_command_alone_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def decide(
        command: Command, ref: WalletRef, *rest: Wallet | Configuration | datetime
    ) -> Decision:
        if command == bet(13):
            raise ZeroDivisionError
        return original(command, ref, *rest)  # pyright: ignore[reportArgumentType]

    original = batch.decide
    monkeypatch.setattr(batch, "decide", decide)
    fold = empty_fold()

    *_, failed, placed = run(fold, OpenWallet(), deposit(100), bet(13), bet(40))

    assert isinstance(failed, Failed)
    assert isinstance(failed.error, ZeroDivisionError)
    assert told(placed) == "APPLIED"
    assert [each.answer.sequence for each in fold.recorded] == [1, 2, 3]
    assert shortened(fold.wallets[REF].balances) == vector("SN 60, O:SN 40")


def has_plenty(_source: str, _wallet: Wallet, _topology: Topology) -> int:
    return 10**6


def test_a_decision_that_breaks_the_books_fails_and_leaves_no_trace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fold = empty_fold()
    run(fold, ("o", OpenWallet()), ("d", deposit(100)))
    before = (dict(fold.wallets), dict(fold.answers), list(fold.recorded), dict(fold.bets))
    monkeypatch.setattr("wallet_server.core.bets.sources.available", has_plenty)
    monkeypatch.setattr("wallet_server.core.bets.funding_plan.available", has_plenty)

    (failed,) = run(fold, bet(101))

    assert isinstance(failed, Failed)
    assert isinstance(failed.error, AssertionError)
    assert (fold.wallets, fold.answers, fold.recorded, fold.bets) == before


def test_a_tenant_must_be_configured() -> None:
    (result,) = run(empty_fold(), OpenWallet(), ref=WalletRef("nobody", "ann", "EUR"))

    assert told(result) == "TENANT_NOT_FOUND"


def test_each_tenant_has_its_own_rules() -> None:
    ours = configuration()
    theirs = configuration(tenant_id="other", version=7)
    fold = Fold({"demo": ours, "other": theirs}, {}, {})
    ref = WalletRef("other", "ann", "EUR")

    run(fold, OpenWallet(), deposit(100), bet(40))
    run(fold, OpenWallet(), deposit(100), bet(40), ref=ref)

    snapshots = [fold.bets[each, BET].snapshot for each in (REF, ref)]
    assert [snapshot and snapshot.policy_version for snapshot in snapshots] == [1, 7]


def test_a_new_wallet_has_the_status_that_its_player_has_already() -> None:
    fold = empty_fold(ann=AccountStatus.SELF_EXCLUDED)

    results = run(fold, OpenWallet(), deposit(100))

    assert outcomes(results) == ["APPLIED", "ACCOUNT_SELF_EXCLUDED"]
    assert fold.wallets[REF].status is AccountStatus.SELF_EXCLUDED
    run(fold, OpenWallet(), ref=BOB)
    assert fold.wallets[BOB].status is AccountStatus.ACTIVE


def test_a_command_leaves_what_it_is_not_about_as_it_was() -> None:
    world = World("SN 100", frozen="WD", status=AccountStatus.BET_BLOCKED)
    before = world.wallet

    world.deposit(5)

    assert world.wallet == replace(
        before,
        sequence=before.sequence + 1,
        update_time=world.answer.answer_time,
        balances=world.wallet.balances,
    )
    assert world.wallet.create_time == START != world.wallet.update_time


def test_what_is_to_be_written_is_what_changed() -> None:
    fold = empty_fold()

    run(
        fold,
        OpenWallet(),
        deposit(100),
        bet(40),
        bet(500, "b2"),
        RollbackTransaction(BetKey("sports", "b3")),
    )
    run(fold, ("s", SettleBet(BET, 1, eur(90))), ("s2", SettleBet(BET, 1, eur(90))))

    assert fold.bets == {(REF, key): value for key, value in fold.wallets[REF].bets.items()}
    assert [each.state.value for each in fold.bets.values()] == [
        "SETTLED",
        "DECLINED",
        "TOMBSTONED",
    ]
    assert [type(each) for each in fold.items.values()] == [Deposit]
    assert fold.items == {(REF, deposit_key("d1")): fold.wallets[REF].items[deposit_key("d1")]}


def test_an_answer_that_changes_no_bet_writes_no_bet() -> None:
    fold = empty_fold()
    run(
        fold,
        ("o", OpenWallet()),
        ("d", deposit(100)),
        ("b", bet(40)),
        ("s", SettleBet(BET, 2, eur(90))),
    )
    fold.bets.clear()

    results = run(fold, SettleBet(BET, 1, eur(50)), SettleBet(BET, 2, eur(90)))

    assert outcomes(results) == ["STALE_VERSION", "ALREADY_APPLIED"]
    assert fold.bets == {}
    assert fold.wallets[REF].sequence == 6


def test_an_entry_says_what_caused_it() -> None:
    fold = empty_fold()
    run(fold, OpenWallet(), deposit(100))

    task = Task(REF, "request", bet(40), correlation_id="flow")
    (result,) = fold.run([task], START + timedelta(seconds=5))

    assert isinstance(result, Recorded)
    (entry,) = result.answer.entries
    assert (entry.sequence, entry.ordinal, entry.asset_code) == (3, 0, "EUR")
    assert (entry.request_id, entry.command, entry.correlation_id) == (
        "request",
        "AuthorizeBet",
        "flow",
    )
    assert (entry.provider_id, entry.bet_ref) == ("sports", "b1")
    assert entry.entry_time == result.answer.answer_time == START + timedelta(seconds=5)
    assert [(c.account, c.change, c.balance_after) for c in entry.changes] == [
        ("bkt:SN", -40, 60),
        ("open:SN", 40, 40),
    ]


def test_an_entry_that_is_not_about_a_bet_names_none() -> None:
    fold = empty_fold()
    run(fold, OpenWallet(), AdjustBalance("SN", eur(5), "TEST"))

    (entry,) = fold.recorded[1].answer.entries
    assert (entry.provider_id, entry.bet_ref, entry.command) == ("", "", "AdjustBalance")


def test_time_does_not_run_backwards_within_a_wallet() -> None:
    fold = empty_fold()
    late, early = START + timedelta(hours=1), START

    fold.run([Task(REF, "1", OpenWallet())], late)
    fold.run([Task(REF, "2", deposit(100))], early)
    fold.run([Task(BOB, "1", OpenWallet())], early)

    assert [each.answer.answer_time for each in fold.recorded] == [late, late, early]
    assert fold.wallets[REF].update_time == late
    assert fold.wallets[REF].items[deposit_key("d1")].create_time == late


def test_an_answer_has_an_outcome_or_a_refusal_and_a_refusal_has_no_entries() -> None:
    fold = empty_fold()
    run(
        fold, OpenWallet(), deposit(100), bet(40), bet(500, "b2"), RollbackTransaction(BET, eur(40))
    )

    for each in fold.recorded:
        assert (each.answer.outcome is None) != (each.answer.refusal is None)
        assert each.answer.refusal is None or not each.answer.entries
    assert [each.answer.command for each in fold.recorded] == [
        "OpenWallet",
        "ApproveDeposit",
        "AuthorizeBet",
        "AuthorizeBet",
        "RollbackTransaction",
    ]


def test_what_leaves_the_range_of_the_books_is_not_recorded() -> None:
    fold = empty_fold()

    results = run(
        fold,
        OpenWallet(),
        deposit(2**63 - 1),
        deposit(1, "d2"),
        bet(10),
        SettleBet(BET, 1, eur(11)),
        SettleBet(BET, 1, eur(10)),
    )

    assert outcomes(results) == [
        "APPLIED",
        "APPLIED",
        "AMOUNT_OUT_OF_RANGE",
        "APPLIED",
        "AMOUNT_OUT_OF_RANGE",
        "APPLIED",
    ]
    assert fold.wallets[REF].sequence == 4
    assert deposit_key("d2") not in fold.wallets[REF].items
