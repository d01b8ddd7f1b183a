"""What is told of bets."""

from tests.core.events.told import events, types
from tests.core.rolling.rolling_world import RollingWorld, requirement
from tests.core.world import World, shortened
from wallet_server.core.events.bet_payloads import (
    BetAuthorized,
    BetContribution,
    BetDeclined,
    BetRolledBack,
    BetSettled,
    BetTombstoned,
    BetUnsettled,
    CountedTotal,
    SourceAmount,
)
from wallet_server.core.events.event import CommandAnswered
from wallet_server.core.events.item_payloads import DebtChanged


def changes(payload: BetSettled | BetUnsettled | BetRolledBack) -> dict[str, int]:
    """Returns what is told of accounts, by their short names."""
    return shortened({each.account: each.change for each in payload.changes})


def test_a_bet_is_told_with_what_paid_for_it_and_then_with_what_it_did() -> None:
    world = World("SN 80, SB 20")

    world.authorize(100)
    (placed,) = events(world)
    world.settle(240)
    (settled,) = events(world)

    assert (placed.sequence, settled.sequence) == (1, 2)
    assert isinstance(placed.payload, BetAuthorized)
    assert placed.payload.funding == (SourceAmount("SB", 20), SourceAmount("SN", 80))
    assert (placed.payload.revision, placed.payload.stake) == (1, 100)
    assert isinstance(settled.payload, BetSettled)
    assert (settled.payload.state, settled.payload.bet_result_kind) == ("SETTLED", "WON")
    assert (settled.payload.payout, settled.payload.revision) == (240, 2)
    assert changes(settled.payload) == world.posted


def test_the_results_of_portions_are_told_one_by_one_and_their_changes_once() -> None:
    world = World("SN 100")
    world.authorize(100)

    world.settle(50, portion="a", stake=40)
    (first,) = events(world)
    world.settle(0, portion="b", stake=60)
    (second,) = events(world)
    world.unsettle(2, "a", "b")
    back = [each.payload for each in events(world)]

    assert isinstance(first.payload, BetSettled)
    assert (first.payload.state, first.payload.bet_result_kind) == ("PARTIALLY_SETTLED", "")
    assert isinstance(second.payload, BetSettled)
    assert (second.payload.result_kind, second.payload.bet_result_kind) == ("LOST", "MIXED")
    assert types(world) == ["BET_UNSETTLED", "BET_UNSETTLED"]
    one, other = back
    assert isinstance(one, BetUnsettled)
    assert isinstance(other, BetUnsettled)
    assert (one.portion_ref, one.previous_payout, one.result_version) == ("a", 50, 2)
    assert (other.portion_ref, other.changes) == ("b", ())
    assert changes(one) == world.posted


def test_a_correction_tells_what_was_before() -> None:
    world = World("SN 100")
    world.authorize(100)
    world.settle(240)

    world.settle(150, version=2)

    (event,) = events(world)
    assert isinstance(event.payload, BetSettled)
    assert (event.payload.payout, event.payload.previous_payout) == (150, 240)
    assert changes(event.payload) == {"SN": -90, "GAME": 90}


def test_debt_is_told_when_it_arises_and_when_it_goes() -> None:
    world = World("SN 100")
    world.authorize(100)
    world.settle(240)
    world.adjust(-200)

    world.roll_back()
    incurred = events(world)
    world.authorize(100, "b2")
    assert types(world) == ["BET_DECLINED"]

    assert [each.type.value for each in incurred] == ["BET_ROLLED_BACK", "DEBT_INCURRED"]
    assert incurred[1].payload == DebtChanged("EUR", 100, 100)
    world.deposit(30)
    world.authorize(30, "b3")
    world.settle(80, "b3")
    assert types(world) == ["BET_SETTLED", "DEBT_RECOVERED"]
    assert events(world)[-1].payload == DebtChanged("EUR", 80, 20)


def test_what_never_was_placed_is_told_too() -> None:
    world = World("SN 100")

    world.authorize(200)
    (declined,) = events(world)
    world.roll_back("late")
    (tombstoned,) = events(world)

    assert declined.payload == BetDeclined("sports", "b1", 1, 200, "INSUFFICIENT_FUNDS")
    assert tombstoned.payload == BetTombstoned("sports", "late", 1)


def test_what_changes_nothing_is_told_as_answered() -> None:
    world = World("SN 100")
    world.authorize(100)
    world.settle(0)

    world.settle(0)
    (again,) = events(world)
    world.settle(90)
    (conflict,) = events(world)

    assert again.payload == CommandAnswered("SettleBet", outcome="ALREADY_APPLIED")
    assert conflict.payload == CommandAnswered("SettleBet", reason="RESULT_VERSION_CONFLICT")


def test_what_a_bet_counts_is_told_absolutely_with_its_revision() -> None:
    world = RollingWorld("SN 200", requirement("RQ1", required=900))
    world.place(100)
    assert types(world) == ["BET_AUTHORIZED"]

    told: list[tuple[int, CountedTotal]] = []
    for command in (
        lambda: world.settle(150),
        lambda: world.unsettle(2),
        lambda: world.settle(0, version=3, refund=50),
    ):
        command()
        last = events(world)[-1].payload
        assert isinstance(last, BetContribution)
        (counted,) = last.requirements
        told.append((last.revision, counted))

    assert told == [
        (2, CountedTotal("RQ1", "SN", 100, 10_000, "sports")),
        (3, CountedTotal("RQ1", "SN", 0, 10_000, "sports")),
        (4, CountedTotal("RQ1", "SN", 50, 10_000, "sports")),
    ]
