"""Every rule of meaning: a small edit of something valid, and what is then wrong."""

from typing import Any

import pytest

from tests.core.config.topologies import REMOVE, found, policy, topology
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.validation import (
    find_configuration_problems,
    find_incompatibilities,
    find_policy_problems,
    find_profile_problems,
    find_topology_problems,
)
from wallet_server.core.config.wallet_policy import WalletPolicy

PROFILE = ProviderProfile("acme", "GAMES")


def test_nothing_is_wrong_with_what_the_tables_start_from() -> None:
    assert find_topology_problems(topology()) == []
    assert find_policy_problems(policy(), topology()) == []
    assert find_incompatibilities(topology(), topology()) == []
    assert find_configuration_problems([topology(), WalletPolicy(), policy(), PROFILE]) == []


@pytest.mark.parametrize(
    ("at", "value", "path", "reason"),
    [
        # Assets and groups.
        ("assets.2", {"code": "EUR", "exponent": 2, "kind": "CURRENCY"}, "assets[2].code", "DUPLICATE"),
        ("assets.0.kind", "POINTS", "assets", "NO_CURRENCY"),
        ("wallet_groups.2", {"code": "play"}, "wallet_groups[2].code", "DUPLICATE"),
        # Buckets by themselves.
        ("buckets.0.wallet_group", "work", "buckets[0].wallet_group", "UNKNOWN_GROUP"),
        ("buckets.2.asset_code", "XYZ", "buckets[2].asset_code", "UNKNOWN_ASSET"),
        ("buckets.2.asset_code", "EUR", "buckets[2].asset_code", "POINTS_ASSET_REQUIRED"),
        ("buckets.1.asset_code", "EUR", "buckets[1].asset_code", "WALLET_CURRENCY_REQUIRED"),
        ("buckets.1.asset_code", "PTS", "buckets[1].asset_code", "WALLET_CURRENCY_REQUIRED"),
        ("buckets.1.depositable", True, "buckets[1].depositable", "FLAG_CONTRADICTS_CLASS"),
        ("buckets.2.depositable", True, "buckets[2].depositable", "FLAG_CONTRADICTS_CLASS"),
        ("buckets.1.withdrawable", "ALWAYS", "buckets[1].withdrawable", "FLAG_CONTRADICTS_CLASS"),
        ("buckets.2.withdrawable", "AFTER_ROLLING", "buckets[2].withdrawable", "FLAG_CONTRADICTS_CLASS"),
        ("buckets.3.lock_mode", "BINARY", "buckets[3].lock_mode", "LOCK_CONTRADICTS_WITHDRAWABLE"),
        # Buckets together.
        ("buckets.4", {"code": "own", "wallet_group": "play", "bucket_class": "CASH"}, "buckets[4].code", "DUPLICATE"),
        ("buckets.0.depositable", False, "buckets", "NO_DEPOSITABLE_BUCKET"),
        ("buckets.0.status", "DRAINING", "buckets", "NO_DEPOSITABLE_BUCKET"),
        # Edges.
        ("transfer_edges.0.source", "none", "transfer_edges[0].source", "UNKNOWN_BUCKET"),
        ("transfer_edges.0.target", "none", "transfer_edges[0].target", "UNKNOWN_BUCKET"),
        ("transfer_edges.0.target", "old", "transfer_edges[0].target", "RETIRED_BUCKET"),
        ("transfer_edges.0.target", "own", "transfer_edges[0].target", "SELF_EDGE"),
        ("transfer_edges.2", {"source": "own", "target": "free"}, "transfer_edges[2]", "DUPLICATE"),
        ("transfer_edges.1.rate_numerator", 0, "transfer_edges[1].rate_numerator", "NOT_POSITIVE"),
        ("transfer_edges.1.rate_denominator", -1, "transfer_edges[1].rate_denominator", "NOT_POSITIVE"),
        ("transfer_edges.1.minimum", 0, "transfer_edges[1].minimum", "NOT_POSITIVE"),
        ("transfer_edges.1.multiple_of", 0, "transfer_edges[1].multiple_of", "NOT_POSITIVE"),
        ("transfer_edges.1.daily_cap", 0, "transfer_edges[1].daily_cap", "NOT_POSITIVE"),
        ("transfer_edges.1.daily_cap", 99, "transfer_edges[1].daily_cap", "CAP_BELOW_MINIMUM"),
        ("transfer_edges.1.opens_rolling_bp", -1, "transfer_edges[1].opens_rolling_bp", "NEGATIVE"),
        ("transfer_edges.0.rate_numerator", 2, "transfer_edges[0].rate_numerator", "SAME_ASSET_RATE"),
        ("transfer_edges.1.multiple_of", 5, "transfer_edges[1].multiple_of", "INEXACT_CONVERSION"),
        # Orders.
        ("recovery_order.0", "none", "recovery_order[0]", "UNKNOWN_BUCKET"),
        ("recovery_order.0", "gift", "recovery_order[0]", "NOT_OWN_MONEY"),
        ("recovery_order.0", "stars", "recovery_order[0]", "NOT_OWN_MONEY"),
        ("recovery_order.2", "own", "recovery_order[2]", "DUPLICATE"),
        ("withdraw_order.0", "none", "withdraw_order[0]", "UNKNOWN_BUCKET"),
        ("withdraw_order.1", "own", "withdraw_order[1]", "NOT_WITHDRAWABLE"),
        ("withdraw_order.1", "free", "withdraw_order[1]", "DUPLICATE"),
        # Retired codes.
        ("retired_buckets.0.code", "own", "retired_buckets[0].code", "RETIRED_CODE_IN_USE"),
        ("retired_buckets.0.successor", "none", "retired_buckets[0].successor", "UNKNOWN_BUCKET"),
        ("retired_buckets.1", {"code": "old", "successor": "free"}, "retired_buckets[1].code", "DUPLICATE"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_topology(at: str, value: object, path: str, reason: str) -> None:
    assert found(find_topology_problems(topology((at, value)))) == [(path, reason)]


@pytest.mark.parametrize(
    ("edits", "problems"),
    [
        # E64: an order with an unknown bucket, and a source without destinations.
        ([("auto_order.order", ["vip", "own", "free"])], [("auto_order.order[0]", "UNKNOWN_BUCKET"), ("destinations", "MISSING_DESTINATION")]),
        ([("auto_order.order", [])], [("auto_order.order", "EMPTY")]),
        ([("auto_order.order", ["own", "own"])], [("auto_order.order[1]", "DUPLICATE")]),
        ([("auto_order.order", ["own", "old"])], [("auto_order.order[1]", "RETIRED_BUCKET")]),
        ([("auto_order.order", ["stars"])], [("auto_order.order[0]", "WALLET_CURRENCY_REQUIRED"), ("destinations", "MISSING_DESTINATION")]),
        ([("destinations.2", {"source": "none", "destinations": {"stake_target": "own", "profit_target": "own"}})], [("destinations[2].source", "UNKNOWN_BUCKET")]),
        ([("destinations.2", {"source": "own", "destinations": {"stake_target": "own", "profit_target": "own"}})], [("destinations[2].source", "DUPLICATE")]),
        ([("destinations.1.destinations.stake_target", "none")], [("destinations[1].destinations.stake_target", "UNKNOWN_BUCKET")]),
        ([("destinations.1.destinations.stake_target", "old")], [("destinations[1].destinations.stake_target", "RETIRED_BUCKET")]),
        ([("destinations.1.destinations.profit_target", "none")], [("destinations[1].destinations.profit_target", "UNKNOWN_BUCKET")]),
        ([("destinations.1.destinations.profit_target", "stars")], [("destinations[1].destinations.profit_target", "WALLET_CURRENCY_REQUIRED")]),
        ([("destinations.1.destinations.profit_cap", -1)], [("destinations[1].destinations.profit_cap", "NEGATIVE")]),
        ([("destinations.1.destinations.profit_cap", 0)], []),
        ([("max_stake_with_bonus", -1)], [("max_stake_with_bonus", "NEGATIVE")]),
        ([("max_stake_with_bonus", 0)], []),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_policy(
    edits: list[tuple[str, Any]], problems: list[tuple[str, str]]
) -> None:
    assert found(find_policy_problems(policy(*edits), topology())) == problems


@pytest.mark.parametrize(
    ("mode", "content", "problems"),
    [
        ("player_selected", {"choices": [{"name": "A", "sources": ["own"]}, {"name": "B", "sources": ["own", "gift"]}]}, []),
        ("player_selected", {"choices": []}, [("player_selected.choices", "EMPTY")]),
        ("player_selected", {"choices": [{"name": "A", "sources": []}]}, [("player_selected.choices[0].sources", "SELECTABLE_SOURCE_UNRESOLVED")]),
        ("player_selected", {"choices": [{"name": "A", "sources": ["own"]}, {"name": "A", "sources": ["gift"]}]}, [("player_selected.choices[1].name", "SELECTABLE_SOURCE_UNRESOLVED")]),
        ("player_selected", {"choices": [{"name": "A", "sources": ["own", "own"]}]}, [("player_selected.choices[0].sources[1]", "DUPLICATE")]),
        ("player_selected", {"choices": [{"name": "A", "sources": ["vip"]}]}, [("player_selected.choices[0].sources[0]", "UNKNOWN_BUCKET")]),
        ("player_selected", {"choices": [{"name": "A", "sources": ["free"]}]}, [("destinations", "MISSING_DESTINATION")]),
        ("proportional", {"sources": [{"source": "own"}, {"source": "gift"}]}, []),
        ("proportional", {"sources": [{"source": "own", "weight": 0}, {"source": "gift", "weight": 3}]}, []),
        ("proportional", {"sources": []}, [("proportional.sources", "EMPTY")]),
        ("proportional", {"sources": [{"source": "own", "weight": -1}]}, [("proportional.sources[0].weight", "NEGATIVE")]),
        ("proportional", {"sources": [{"source": "own"}, {"source": "own"}]}, [("proportional.sources[1].source", "DUPLICATE")]),
        ("proportional", {"sources": [{"source": "free"}]}, [("destinations", "MISSING_DESTINATION")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_funding_mode(
    mode: str, content: object, problems: list[tuple[str, str]]
) -> None:
    edits: list[tuple[str, object]] = [("auto_order", REMOVE), (mode, content)]

    assert found(find_policy_problems(policy(*edits), topology())) == problems


def test_a_daily_cap_may_be_the_minimum() -> None:
    assert find_topology_problems(topology(("transfer_edges.1.daily_cap", 100))) == []


def test_a_draining_bucket_may_still_pay_and_get_back_what_it_paid() -> None:
    draining = topology(("buckets.1.status", "DRAINING"))

    assert find_policy_problems(policy(), draining) == []


def test_a_profile_needs_a_policy_for_its_type() -> None:
    assert find_profile_problems(PROFILE, {"GAMES"}) == []
    assert found(find_profile_problems(PROFILE, {})) == [("provider_type", "POLICY_MISSING")]


CLUB_TAKES_DEPOSITS = {
    "code": "fee",
    "wallet_group": "club",
    "bucket_class": "CASH",
    "depositable": True,
}


@pytest.mark.parametrize(
    ("edits", "problems"),
    [
        # E62: what a code means does not change.
        ([("buckets.2.asset_code", "PT2")], [("buckets[2].asset_code", "BUCKET_ATTRIBUTE_IMMUTABLE")]),
        ([("buckets.1.bucket_class", "CASH")], [("buckets[1].bucket_class", "BUCKET_ATTRIBUTE_IMMUTABLE")]),
        ([("buckets.1.wallet_group", "club")], [("buckets[1].wallet_group", "BUCKET_ATTRIBUTE_IMMUTABLE")]),
        ([("buckets.1.display_name", "Gift"), ("buckets.1.promo_creditable", True)], []),
        ([("assets.0.exponent", 3)], [("assets[0].exponent", "ASSET_ATTRIBUTE_IMMUTABLE")]),
        ([("assets.1.kind", "CURRENCY")], [("assets[1].kind", "ASSET_ATTRIBUTE_IMMUTABLE")]),
        ([("assets.1", REMOVE)], [("assets", "ASSET_REMOVED")]),
        ([("assets.2", {"code": "USD", "exponent": 2, "kind": "CURRENCY"})], []),
        ([("buckets.4.depositable", False)], [("wallet_groups[1]", "NO_DEPOSITABLE_BUCKET")]),
        ([("buckets.1", REMOVE)], [("buckets", "MISSING_SUCCESSOR")]),
        ([("buckets.1", REMOVE), ("retired_buckets.1", {"code": "gift", "successor": "own"})], []),
        ([("buckets.5", {"code": "old", "wallet_group": "play", "bucket_class": "CASH"})], [("buckets[5].code", "RETIRED_CODE_REUSED")]),
        ([("retired_buckets", [])], [("retired_buckets", "RETIRED_CODE_FORGOTTEN")]),
        ([("retired_buckets.0.successor", "free")], []),
        ([("retired_buckets.0.successor", "stars")], [("retired_buckets[0].successor", "SUCCESSOR_ASSET_DIFFERS")]),
        ([("retired_buckets.0.successor", "gift")], [("retired_buckets[0].successor", "SUCCESSOR_NOT_OWN_MONEY")]),
    ],
)  # fmt: skip
def test_what_keeps_a_topology_from_following_another(
    edits: list[tuple[str, Any]], problems: list[tuple[str, str]]
) -> None:
    current = topology(("buckets.4", CLUB_TAKES_DEPOSITS))
    proposed = topology(("buckets.4", CLUB_TAKES_DEPOSITS), *edits)

    assert found(find_incompatibilities(current, proposed)) == problems


def test_a_code_that_was_retired_once_is_never_used_again() -> None:
    assert found(find_incompatibilities(topology(), topology(), retired={"gift", "gone"})) == [
        ("buckets[1].code", "RETIRED_CODE_REUSED")
    ]


def test_everything_wrong_with_a_configuration_is_found_at_once() -> None:
    documents = [
        topology(("recovery_order.0", "gift"), ("buckets.0.lock_mode", "BINARY")),
        WalletPolicy(jurisdiction="UK"),
        policy(("destinations.1.source", "none")),
        policy(),
        PROFILE,
        ProviderProfile("lucky", "SLOTS"),
    ]

    assert found(find_configuration_problems(documents)) == [
        ("Policy GAMES", "DUPLICATE"),
        ("Topology: recovery_order[0]", "NOT_OWN_MONEY"),
        ("WalletPolicy: jurisdiction", "OWN_FUNDS_LOCKED"),
        ("WalletPolicy: jurisdiction", "OWN_FUNDS_LOCKED"),
        ("WalletPolicy: withdrawals.reversible", "WITHDRAWALS_REVERSIBLE"),
        ("Policy GAMES: destinations[1].source", "UNKNOWN_BUCKET"),
        ("Policy GAMES: destinations", "MISSING_DESTINATION"),
        ("ProviderProfile lucky: provider_type", "POLICY_MISSING"),
    ]


def test_a_tenant_needs_a_topology_and_a_wallet_policy() -> None:
    assert found(find_configuration_problems([policy(), PROFILE])) == [
        ("Topology", "MISSING_DOCUMENT"),
        ("WalletPolicy", "MISSING_DOCUMENT"),
    ]
