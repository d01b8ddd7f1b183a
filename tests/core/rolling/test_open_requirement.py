"""Opening requirements."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.rolling.rolling_world import UNLOCK, requirement
from tests.core.rules import configuration
from tests.core.world import REF, START
from wallet_server.core.amounts import INT64_MAX
from wallet_server.core.draft import Draft
from wallet_server.core.items import LIVE_ITEMS_MAX
from wallet_server.core.refusals import DestinationUnknown, ItemLimit, Refusal
from wallet_server.core.rolling.open_requirement import find_excess, open_requirement
from wallet_server.core.rolling.requirement import (
    Requirement,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)
from wallet_server.core.wallet import Wallet


def draft_with(count: int = 0) -> Draft:
    items = [requirement(f"r{number}") for number in range(count)]
    wallet = Wallet(REF, 7, START, START, items={each.key: each for each in items})
    return Draft(wallet, configuration(version=3), START)


def opened(
    terms: RollingTerms, *, bucket: str = "SB", amount: int = 30, draft: Draft | None = None
) -> Requirement | Refusal:
    return open_requirement(
        draft or draft_with(),
        bucket=bucket,
        asset_code="EUR",
        amount=amount,
        terms=terms,
        origin=RequirementOrigin.PROMOTION,
        origin_id="p1",
    )


def test_it_keeps_what_it_was_opened_under() -> None:
    draft = draft_with()
    terms = RollingTerms(50_000, release_target="WD", expires_after_seconds=60)
    found = opened(terms, draft=draft)

    assert isinstance(found, Requirement)
    assert draft.item(found.key, Requirement) == found
    assert found.requirement_id == "PROMOTION:p1"
    assert (found.required, found.amount, found.remaining) == (150, 30, 150)
    assert (found.state, found.wallet_group) == (RequirementState.ACTIVE, "sports")
    assert (found.topology_version, found.wallet_policy_version) == (3, 3)
    assert (found.sequence, found.opened_sequence) == (8, 8)
    assert found.due_time == START + timedelta(seconds=60)


def test_what_must_be_wagered_is_rounded_up() -> None:
    found = opened(RollingTerms(3_334), amount=1)

    assert isinstance(found, Requirement)
    assert found.required == 1


def test_a_multiple_of_nothing_is_fulfilled() -> None:
    found = opened(RollingTerms(0))

    assert isinstance(found, Requirement)
    assert found.state is RequirementState.FULFILLED


@pytest.mark.parametrize(
    ("terms", "bucket", "amount", "reason"),
    [
        (UNLOCK, "XX", 1, "BUCKET_UNKNOWN_IN_TOPOLOGY"),
        (replace(UNLOCK, release_target="XX"), "SB", 1, "DESTINATION_UNKNOWN"),
        (replace(UNLOCK, release_target="PT"), "SB", 1, "DESTINATION_UNKNOWN"),
        (replace(UNLOCK, release_target="CB"), "SN", 1, "DESTINATION_UNKNOWN"),
        (replace(UNLOCK, release_target="CB"), "SB", 1, "DESTINATION_UNKNOWN"),
        (RollingTerms(10_001), "SB", INT64_MAX, "AMOUNT_OUT_OF_RANGE"),
    ],
)
def test_what_cannot_be_is_refused(
    terms: RollingTerms, bucket: str, amount: int, reason: str
) -> None:
    found = opened(terms, bucket=bucket, amount=amount)

    assert isinstance(found, Refusal)
    assert found.reason == reason


def test_points_are_not_released_into_points() -> None:
    found = open_requirement(
        draft_with(),
        bucket="PT",
        asset_code="PTS",
        amount=1,
        terms=replace(UNLOCK, release_target="PT"),
        origin=RequirementOrigin.PROMOTION,
        origin_id="p1",
    )

    assert found == DestinationUnknown("PT")


@pytest.mark.parametrize("target", ["SN", "CN", "WD"])
def test_what_is_released_may_go_to_any_of_the_players_own_money(target: str) -> None:
    assert isinstance(opened(replace(UNLOCK, release_target=target)), Requirement)


def test_a_wallet_may_have_so_many_and_no_more() -> None:
    assert isinstance(opened(UNLOCK, draft=draft_with(LIVE_ITEMS_MAX - 1)), Requirement)
    assert opened(UNLOCK, draft=draft_with(LIVE_ITEMS_MAX)) == ItemLimit(LIVE_ITEMS_MAX)
    assert opened(UNLOCK, draft=draft_with(LIVE_ITEMS_MAX + 1)) == ItemLimit(LIVE_ITEMS_MAX)


def test_what_makes_no_more_goes_on_where_there_are_too_many_already() -> None:
    assert find_excess(draft_with(LIVE_ITEMS_MAX + 1)) is None
