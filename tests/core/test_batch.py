"""Deciding a batch: each command against what the ones before it left."""

from datetime import datetime

import pytest

from tests.core.batches import BET, BOB, bet, deposit, empty_fold, outcomes, run
from tests.core.rules import configuration
from tests.core.world import REF, eur, shortened, told, vector
from wallet_server.core import batch
from wallet_server.core.batch import Failed, Fold, Recorded, Repeated
from wallet_server.core.commands import Command, OpenWallet, SettleBet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import Topology
from wallet_server.core.decision import Decision, Replay
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.wallet import Wallet


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
