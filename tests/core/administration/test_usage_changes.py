"""What commands change of what refers to buckets, batch by batch."""

from tests.core.administration.batches import Batches, told
from tests.core.world import REF, START, World
from wallet_server.core.accounts import bucket
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind
from wallet_server.core.administration.usage_changes import usage_changes
from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    OpenWallet,
)
from wallet_server.core.ids import WalletRef
from wallet_server.core.wallet import Wallet


def test_a_wallet_counts_once_in_each_bucket_that_is_not_empty() -> None:
    batches = Batches()

    batches.deposit(50, deposit_id="d1")
    assert batches.changed() == {"BALANCE SN": (1, 50)}

    batches.deposit(30, deposit_id="d2")
    assert batches.changed() == {"BALANCE SN": (0, 30)}

    batches.adjust(-80)
    assert batches.changed() == {"BALANCE SN": (-1, -80)}


def test_what_comes_and_goes_in_one_batch_changes_nothing() -> None:
    batches = Batches()

    batches.deposit(50)
    batches.adjust(-50)

    assert batches.changed() == {}


def test_several_commands_of_a_batch_add_up() -> None:
    batches = Batches("SN 10")

    batches.adjust(-10)  # 10 to 0: one less.
    batches.adjust(25)  # 0 to 25: one more.
    batches.adjust(5)

    assert batches.changed() == {"BALANCE SN": (0, 20)}


def test_amounts_are_counted_by_their_asset() -> None:
    batches = Batches()

    batches.run(AdjustBalance("PT", Amount("PTS", 200), "TEST"))
    batches.adjust(7)

    assert batches.changed() == {"BALANCE PT PTS": (1, 200), "BALANCE SN": (1, 7)}


def test_a_part_of_a_bet_takes_its_stake_off() -> None:
    batches = Batches("SN 100")
    batches.authorize(50)
    batches.changed()

    batches.settle(0, portion="p1", stake=20)
    assert batches.changed() == {"OPEN_BET SN": (0, -20)}

    batches.settle(0, portion="p2", stake=30)
    assert batches.changed() == {"OPEN_BET SN": (-1, -30)}


def test_a_bet_that_is_placed_and_settled_in_one_batch_was_never_open() -> None:
    batches = Batches("SN 100")

    batches.authorize(50)
    batches.settle(80)

    assert batches.changed() == {"BALANCE SN": (0, 30)}


def test_results_that_are_taken_back_open_a_bet_again() -> None:
    batches = Batches("SN 100")
    batches.authorize(50)
    batches.settle(0)
    assert batches.changed() == {"BALANCE SN": (0, -50)}

    batches.unsettle(2)
    assert batches.changed() == {"OPEN_BET SN": (1, 50)}

    batches.roll_back()
    assert batches.changed() == {"BALANCE SN": (0, 50), "OPEN_BET SN": (-1, -50)}


def test_a_bet_that_was_declined_or_kept_away_needs_nothing() -> None:
    batches = Batches("SN 10")

    assert batches.authorize(50) == "INSUFFICIENT_FUNDS"
    assert batches.roll_back("b2") == "TOMBSTONED"

    assert batches.changed() == {}


def test_wallets_of_a_batch_are_counted_together() -> None:
    world = World("SN 20")
    bob = WalletRef("demo", "bob", "EUR")
    start = world.wallet
    other = Wallet(bob, 1, START, START, balances={bucket("SN"): 5})
    world.fold.wallets[bob] = other

    world.authorize(20)

    assert told(usage_changes(world.fold, {REF: start, bob: other})) == {
        "BALANCE SN": (-1, -20),
        "OPEN_BET SN": (1, 20),
    }


def test_a_wallet_that_is_new_had_nothing() -> None:
    world = World()
    del world.fold.wallets[REF]
    world.run(OpenWallet())
    world.deposit(9)

    assert told(usage_changes(world.fold, {})) == {"BALANCE SN": (1, 9)}


def test_a_key_names_tenant_bucket_kind_and_asset() -> None:
    world = World()
    start = world.wallet
    world.deposit(1)

    assert usage_changes(world.fold, {REF: start}) == {
        UsageKey("demo", "SN", UsageKind.BALANCE, "EUR"): Usage(1, 1)
    }
