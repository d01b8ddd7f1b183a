"""What a batch records: the answers, the entries, and what is to be written."""

from dataclasses import replace
from datetime import timedelta

from tests.core.batches import BET, BOB, bet, deposit, empty_fold, outcomes, run
from tests.core.world import REF, START, World, eur
from wallet_server.core.batch import Recorded, Task
from wallet_server.core.cashier.deposit import Deposit, deposit_key
from wallet_server.core.commands import AdjustBalance, OpenWallet, RollbackTransaction, SettleBet
from wallet_server.core.ids import BetKey
from wallet_server.core.players.status import AccountStatus


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


def test_a_command_leaves_what_it_is_not_about_as_it_was() -> None:
    world = World("SN 100", frozen="WD", status=AccountStatus.BET_BLOCKED)
    before = world.wallet

    world.adjust(5)

    assert world.wallet == replace(
        before,
        sequence=before.sequence + 1,
        update_time=world.answer.answer_time,
        balances=world.wallet.balances,
        event_sequence=before.event_sequence + 1,
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
