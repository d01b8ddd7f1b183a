"""What is recorded of commands, down to the fields that few look at."""

from dataclasses import replace
from datetime import timedelta

from tests.core.bets.examples import line, placed
from tests.core.rounds.round_world import RoundWorld
from tests.core.rules import configuration
from tests.core.world import REF, START, World, eur
from wallet_server.core.accounts import bucket, game
from wallet_server.core.batch import Fold, Recorded, Task
from wallet_server.core.commands import OpenWallet, PlayRound, RoundBet, RoundWin
from wallet_server.core.decision import Change, Effects, Outcome, with_item
from wallet_server.core.draft import Draft
from wallet_server.core.entry import Entry
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import RequestIdReused, TenantNotFound
from wallet_server.core.results import WinResult
from wallet_server.core.rounds.round import Round, RoundState

NEXT = BetKey("slots", "b1")
ROUND = Round("slots", "R1", RoundState.OPEN, 2, START)
MOVED = {bucket("SN"): -5, game("SLOTS"): 5}


def play() -> RoundWorld:
    """Returns a world after a round of two bets and a win, in one command."""
    world = RoundWorld("CN 30")
    command = PlayRound(
        "slots",
        "R1",
        (RoundBet("b1", eur(10)), RoundBet("b2", eur(20))),
        (RoundWin("w1", eur(45)),),
    )
    task = Task(REF, "r1", command, correlation_id="c1")
    world.last = world.fold.run_one(task, START + timedelta(seconds=5))
    return world


def test_each_entry_of_a_command_says_where_it_belongs() -> None:
    answer = play().answer

    assert [(e.ordinal, e.provider_id, e.bet_ref) for e in answer.entries] == [
        (0, "slots", "b1"),
        (1, "slots", "b2"),
        (2, "slots", "w1"),
    ]
    assert {
        (e.sequence, e.asset_code, e.entry_time, e.request_id, e.command, e.correlation_id)
        for e in answer.entries
    } == {(2, "EUR", START + timedelta(seconds=5), "r1", "PlayRound", "c1")}


def test_each_entry_of_a_command_says_what_its_accounts_came_to_after_it() -> None:
    world = play()

    after = [
        {each.account: each.balance_after for each in entry.changes}
        for entry in world.answer.entries
    ]

    # The bets' stakes are played in the close, within the entries of the bets.
    assert after == [
        {"bkt:CN": 20, "H:GAME:SLOTS": None},
        {"bkt:CN": 0, "H:GAME:SLOTS": None},
        {"bkt:CN": 45, "H:GAME:SLOTS": None},
    ]
    assert world.balances == {"CN": 45}


def test_an_answer_without_anything_has_nothing() -> None:
    fold = Fold({"demo": configuration()}, {}, {})
    said = fold.run_one(Task(REF, "r1", OpenWallet()), START)

    assert isinstance(said, Recorded)
    answer = said.answer
    assert (answer.request_id, answer.bet, answer.entries, answer.result) == ("r1", None, (), None)
    wallet = fold.wallets[REF]
    assert (wallet.ref, wallet.create_time, wallet.update_time) == (REF, START, START)


def test_what_a_command_has_changed_is_to_be_written() -> None:
    world = play()
    fold = world.fold

    assert {key: bet.key for (_, key), bet in fold.bets.items()} == {
        key: key for key in world.wallet.bets
    }
    assert {key: win.key for (_, key), win in fold.wins.items()} == {
        key: key for key in world.wallet.wins
    }
    assert {key: item.key for (_, key), item in fold.items.items()} == {
        key: key for key in world.wallet.items
    }
    assert {ref for ref, _ in (*fold.bets, *fold.wins, *fold.items)} == {REF}


def test_refusals_of_a_batch_name_what_they_are_about() -> None:
    fold = Fold({}, {}, {})
    assert fold.run_one(Task(REF, "r1", OpenWallet()), START) == TenantNotFound("demo")

    world = World("SN 5")
    world.run(OpenWallet(), "r1")
    world.deposit(5)
    assert world.adjust(1) == "APPLIED"
    world.run(OpenWallet(), "request-3")
    assert world.last == RequestIdReused("request-3")


def test_an_item_goes_along_with_the_change_of_a_bet() -> None:
    bet = replace(placed(line("SN", 5)), key=NEXT)
    alone = Change(Outcome.APPLIED, (Entry("EUR", MOVED),), bet)

    changed = with_item(alone, ROUND)

    assert changed == Change(
        Outcome.APPLIED,
        (Entry("EUR", MOVED, NEXT),),
        bet,
        effects=Effects(bets=(bet,), items=(ROUND,)),
    )
    other = replace(ROUND, round_ref="R2")
    result = WinResult()
    with_effects = Change(Outcome.APPLIED, effects=Effects(items=(other,), result=result))
    assert with_item(with_effects, ROUND) == Change(
        Outcome.APPLIED, effects=Effects(items=(other, ROUND), result=result)
    )


def test_a_draft_takes_over_what_was_decided_on_it() -> None:
    world = World("SN 20")
    draft = Draft(world.wallet, configuration(), START)
    bet = replace(placed(line("SN", 5)), key=NEXT)

    draft.take(Change(Outcome.APPLIED, (Entry("EUR", MOVED),), bet))
    draft.take(Change(Outcome.APPLIED, (Entry("EUR", MOVED, BetKey("slots", "w1")),)))
    draft.move("EUR", bucket("SN"), bucket("CN"), 3)
    draft.move("EUR", bucket("SN"), bucket("CN"), 0)
    draft.move("EUR", bucket("SN"), bucket("SN"), 4)
    draft.put_item(ROUND)

    change = draft.change(Outcome.APPLIED, bet=bet)
    assert change == Change(
        Outcome.APPLIED,
        (
            Entry("EUR", MOVED, NEXT),
            Entry("EUR", MOVED, BetKey("slots", "w1")),
            Entry("EUR", {bucket("SN"): -3, bucket("CN"): 3}),
        ),
        bet,
        effects=Effects(bets=(bet,), items=(ROUND,)),
    )
    assert draft.balance(bucket("SN")) == 7
    assert draft.bet(NEXT) is bet
    assert draft.item(ROUND.key, Round) is ROUND
    assert draft.win(NEXT) is None


def test_what_a_draft_moves_for_a_transaction_is_its_own_and_comes_before_what_is_beside() -> None:
    draft = Draft(World("SN 20").wallet, configuration(), START)
    draft.move("EUR", bucket("SN"), bucket("CN"), 3)
    draft.post("EUR", {bucket("SN"): -2, bucket("CN"): 2}, NEXT)

    entries = draft.change(Outcome.APPLIED).entries

    assert [(each.transaction, each.changes[bucket("CN")]) for each in entries] == [
        (NEXT, 2),
        (None, 3),
    ]
