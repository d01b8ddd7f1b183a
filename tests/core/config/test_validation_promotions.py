"""Where coupons may pay, where wins go that need no bet, and what must be wagered for value."""

from typing import Any

import pytest

from tests.core.config.topologies import REMOVE, edited, found, policy, read, topology
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation import (
    find_configuration_problems,
    find_policy_problems,
    find_topology_problems,
)
from wallet_server.core.config.wallet_policy import WalletPolicy

PROFILE = ProviderProfile("acme", "GAMES")


@pytest.mark.parametrize(
    ("edits", "problems"),
    [
        ([("auto_order.order", ["COUPON", "gift", "own"])], []),
        ([("auto_order.order", ["gift", "COUPON", "own"])], []),
        ([("auto_order.order", ["COUPON"])], []),
        ([("auto_order.order", ["COUPON", "own", "COUPON"])], [("auto_order.order[2]", "DUPLICATE")]),
        ([("auto_order.order", ["coupon", "own"])], [("auto_order.order[0]", "UNKNOWN_BUCKET")]),
        ([("auto_order.order", ["COUPON", "own"]), ("coupons", {"per_bet_max": 0})], [("auto_order.order[0]", "COUPONS_EXCLUDED")]),
        ([("coupons", {"per_bet_max": 0})], []),
        ([("destinations.2", {"source": "COUPON", "destinations": {"stake_target": "own", "profit_target": "own"}})], [("destinations[2].source", "UNKNOWN_BUCKET")]),
        ([("destinations.1.destinations.profit_target", "COUPON")], [("destinations[1].destinations.profit_target", "UNKNOWN_BUCKET")]),
        ([("auto_order", REMOVE), ("player_selected", {"choices": [{"name": "A", "sources": ["COUPON", "own"]}]})], [("player_selected.choices[0].sources[0]", "UNKNOWN_BUCKET")]),
        ([("auto_order", REMOVE), ("proportional", {"sources": [{"source": "COUPON"}, {"source": "own"}]})], [("proportional.sources[0].source", "UNKNOWN_BUCKET")]),
        ([("rolling", {"excluded_game_ids": ["a", "b", "a"]})], [("rolling.excluded_game_ids[2]", "DUPLICATE")]),
    ],
)  # fmt: skip
def test_where_coupons_may_pay_and_what_counts(
    edits: list[tuple[str, Any]], problems: list[tuple[str, str]]
) -> None:
    assert found(find_policy_problems(policy(*edits), topology())) == problems


def test_no_bucket_may_have_the_code_that_stands_for_coupons() -> None:
    bucket = {"code": "COUPON", "wallet_group": "play", "bucket_class": "RESTRICTED"}

    problems = find_topology_problems(topology(("buckets.4", bucket)))

    assert found(problems) == [("buckets[4].code", "RESERVED_CODE")]


def shape(*edits: tuple[str, Any]) -> Topology:
    """Returns the small topology with a bucket of bonus money that may leave some day."""
    bonus = {
        "code": "bonus",
        "wallet_group": "play",
        "bucket_class": "RESTRICTED",
        "withdrawable": "AFTER_ROLLING",
    }
    return topology(("buckets.4", bonus), *edits)


@pytest.mark.parametrize(
    ("wins", "problems"),
    [
        ([{"kind": "FREE_ROUND", "target": "gift"}, {"kind": "JACKPOT", "target": "own"}, {"kind": "PROMO_WIN", "target": "free"}], []),
        ([{"kind": "ROUND", "target": "own"}], [("win_destinations[0].kind", "ROUND_WINS_FOLLOW_BETS")]),
        ([{"kind": "JACKPOT", "target": "own"}, {"kind": "JACKPOT", "target": "free"}], [("win_destinations[1].kind", "DUPLICATE")]),
        ([{"kind": "JACKPOT", "target": "none"}], [("win_destinations[0].target", "UNKNOWN_BUCKET")]),
        ([{"kind": "JACKPOT", "target": "COUPON"}], [("win_destinations[0].target", "UNKNOWN_BUCKET")]),
        ([{"kind": "JACKPOT", "target": "old"}], [("win_destinations[0].target", "RETIRED_BUCKET")]),
        ([{"kind": "JACKPOT", "target": "stars"}], [("win_destinations[0].target", "WALLET_CURRENCY_REQUIRED")]),
    ],
)  # fmt: skip
def test_where_wins_go_that_need_no_bet(
    wins: list[dict[str, Any]], problems: list[tuple[str, str]]
) -> None:
    assert found(find_policy_problems(policy(("win_destinations", wins)), shape())) == problems


