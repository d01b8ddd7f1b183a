"""Taking a stake."""

from dataclasses import replace

import pytest

from tests.core.rules import SPORTS, auto, destinations, policy
from tests.core.world import World, vector
from wallet_server.core.bets.bet import Bet, BetState, FundingLine, Snapshot
from wallet_server.core.commands import Amount, AuthorizeBet
from wallet_server.core.config.policy import Destinations
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    DeclinedRetry,
    PayoutBasis,
    ProviderProfile,
)
from wallet_server.core.config.wallet_policy import RecoveryScope, WalletPolicy
from wallet_server.core.decision import Replay
from wallet_server.core.ids import BetKey
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import (
    BetTombstoned,
    InsufficientFunds,
    PolicyMissing,
    ProviderUnmapped,
    TransactionPayloadMismatch,
)

NEW_ATTEMPT = ProviderProfile("sports", "SPORTS", declined_retry=DeclinedRetry.NEW_ATTEMPT)


def test_a_stake_moves_to_open_stake_of_the_same_sources() -> None:
    world = World("SB 20, SN 100, CN 7")

    assert world.authorize(60) == "APPLIED"

    assert world.posted == vector("SB -20, SN -40, O:SB +20, O:SN +40")
    assert world.balances == vector("SN 60, CN 7, O:SB 20, O:SN 40")


def test_bets_placed_under_one_configuration_share_what_they_keep_of_it() -> None:
    world = World("SB 20, SN 100")
    world.authorize(60, "b1")
    world.authorize(20, "b2")
    first, second = world.bet("b1"), world.bet("b2")

    assert first.snapshot is second.snapshot
    assert first.lines[-1].destinations is second.lines[-1].destinations

    world.configure(version=2)
    world.authorize(10, "b3")
    third = world.bet("b3").snapshot

    assert third is not None
    assert len({first.snapshot, second.snapshot, third}) == 2
    assert third.topology_version == 2


def test_a_bet_keeps_what_it_was_placed_under() -> None:
    profile = ProviderProfile(
        "sports",
        "SPORTS",
        payout_basis=PayoutBasis.NET_OF_FREEBET,
        correction_shortfall=CorrectionShortfall.REJECT,
    )
    rules = policy("SPORTS", auto("SB"), destinations("SB", None, "SN", 25))
    world = World("SB 50", profile, rules, WalletPolicy(recovery_scope=RecoveryScope.GROUP))

    world.authorize(50, round_ref="ticket")

    assert world.bet() == Bet(
        key=BetKey("sports", "b1"),
        state=BetState.AUTHORIZED,
        sequence=2,
        create_time=world.answer.answer_time,
        revision=1,
        round_ref="ticket",
        stake=50,
        lines=(FundingLine("SB", 50, Destinations(None, "SN", 25)),),
        snapshot=Snapshot(
            topology_version=1,
            wallet_policy_version=1,
            policy_version=1,
            profile_version=1,
            provider_type="SPORTS",
            payout_basis=PayoutBasis.NET_OF_FREEBET,
            rollback_after_settle=False,
            correction_shortfall=CorrectionShortfall.REJECT,
            recovery_scope=RecoveryScope.GROUP,
            recovery_order=("SN", "CN", "WD"),
        ),
    )
    assert world.answer.bet == world.bet()


def test_each_version_in_a_snapshot_is_that_of_its_own_part() -> None:
    world = World("SN 50")
    active = world.fold.configurations["demo"]
    numbered = replace(
        active,
        topology=replace(active.topology, version=2),
        wallet_policy=replace(active.wallet_policy, version=3),
        policies={"SPORTS": replace(active.policies["SPORTS"], version=4)},
        profiles={"sports": replace(active.profiles["sports"], version=5)},
    )
    world.fold.configurations = {"demo": numbered}

    world.authorize(10)

    snapshot = world.bet().snapshot
    assert snapshot is not None
    assert snapshot.topology_version == 2
    assert snapshot.wallet_policy_version == 3
    assert snapshot.policy_version == 4
    assert snapshot.profile_version == 5


