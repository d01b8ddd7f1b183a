"""What is told of requirements, transfers, withdrawals and adjustments."""

from tests.core.cashier.bonuses import with_bonus
from tests.core.cashier.withdrawal_world import BY_TIME, WithdrawalWorld, ruled
from tests.core.events.told import events, types
from tests.core.rolling.rolling_world import RollingWorld, requirement
from tests.core.world import World
from wallet_server.core.events.item_payloads import (
    EntryPosted,
    RequirementChanged,
    RollingSplit,
    TransferCompleted,
    WithdrawalChanged,
)
from wallet_server.core.rolling.requirement import RollingTerms


def test_a_transfer_tells_what_it_took_along() -> None:
    world = RollingWorld("SN 300", requirement("RQ1", required=600))

    world.transfer(100)

    assert types(world) == ["TRANSFER_COMPLETED", "ROLLING_SPLIT", "ENTRY_POSTED"]
    transferred, split, posted = (each.payload for each in events(world))
    assert transferred == TransferCompleted("SN", "CN", "EUR", 100, "EUR", 100, "", 200)
    assert isinstance(split, RollingSplit)
    assert (split.parent.required, split.child.required, split.moved_remaining) == (400, 200, 200)
    assert isinstance(posted, EntryPosted)
    assert posted.changes == world.entry.changes


def test_all_that_is_transferred_ends_the_parent() -> None:
    world = RollingWorld("SN 300", requirement("RQ1", required=600))

    world.transfer(300)

    assert types(world) == ["TRANSFER_COMPLETED", "ROLLING_SPLIT", "ROLLING_ENDED", "ENTRY_POSTED"]


def test_an_exchange_tells_both_assets() -> None:
    world = RollingWorld("PT 200")

    world.transfer(200, "PT", "SN", asset_code="PTS")

    assert types(world) == [
        "TRANSFER_COMPLETED",
        "ROLLING_OPENED",
        "ENTRY_POSTED",
        "ENTRY_POSTED",
    ]
    told = events(world)[0].payload
    assert told == TransferCompleted("PT", "SN", "PTS", 200, "EUR", 20, "TRANSFER:2")


def test_a_requirement_is_told_as_it_goes_to_its_end_and_back() -> None:
    terms = RollingTerms(multiplier_bp=10_000, release_target="WD")
    world = RollingWorld("SN 200", requirement("RQ1", required=100, terms=terms))
    world.place(100)

    world.settle(100)
    assert types(world) == ["BET_SETTLED", "BET_CONTRIBUTION", "ROLLING_FULFILLED"]
    world.unsettle(2)
    assert types(world) == ["BET_UNSETTLED", "BET_CONTRIBUTION", "ROLLING_REOPENED"]
    world.settle(100, version=3)
    world.complete()

    assert types(world) == ["ROLLING_RELEASED", "ENTRY_POSTED"]
    released = events(world)[0].payload
    assert isinstance(released, RequirementChanged)
    assert (released.previous_state, released.released_now) == ("FULFILLED", 200)


def test_progress_alone_is_told_with_the_bet() -> None:
    world = RollingWorld("SN 200", requirement("RQ1", required=900))
    world.place(100)

    world.settle(0)

    assert types(world) == ["BET_SETTLED", "BET_CONTRIBUTION"]


def test_a_withdrawal_is_told_step_by_step() -> None:
    world = WithdrawalWorld("WD 100")

    world.request(60, "w1")
    assert types(world) == ["WITHDRAWAL_REQUESTED", "ENTRY_POSTED"]
    world.approve("w1")
    assert types(world) == ["WITHDRAWAL_APPROVED"]
    world.submit("w1")
    assert types(world) == ["WITHDRAWAL_SUBMITTED"]
    world.confirm(name="w1")

    assert types(world) == ["WITHDRAWAL_PAID", "ENTRY_POSTED"]
    paid = events(world)[0].payload
    assert isinstance(paid, WithdrawalChanged)
    assert (paid.previous_state, paid.withdrawal.paid) == ("SUBMITTED", 60)


def test_a_withdrawal_that_gives_its_forfeits_to_another_is_told_as_changed() -> None:
    world = with_bonus("SN 100, SB 25")
    world.request(1, "w1", accept=True)
    assert types(world) == ["WITHDRAWAL_REQUESTED", "ROLLING_SUSPENDED", "ENTRY_POSTED"]
    world.bring_to_submitted(99, "w2", accept=True)

    world.cancel_withdrawal("w1")

    assert types(world) == ["WITHDRAWAL_CHANGED", "WITHDRAWAL_CANCELLED", "ENTRY_POSTED"]


def test_a_withdrawal_that_time_may_approve_is_told_with_its_queue() -> None:
    world = WithdrawalWorld("WD 100", ruled(BY_TIME))

    world.request(50, "w1")

    told = events(world)[0].payload
    assert isinstance(told, WithdrawalChanged)
    assert (told.withdrawal.state, told.withdrawal.queue) == ("PENDING_REVIEW", "AUTOMATIC")
    assert told.previous_state == ""


def test_an_adjustment_without_a_name_is_told_by_its_entry() -> None:
    world = World("SN 100")

    world.adjust(5)

    (event,) = events(world)
    assert event.payload == EntryPosted(0, "EUR", changes=world.entry.changes)


def test_events_are_numbered_on_over_commands() -> None:
    world = RollingWorld("SN 300", requirement("RQ1", required=600))

    world.transfer(100)
    world.place(50)

    (event,) = events(world)
    assert event.sequence == 4
    assert world.wallet.event_sequence == 4