def test_wins_do_not_go_to_a_bucket_that_is_draining() -> None:
    wins = [
        {"kind": "JACKPOT", "target": "free"},
        {"kind": "PROMO_WIN", "target": "own", "rolling": terms(release_target="free")},
    ]

    draining = shape(("buckets.3.status", "DRAINING"))

    assert found(find_policy_problems(policy(("win_destinations", wins)), draining)) == [
        ("win_destinations[0].target", "BUCKET_DRAINING"),
        ("win_destinations[1].rolling.release_target", "BUCKET_DRAINING"),
    ]


def terms(**fields: object) -> dict[str, object]:
    return {"multiplier_bp": 10_000, **fields}


RELEASE = "win_destinations[0].rolling.release_target"


@pytest.mark.parametrize(
    ("target", "rolling", "problems"),
    [
        ("gift", terms(release_target="own"), []),
        ("gift", terms(release_target="free", conversion_cap=0, group_wide=True), []),
        ("gift", terms(), [(RELEASE, "RELEASES_NOTHING")]),
        ("bonus", terms(), []),
        ("own", terms(), []),
        ("own", terms(release_target="free"), []),
        ("own", terms(release_target="own"), [(RELEASE, "RELEASE_TO_ITSELF")]),
        ("gift", terms(release_target="none"), [(RELEASE, "UNKNOWN_BUCKET")]),
        ("gift", terms(release_target="old"), [(RELEASE, "RETIRED_BUCKET")]),
        ("gift", terms(release_target="bonus"), [(RELEASE, "NOT_OWN_MONEY")]),
        ("gift", terms(release_target="stars"), [(RELEASE, "NOT_OWN_MONEY"), (RELEASE, "RELEASE_TARGET_ASSET_DIFFERS")]),
        ("none", terms(release_target="stars"), [("win_destinations[0].target", "UNKNOWN_BUCKET"), (RELEASE, "NOT_OWN_MONEY")]),
        ("own", terms(conversion_cap=-1), [("win_destinations[0].rolling.conversion_cap", "NEGATIVE")]),
        ("own", terms(provider_types=["GAMES", "GAMES"]), [("win_destinations[0].rolling.provider_types[1]", "DUPLICATE")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_rolling_terms(
    target: str, rolling: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    wins = [{"kind": "FREE_ROUND", "target": target, "rolling": rolling}]

    assert found(find_policy_problems(policy(("win_destinations", wins)), shape())) == problems


def wallet_policy(**rolling: object) -> WalletPolicy:
    value = read(edited({"kind": "WalletPolicy"}, ("deposit_rolling", terms(**rolling))))
    assert isinstance(value, WalletPolicy)
    return value


def test_what_deposits_open_is_judged_for_every_bucket_that_takes_deposits() -> None:
    second = ("buckets.3.depositable", True)
    documents = [shape(second), wallet_policy(release_target="free"), policy(), PROFILE]

    assert found(find_configuration_problems(documents)) == [
        ("WalletPolicy: deposit_rolling.release_target", "RELEASE_TO_ITSELF")
    ]
    documents[0] = shape()
    assert find_configuration_problems(documents) == []


def test_only_bets_of_provider_types_with_a_policy_can_count() -> None:
    wins = [{"kind": "JACKPOT", "target": "own", "rolling": terms(provider_types=["POKER"])}]
    documents = [
        shape(),
        wallet_policy(provider_types=["GAMES", "BINGO"]),
        policy(("win_destinations", wins)),
        PROFILE,
    ]

    problems = [
        ("WalletPolicy: deposit_rolling.provider_types[1]", "POLICY_MISSING"),
        ("Policy GAMES: win_destinations[0].rolling.provider_types[0]", "POLICY_MISSING"),
    ]
    assert found(find_configuration_problems(documents)) == problems
    without_topology = found(find_configuration_problems(documents[1:]))
    assert without_topology == [("Topology", "MISSING_DOCUMENT"), *problems]


def test_everything_wrong_with_a_policy_is_found_at_once() -> None:
    wins = [
        {"kind": "ROUND", "target": "none", "rolling": terms(release_target="gift")},
        {"kind": "JACKPOT", "target": "own", "rolling": terms(conversion_cap=-1)},
    ]
    proposed = policy(
        ("auto_order.order", ["COUPON", "COUPON"]),
        ("coupons", {"per_bet_max": 0}),
        ("max_stake_with_bonus", -1),
        ("win_destinations", wins),
    )

    assert found(find_policy_problems(proposed, topology())) == [
        ("auto_order.order[0]", "COUPONS_EXCLUDED"),
        ("auto_order.order[1]", "COUPONS_EXCLUDED"),
        ("auto_order.order[1]", "DUPLICATE"),
        ("max_stake_with_bonus", "NEGATIVE"),
        ("win_destinations[0].kind", "ROUND_WINS_FOLLOW_BETS"),
        ("win_destinations[0].target", "UNKNOWN_BUCKET"),
        ("win_destinations[0].rolling.release_target", "NOT_OWN_MONEY"),
        ("win_destinations[1].rolling.conversion_cap", "NEGATIVE"),
    ]
