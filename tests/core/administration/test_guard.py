"""Every blocker, by something small that provokes it, and how all are told at once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.core.administration.versions import (
    COUNTED,
    RETIRED_GIFT,
    active,
    reasons,
    using,
)
from tests.core.config.topologies import REMOVE, policy, topology
from wallet_server.core.administration.blocker import Blocker, BlockerReason, Total
from wallet_server.core.administration.circumstances import References
from wallet_server.core.administration.drain import Drain, DrainState
from wallet_server.core.administration.guard import find_blockers
from wallet_server.core.administration.guard_usage import REASON_BY_KIND
from wallet_server.core.administration.usage import UsageKind
from wallet_server.core.config.documents import Document
from wallet_server.core.config.version import Versioned
from wallet_server.core.config.wallet_policy import WalletPolicy

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WITHOUT_GIFT = topology(("buckets.1", REMOVE), RETIRED_GIFT)


def versions(*documents: Document) -> list[Versioned[Document]]:
    return [Versioned(each.version, each.value) for each in active(*documents)]


def drain(bucket: str, successor: str) -> Drain:
    names = ("demo", f"{bucket}-{successor}", bucket, successor)
    return Drain(*names, DrainState.RUNNING, 1, "anna", "bert", NOW, NOW)


def test_nothing_is_in_the_way_of_the_same_or_of_more() -> None:
    more = topology(("buckets.4", {"code": "fee", "wallet_group": "club", "bucket_class": "CASH"}))

    assert find_blockers(topology(), topology(), versions(policy()), References()) == ()
    assert find_blockers(topology(), more, versions(policy(), WalletPolicy()), References()) == ()
    assert find_blockers(None, topology(), versions(policy()), References()) == ()


def test_an_unused_bucket_may_go() -> None:
    assert find_blockers(topology(), WITHOUT_GIFT, [], COUNTED) == ()


@pytest.mark.parametrize("kind", UsageKind)
def test_whatever_refers_to_a_bucket_keeps_it(kind: UsageKind) -> None:
    references = using(
        ("gift", kind, "EUR", 2, 140),
        ("gift", kind, "USD", 1, 7),
        ("own", kind, "EUR", 9, 900),
    )

    found = find_blockers(topology(), WITHOUT_GIFT, [], references)

    assert reasons(found) == [(REASON_BY_KIND[kind].value, "gift")]
    assert found[0].count == 3
    assert found[0].totals == (Total("EUR", 140), Total("USD", 7))
    assert "gift" in found[0].message
    assert "3" in found[0].message


def test_things_without_money_and_money_without_things_are_in_the_way_alike() -> None:
    grants = using(("gift", UsageKind.COUPON, "EUR", 3, 0))
    odd = using(("gift", UsageKind.BALANCE, "EUR", 0, 5))
    none = using(("gift", UsageKind.BALANCE, "EUR", 0, 0))

    found = find_blockers(topology(), WITHOUT_GIFT, [], grants)
    assert (found[0].count, found[0].totals) == (3, ())
    assert reasons(find_blockers(topology(), WITHOUT_GIFT, [], odd)) == [
        ("NONZERO_BALANCE", "gift")
    ]
    assert find_blockers(topology(), WITHOUT_GIFT, [], none) == ()


def test_up_to_twenty_are_named() -> None:
    names = tuple(f"w{number}" for number in range(25))
    usage = using(("gift", UsageKind.BALANCE, "EUR", 25, 1)).usage
    examples = {("gift", UsageKind.BALANCE): names, ("own", UsageKind.BALANCE): ("other",)}

    found = find_blockers(
        topology(),
        WITHOUT_GIFT,
        [],
        References(True, usage, examples=examples),
    )

    assert found[0].examples == names[:20]
    assert found[0].count == 25


def test_what_nobody_has_counted_may_not_go() -> None:
    usage = using(("gift", UsageKind.BALANCE, "EUR", 25, 1)).usage

    found = find_blockers(topology(), WITHOUT_GIFT, [], References(usage=usage))

    assert reasons(found) == [("USAGE_NOT_COUNTED", "gift")]
    assert find_blockers(topology(), topology(), [], References(usage=usage)) == ()


@pytest.mark.parametrize(
    ("edits", "reason", "subject"),
    [
        ([("assets.1", REMOVE)], "ASSET_REMOVED", "PTS"),
        ([("assets.0.exponent", 3)], "ASSET_ATTRIBUTE_IMMUTABLE", "EUR"),
        ([("buckets.2.asset_code", "PT2")], "BUCKET_ATTRIBUTE_IMMUTABLE", "stars"),
        ([("buckets.0.depositable", False)], "NO_DEPOSITABLE_BUCKET", "play"),
        ([("buckets.1", REMOVE)], "MISSING_SUCCESSOR", "gift"),
        ([("buckets.4", {"code": "old", "wallet_group": "play", "bucket_class": "CASH"})], "RETIRED_CODE_REUSED", "old"),
        ([("retired_buckets", [])], "RETIRED_CODE_FORGOTTEN", "old"),
        ([("retired_buckets.0.successor", "stars")], "SUCCESSOR_ASSET_DIFFERS", "old"),
        ([("retired_buckets.0.successor", "gift")], "SUCCESSOR_NOT_OWN_MONEY", "old"),
    ],
)  # fmt: skip
def test_what_may_not_change_is_in_the_way_whatever_is_in_use(
    edits: list[tuple[str, Any]], reason: str, subject: str
) -> None:
    found = find_blockers(topology(), topology(*edits), [], COUNTED)

    assert reasons(found) == [(reason, subject)]


def test_a_code_that_was_retired_once_is_in_the_way() -> None:
    found = find_blockers(topology(), topology(), [], COUNTED, frozenset({"free"}))

    assert reasons(found) == [("RETIRED_CODE_REUSED", "free")]


def test_edges_and_orders_that_still_name_a_bucket_are_in_the_way() -> None:
    edge = {"source": "gift", "target": "own"}
    proposed = topology(
        ("buckets.1", REMOVE),
        RETIRED_GIFT,
        ("transfer_edges.2", edge),
        ("withdraw_order.1", "gift"),
    )

    assert find_blockers(topology(), proposed, [], COUNTED) == (
        Blocker(
            BlockerReason.EDGE_REFERENCE,
            "gift",
            "gift is gone, and is named in gift → own, withdraw_order",
            count=2,
            examples=("gift → own", "withdraw_order"),
        ),
    )


def test_a_drain_that_is_not_over_is_in_the_way_from_both_ends() -> None:
    drains = (drain("gift", "own"), drain("free", "gift"), drain("free", "own"))

    found = find_blockers(topology(), WITHOUT_GIFT, [], References(True, {}, drains))

    assert reasons(found) == [("DRAIN_UNDER_WAY", "gift")]
    assert (found[0].count, found[0].examples) == (2, ("gift-own", "free-gift"))


def test_a_policy_that_names_what_goes_is_one_blocker_with_its_places() -> None:
    found = find_blockers(topology(), WITHOUT_GIFT, versions(policy()), COUNTED)

    assert found == (
        Blocker(
            BlockerReason.POLICY_REFERENCE,
            "Policy GAMES v5",
            "auto_order.order[0]: gift is retired; own took its place; "
            "destinations[0].source: gift is retired; own took its place",
            count=2,
            examples=("auto_order.order[0]", "destinations[0].source"),
        ),
    )


def test_a_policy_that_is_wrong_in_the_topology_for_anything_else_is_in_the_way_too() -> None:
    locked = topology(("buckets.1", REMOVE), RETIRED_GIFT, ("buckets.0.lock_mode", "BINARY"))
    always_wrong = policy(("provider_type", "SLOTS"), ("auto_order.order.0", "vip"))

    found = find_blockers(
        topology(), locked, versions(WalletPolicy(jurisdiction="UK"), always_wrong), COUNTED
    )

    assert reasons(found) == [
        ("POLICY_REFERENCE", "Policy SLOTS v6"),
        ("POLICY_INVALID", "Policy SLOTS v6"),
        ("POLICY_INVALID", "WalletPolicy v5"),
    ]
    assert found[1].examples == ("auto_order.order[0]",)


def test_the_law_has_its_say_of_a_topologys_edges() -> None:
    wagered = topology(("transfer_edges.0.opens_rolling_bp", 100_001))
    british = WalletPolicy(jurisdiction="UK")
    before = {
        each.message for each in find_blockers(topology(), topology(), versions(british), COUNTED)
    }

    found = find_blockers(topology(), wagered, versions(british), COUNTED)

    assert reasons(found) == [("POLICY_INVALID", "WalletPolicy v5")]
    assert "transfer_edges[0].opens_rolling_bp" in found[0].examples
    assert found[0].message not in before


def test_all_blockers_are_told_at_once_sorted_by_reason_and_subject() -> None:
    without_both = topology(
        ("buckets", topology_buckets("own", "free")),
        ("transfer_edges", []),
        ("retired_buckets.1", {"code": "gift", "successor": "own"}),
    )
    references = using(
        ("stars", UsageKind.BALANCE, "PTS", 1, 10),
        ("gift", UsageKind.DEPOSIT, "EUR", 1, 10),
        ("gift", UsageKind.BALANCE, "EUR", 1, 10),
    )

    found = find_blockers(topology(), without_both, versions(policy()), references)

    assert reasons(found) == [
        ("NONZERO_BALANCE", "gift"),
        ("NONZERO_BALANCE", "stars"),
        ("PENDING_DEPOSIT", "gift"),
        ("POLICY_REFERENCE", "Policy GAMES v5"),
        ("MISSING_SUCCESSOR", "stars"),
    ]


def topology_buckets(*codes: str) -> list[dict[str, Any]]:
    by_code = {
        "own": {"code": "own", "wallet_group": "play", "bucket_class": "CASH", "depositable": True},
        "free": {
            "code": "free",
            "wallet_group": "play",
            "bucket_class": "WITHDRAWABLE",
            "withdrawable": "ALWAYS",
        },
    }
    return [by_code[code] for code in codes]
