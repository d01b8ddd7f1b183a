"""What transfers keep and say, down to the fields that few look at."""

from dataclasses import replace
from datetime import date

from tests.core.rolling.rolling_world import POINTS_EDGE, RollingWorld, with_edges
from tests.core.rules import TOPOLOGY
from tests.core.world import START
from wallet_server.core.config.topology import BucketStatus, TransferEdge
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import (
    BucketDraining,
    BucketFrozen,
    CurrencyMismatch,
    TransferEdgeNotAllowed,
)
from wallet_server.core.rolling.requirement import RequirementOrigin, RollingTerms
from wallet_server.core.transfers.edge_usage import EdgeUsage, usage_key

CAPPED = TransferEdge("SN", "CN", daily_cap=100)


def test_refusals_of_transfers_name_what_they_are_about() -> None:
    world = RollingWorld("SN 30", frozen="SN")

    assert world.transfer(5, "SN", "WD") == "TRANSFER_EDGE_NOT_ALLOWED"
    assert world.refusal == TransferEdgeNotAllowed("SN", "WD")
    assert world.transfer(5, asset_code="USD") == "CURRENCY_MISMATCH"
    assert world.refusal == CurrencyMismatch("amount", "EUR", "USD")
    assert world.transfer(5) == "BUCKET_FROZEN"
    assert world.refusal == BucketFrozen("SN")
    buckets = tuple(
        replace(each, status=BucketStatus.DRAINING) if each.code == "CN" else each
        for each in TOPOLOGY.buckets
    )
    world = RollingWorld("SN 30")
    world.configure(replace(with_edges(CAPPED), buckets=buckets))
    assert world.transfer(5) == "BUCKET_DRAINING"
    assert world.refusal == BucketDraining("CN")


def test_a_player_who_may_do_nothing_transfers_nothing() -> None:
    world = RollingWorld("SN 30")
    world.change(status=AccountStatus.FROZEN)

    assert world.transfer(5) == "ACCOUNT_FROZEN"


def test_the_smallest_amount_is_one() -> None:
    world = RollingWorld("SN 30")

    assert world.transfer(1) == "APPLIED"
    assert world.entry.asset_code == "EUR"
    assert world.balances == {"SN": 29, "CN": 1}


def test_what_is_used_of_a_cap_is_kept_by_its_edge() -> None:
    world = RollingWorld("SN 300", edges=(CAPPED,))
    assert world.transfer(60) == "APPLIED"
    key = ItemKey(ItemKind.EDGE_USAGE, "SN CN")
    first = EdgeUsage(
        "SN", "CN", date(2026, 1, 1), 60, world.answer.sequence, world.answer.answer_time
    )
    assert usage_key("SN", "CN") == key
    assert world.wallet.items[key] == first

    assert world.transfer(40) == "APPLIED"
    assert world.wallet.items[key] == replace(first, amount=100, revision=2)

    world.requests += 12 * 3600
    assert world.transfer(70) == "APPLIED"
    tomorrow = replace(first, day=date(2026, 1, 2), amount=70, revision=3)
    assert world.wallet.items[key] == tomorrow


def test_two_edges_have_a_cap_each() -> None:
    back = TransferEdge("CN", "SN", daily_cap=100)
    world = RollingWorld("SN 100, CN 100", edges=(CAPPED, back))

    assert world.transfer(100) == "APPLIED"
    assert world.transfer(100, "CN", "SN") == "APPLIED"
    assert world.transfer(1) == "TRANSFER_CAP"


def test_an_edge_without_a_cap_keeps_nothing() -> None:
    world = RollingWorld("SN 100")

    assert world.transfer(50) == "APPLIED"
    assert world.wallet.items == {}


def test_the_requirement_that_a_transfer_opens_is_its_own() -> None:
    world = RollingWorld("PT 1000", edges=(POINTS_EDGE,))

    assert world.transfer(500, "PT", "SN", "PTS") == "APPLIED"

    (opened,) = world.requirements
    number = world.answer.sequence
    assert (opened.bucket, opened.asset_code, opened.amount) == ("SN", "EUR", 50)
    assert (opened.origin, opened.origin_id) == (RequirementOrigin.TRANSFER, str(number))
    assert opened.terms == RollingTerms(10_000)
    assert (opened.sequence, opened.opened_sequence) == (number, number)
    assert opened.create_time == world.answer.answer_time > START


def test_an_edge_may_be_there_twice_and_closed_once() -> None:
    closed = TransferEdge("SN", "CN", enabled=False)
    world = RollingWorld("SN 100", edges=(closed, TransferEdge("CN", "SN"), CAPPED))

    assert world.transfer(50) == "APPLIED"