def test_a_bet_settles_by_its_snapshot_whatever_is_active_by_then() -> None:
    """E63."""
    world = World("SN 100")
    world.authorize(100)
    world.configure(
        policy("SPORTS", auto("SN"), destinations("SN", "SN", "WD")),
        ProviderProfile("sports", "LIVE", rollback_after_settle=False),
    )

    world.settle(150)

    assert world.entry.changes[-1].account == "H:GAME:SPORTS"
    assert world.posted == vector("SN +150, O:SN -100, GAME -50")
    assert world.roll_back() == "APPLIED"


def test_refusals_come_in_the_documented_order() -> None:
    """Each world has everything wrong that the ones after it have."""
    unmapped = World("SB 9, SN 1", status=AccountStatus.FROZEN)
    assert unmapped.authorize(100, provider="nobody", selected="X") == "ACCOUNT_FROZEN"
    unmapped.change(status=AccountStatus.ACTIVE)
    assert unmapped.authorize(100, "b2", provider="nobody", selected="X") == "PROVIDER_UNMAPPED"
    assert unmapped.refusal == ProviderUnmapped("nobody")

    missing = World("SB 9, SN 1", ProviderProfile("sports", "BINGO"))
    assert missing.authorize(100, selected="X") == "POLICY_MISSING"
    assert missing.refusal == PolicyMissing("BINGO")

    strict = World("SB 9, SN 1", replace(SPORTS, max_stake_with_bonus=5))
    assert strict.authorize(100, selected="X") == "SELECTED_SOURCE_NOT_ALLOWED"
    assert strict.authorize(100) == "INSUFFICIENT_FUNDS"
    assert strict.authorize(10, "b2") == "MAX_STAKE_WITH_BONUS"
    assert strict.authorize(5, "b3") == "APPLIED"


def test_a_tombstone_comes_before_everything_else() -> None:
    world = World(status=AccountStatus.FROZEN)
    world.roll_back("b1", provider="nobody")

    assert world.authorize(100, provider="nobody") == "BET_TOMBSTONED"
    assert world.refusal == BetTombstoned("b1")
    assert world.bet(provider="nobody").state is BetState.TOMBSTONED


def test_a_mismatch_comes_before_the_account() -> None:
    world = World("SN 100")
    world.authorize(40)
    world.change(status=AccountStatus.CLOSED)

    assert world.authorize(41) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.authorize(40) == "REPLAYED APPLIED"


def test_a_declined_bet_is_remembered() -> None:
    world = World("SN 10")

    assert world.authorize(40, round_ref="R1") == "INSUFFICIENT_FUNDS"

    bet = world.bet()
    assert (bet.state, bet.stake, bet.lines, bet.snapshot) == (BetState.DECLINED, 40, (), None)
    assert (bet.round_ref, bet.create_time) == ("R1", world.answer.answer_time)
    assert bet.refusal == InsufficientFunds(required=40, available=10)
    assert world.answer.entries == ()
    world.deposit(100)
    assert world.authorize(40, round_ref="R1") == "REPLAYED INSUFFICIENT_FUNDS"
    assert world.last == Replay(bet.sequence, refusal=bet.refusal)
    assert world.authorize(41) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.balances == {"SN": 110}


@pytest.mark.parametrize("selected", ["", "SB"])
def test_a_bet_that_made_no_sense_is_not_remembered(selected: str) -> None:
    """E08."""
    world = World("SN 100, CN 100")
    before = world.wallet

    provider = "sports" if selected else "live"
    assert world.authorize(40, provider=provider, selected=selected).startswith("SELECTED_SOURCE")

    assert world.wallet == before


