"""What may be withdrawn, and why the rest may not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.cashier.withdrawal_world import WithdrawalWorld, withdrawing
from tests.core.rolling.rolling_world import requirement
from tests.core.world import START
from wallet_server.core.config.topology import LockMode, Withdrawable
from wallet_server.core.rolling.requirement import RequirementState, RollingTerms

BINARY = LockMode.BINARY
NONE = LockMode.NONE
CAPPED = RollingTerms(multiplier_bp=10_000, conversion_cap=100)


def parts(world: WithdrawalWorld) -> dict[str, tuple[int, int, str]]:
    """Returns what may be withdrawn of each bucket, what may not, and why."""
    return {
        each.bucket: (each.withdrawable, each.locked, each.reason.value if each.reason else "")
        for each in world.money.parts
    }


def test_every_bucket_of_the_currency_is_told_of_in_the_order_of_the_topology() -> None:
    world = WithdrawalWorld("SN 1, CN 2, SB 3, CB 4, PT 5, WD 6", frozen="CN")

    assert list(parts(world).items()) == [
        ("SN", (1, 0, "")),
        ("CN", (0, 2, "BUCKET_FROZEN")),
        ("SB", (0, 3, "NOT_WITHDRAWABLE")),
        ("CB", (0, 4, "NOT_WITHDRAWABLE")),
        ("WD", (6, 0, "")),
    ]
    assert world.money.total == 7
    assert world.money.locked_by_rolling == 0


def test_a_bucket_that_no_withdrawal_takes_from_counts_nothing() -> None:
    world = WithdrawalWorld("SN 10, WD 5", withdrawing(order=("WD",)))

    assert parts(world)["SN"] == (0, 10, "NOT_WITHDRAWABLE")
    assert world.request(6) == "INSUFFICIENT_WITHDRAWABLE"
    assert world.refusal.details() == {"required": 6, "withdrawable": 5}


@pytest.mark.parametrize(
    ("lock_mode", "state", "locked"),
    [
        (BINARY, "PENDING", True),
        (BINARY, "ACTIVE", True),
        (BINARY, "SUSPENDED", True),
        (BINARY, "FULFILLED", False),
        (BINARY, "RELEASED", False),
        (BINARY, "CANCELLED", False),
        (NONE, "ACTIVE", False),
    ],
)
def test_own_money_is_locked_by_open_rolling_where_the_topology_says_so(
    *, lock_mode: LockMode, state: str, locked: bool
) -> None:
    found = requirement(required=60, state=RequirementState(state))
    world = WithdrawalWorld("SN 100", withdrawing(lock_mode), items=(found,))

    assert parts(world)["SN"] == ((0, 100, "ROLLING_OPEN") if locked else (100, 0, ""))


def test_own_money_is_locked_no_longer_than_the_requirement_has_time() -> None:
    found = replace(requirement(required=60), expire_time=START + timedelta(hours=1))
    world = WithdrawalWorld("SN 100", withdrawing(BINARY), items=(found,))

    assert world.money.total == 0
    world.later(minutes=59, seconds=59)
    assert world.money.total == 0
    world.later(seconds=1)
    assert world.money.total == 100


@pytest.mark.parametrize(
    ("terms", "state", "locked"),
    [
        (RollingTerms(multiplier_bp=10_000), "ACTIVE", True),
        (RollingTerms(multiplier_bp=10_000), "FULFILLED", False),
        (CAPPED, "FULFILLED", True),
        (CAPPED, "RELEASED", False),
    ],
)
def test_a_bonus_that_may_leave_after_rolling_waits_for_it(
    *, terms: RollingTerms, state: str, locked: bool
) -> None:
    shape = withdrawing(order=("WD", "SB"), SB=Withdrawable.AFTER_ROLLING)
    progress = 0 if state == "ACTIVE" else 60
    found = requirement(
        bucket="SB", required=60, progress=progress, terms=terms, state=RequirementState(state)
    )
    world = WithdrawalWorld("SB 180", shape, items=(found,))

    assert parts(world)["SB"] == ((0, 180, "ROLLING_OPEN") if locked else (180, 0, ""))


def test_what_remains_is_summed_over_the_requirements_that_lock_any_money() -> None:
    items = (
        requirement("RQ1", "SN", 60, order=1),
        requirement("RQ2", "SN", 40, progress=10, order=2),
        requirement("RQ3", "CN", 500, order=3),
    )
    world = WithdrawalWorld("SN 100, WD 40", withdrawing(BINARY), items=items)

    assert world.request(41) == "ROLLING_OPEN"
    assert world.refusal.details() == {"withdrawable": 40, "locked": 100, "remaining": 90}


def test_a_requirement_on_an_empty_bucket_is_no_reason() -> None:
    empty = requirement("RQ1", "CN", 500)
    world = WithdrawalWorld("WD 40", withdrawing(BINARY), items=(empty,))

    assert world.request(41) == "INSUFFICIENT_WITHDRAWABLE"