@pytest.mark.parametrize(
    ("field", "again"),
    [
        ("amount", {"stake": 41}),
        ("round_ref", {"stake": 40, "round_ref": "other"}),
        ("selected_source", {"stake": 40, "selected": "CASINO_BONUS"}),
        ("amount", {"stake": 41, "round_ref": "other", "selected": "CASINO_BONUS"}),
    ],
)
def test_a_known_bet_with_other_content_is_a_conflict(field: str, again: dict[str, object]) -> None:
    world = World("CN 100, CB 100")
    world.authorize(40, provider="live", selected="CASINO_NORMAL", round_ref="round")
    before = world.wallet

    request = {"round_ref": "round", "selected": "CASINO_NORMAL", **again}
    assert world.authorize(provider="live", **request) == "TRANSACTION_PAYLOAD_MISMATCH"  # pyright: ignore[reportArgumentType]

    assert world.refusal == TransactionPayloadMismatch("b1", field)
    assert world.wallet == before


def test_a_known_bet_with_the_same_content_gets_its_first_answer_whatever_became_of_it() -> None:
    """E22, E71."""
    world = World("SN 100")
    world.authorize(40)
    first = world.answer

    assert world.authorize(40) == "REPLAYED APPLIED"
    assert world.last == Replay(first.sequence, bet=first.bet)
    world.settle(90)
    world.unsettle(2)
    world.settle(10, portion="a", stake=15)
    assert world.authorize(40) == "REPLAYED APPLIED"
    assert world.last == Replay(first.sequence, bet=first.bet)
    assert world.balances == vector("SN 70, O:SN 25")


def test_a_bet_that_was_rolled_back_is_not_placed_again() -> None:
    world = World("SN 100")
    world.authorize(40)
    world.roll_back()

    assert world.authorize(40) == "REPLAYED APPLIED"
    assert world.balances == {"SN": 100}


def test_a_reference_belongs_to_its_provider() -> None:
    world = World("SN 100, CN 100")

    assert world.authorize(40) == "APPLIED"
    assert world.authorize(41, provider="slots") == "APPLIED"
    assert world.balances == vector("SN 60, O:SN 40, CN 59, O:CN 41")


def test_a_declined_bet_may_be_a_new_attempt() -> None:
    world = World("SN 10", NEW_ATTEMPT)
    world.authorize(40)

    assert world.authorize(40) == "INSUFFICIENT_FUNDS"
    assert world.bet().sequence == 3
    assert world.authorize(9) == "TRANSACTION_PAYLOAD_MISMATCH"
    world.deposit(100)
    assert world.authorize(40) == "APPLIED"
    assert (world.bet().state, world.bet().sequence) == (BetState.AUTHORIZED, 5)
    assert world.bet().refusal is None
    assert world.balances == vector("SN 70, O:SN 40")


def test_only_a_declined_bet_is_a_new_attempt() -> None:
    world = World("SN 100", NEW_ATTEMPT)
    world.authorize(40)
    world.roll_back("late")

    assert world.authorize(40) == "REPLAYED APPLIED"
    assert world.authorize(41) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.authorize(40, "late") == "BET_TOMBSTONED"


def test_the_same_request_gets_the_same_answer_even_where_it_would_be_a_new_attempt() -> None:
    world = World("SN 10", NEW_ATTEMPT)
    command = AuthorizeBet(BetKey("sports", "b1"), Amount("EUR", 40))
    world.run(command, "same")
    world.deposit(100)

    assert world.run(command, "same") == "REPEATED INSUFFICIENT_FUNDS"
    assert world.balances == {"SN": 110}


def test_a_declined_bet_that_was_rolled_back_is_no_new_attempt() -> None:
    world = World("SN 10", NEW_ATTEMPT)
    assert world.authorize(40) == "INSUFFICIENT_FUNDS"
    assert world.roll_back() == "PARENT_DECLINED"
    world.deposit(100, "SN")

    assert world.authorize(40) == "REPLAYED INSUFFICIENT_FUNDS"
    assert world.balances == {"SN": 110}
