"""What people are told about a document: the very words."""

from typing import Any

import pytest

from tests.core.config.topologies import REMOVE, policy, topology
from wallet_server.core.config.documents_rejected import reject_type, show, type_name
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.validation import (
    find_configuration_problems,
    find_incompatibilities,
    find_policy_problems,
    find_profile_problems,
    find_topology_problems,
    find_wallet_policy_problems,
)
from wallet_server.core.config.validation_names import find_draining_bucket
from wallet_server.core.config.validation_rolling import find_deposit_rolling_problems
from wallet_server.core.config.wallet_policy import WalletPolicy, WithdrawalRules
from wallet_server.core.rolling.requirement import RollingTerms

PROFILE = ProviderProfile("acme", "GAMES")


def told(problems: list[Problem]) -> list[str]:
    return [each.message for each in problems]


@pytest.mark.parametrize(
    ("at", "value", "message"),
    [
        ("assets.2", {"code": "EUR", "exponent": 2, "kind": "CURRENCY"}, "EUR is there before"),
        ("assets.0.kind", "POINTS", "no asset is a CURRENCY, so there can be no wallets"),
        ("buckets.4", {"code": "COUPON", "wallet_group": "play", "bucket_class": "RESTRICTED"}, "in an order COUPON stands for coupons; choose another code"),
        ("buckets.0.wallet_group", "work", "the topology has no wallet group work"),
        ("buckets.2.asset_code", "XYZ", "the topology has no asset XYZ"),
        ("buckets.2.asset_code", "EUR", "a POINTS bucket needs an asset of POINTS"),
        ("buckets.1.asset_code", "EUR", "a RESTRICTED bucket holds the wallet's currency; leave it out"),
        ("buckets.1.depositable", True, "deposits are the player's own money, and RESTRICTED is not"),
        ("buckets.1.withdrawable", "ALWAYS", "a RESTRICTED bucket cannot be ALWAYS"),
        ("buckets.3.lock_mode", "BINARY", "what may ALWAYS be withdrawn cannot be locked"),
        ("buckets.0.depositable", False, "no bucket is ACTIVE and depositable, so no money can come in"),
        ("transfer_edges.0.source", "none", "the topology has no bucket none"),
        ("transfer_edges.0.target", "old", "old is retired; own took its place"),
        ("transfer_edges.0.target", "own", "own cannot transfer to itself"),
        ("transfer_edges.1.minimum", 0, "0 is not positive"),
        ("transfer_edges.1.daily_cap", 0, "0 is not positive; an edge is closed by enabled: false"),
        ("transfer_edges.1.daily_cap", 99, "99 a day is less than the minimum of 100"),
        ("transfer_edges.1.opens_rolling_bp", -1, "-1 is negative"),
        ("transfer_edges.0.rate_numerator", 2, "own and free hold the same asset: the rate must be 1"),
        ("transfer_edges.1.multiple_of", 5, "multiples of 5 at 1/10 do not come out whole"),
        ("recovery_order.0", "gift", "gift is RESTRICTED; only the player's own money recovers"),
        ("withdraw_order.1", "own", "own is withdrawable NEVER"),
        ("retired_buckets.0.code", "own", "own is retired and in use; choose a new code"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_topology(at: str, value: object, message: str) -> None:
    assert told(find_topology_problems(topology((at, value)))) == [message]


@pytest.mark.parametrize(
    ("edits", "messages"),
    [
        ([("auto_order.order", [])], ["no source can pay"]),
        ([("auto_order.order", ["own", "own"])], ["own is there before"]),
        ([("auto_order.order", ["free"])], ["free may pay, and nothing says where its payouts go"]),
        ([("auto_order.order", ["COUPON", "own"]), ("coupons", {"per_bet_max": 0})], ["coupons have a place, and coupons.per_bet_max lets none pay"]),
        ([("destinations.1.destinations.profit_target", "stars")], ["bets are in the wallet's currency, and stars holds PTS"]),
        ([("max_stake_with_bonus", -1)], ["-1 is negative"]),
        ([("auto_order", REMOVE), ("proportional", {"sources": []})], ["no source can pay"]),
        ([("auto_order", REMOVE), ("player_selected", {"choices": []})], ["there is nothing to choose from"]),
        ([("auto_order", REMOVE), ("player_selected", {"choices": [{"name": "A", "sources": []}]})], ["A names no source"]),
        ([("auto_order", REMOVE), ("player_selected", {"choices": [{"name": "A", "sources": ["own"]}, {"name": "A", "sources": ["own"]}]})], ["A already means something else"]),
        ([("win_destinations", [{"kind": "ROUND", "target": "own"}])], ["a ROUND win goes where the sources of its bets say"]),
        ([("win_destinations", [{"kind": "JACKPOT", "target": "own"}, {"kind": "JACKPOT", "target": "own"}])], ["JACKPOT is there before"]),
    ],
)  # fmt: skip
def test_what_is_said_of_a_policy(edits: list[tuple[str, Any]], messages: list[str]) -> None:
    assert told(find_policy_problems(policy(*edits), topology())) == messages


CLUB = {"code": "fee", "wallet_group": "club", "bucket_class": "CASH", "depositable": True}


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([("assets.1", REMOVE)], "wallets may hold PTS; keep it"),
        ([("assets.0.exponent", 3)], "the exponent of EUR is 2 and stays so"),
        ([("assets.1.kind", "CURRENCY")], "PTS is POINTS and stays so"),
        ([("buckets.4.depositable", False)], "no bucket of club takes deposits any more"),
        ([("buckets.1.bucket_class", "CASH")], "the bucket_class of gift stays; retire the code and add a new one"),
        ([("buckets.1", REMOVE)], "gift is gone; name its successor in retired_buckets"),
        ([("buckets.5", {"code": "old", "wallet_group": "play", "bucket_class": "CASH"})], "old was retired, and a retired code is never used again"),
        ([("retired_buckets", [])], "old was retired; keep it here, so that it is never used again"),
        ([("retired_buckets.0.successor", "stars")], "stars does not hold the asset that old did"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_topology_that_cannot_follow(
    edits: list[tuple[str, Any]], message: str
) -> None:
    current = topology(("buckets.4", CLUB))
    proposed = topology(("buckets.4", CLUB), *edits)

    assert told(find_incompatibilities(current, proposed)) == [message]


def test_every_asset_that_is_gone_or_changed_is_named() -> None:
    assets = [{"code": "PTS", "exponent": 1, "kind": "POINTS"}]
    proposed = topology(("assets", assets))

    assert told(find_incompatibilities(topology(), proposed)) == [
        "wallets may hold EUR; keep it",
        "the exponent of PTS is 0 and stays so",
    ]


def test_a_code_that_retires_has_a_successor_of_its_asset() -> None:
    retired = ("retired_buckets.1", {"code": "gift", "successor": "stars"})
    proposed = topology(("buckets.1", REMOVE), retired)

    assert told(find_incompatibilities(topology(), proposed)) == [
        "stars does not hold the asset that gift did"
    ]


def test_a_cap_of_one_a_day_is_a_cap() -> None:
    shape = topology(("transfer_edges.0.daily_cap", 1))

    assert find_topology_problems(shape) == []


def test_what_comes_out_whole_is_no_multiple_by_chance() -> None:
    edits = (("transfer_edges.1.rate_numerator", 3), ("transfer_edges.1.multiple_of", 10))

    assert find_topology_problems(topology(*edits)) == []


def test_what_is_said_of_a_wallet_policy() -> None:
    locked = topology(("buckets.0.lock_mode", "BINARY"))

    def of(jurisdiction: str) -> list[str]:
        return told(find_wallet_policy_problems(WalletPolicy(jurisdiction=jurisdiction), locked))

    unreached = topology(("buckets.0.withdrawable", "ALWAYS"))
    british = WalletPolicy(jurisdiction="UK", withdrawals=WithdrawalRules(reversible=False))
    assert told(find_wallet_policy_problems(british, unreached)) == [
        "UK: own must be in withdraw_order"
    ]
    assert of("XX") == ["the rules of XX are not known"]
    assert of("UK") == [
        "UK: own must have lock_mode NONE",
        "UK: own must not be withdrawable NEVER",
        "UK: players may not take withdrawals back; say false",
    ]


@pytest.mark.parametrize(
    ("target", "messages"),
    [
        ("gift", ["gift is RESTRICTED; what is released is the player's own"]),
        ("own", ["own is the bucket that is locked; to unlock it there, name no target"]),
    ],
)
def test_what_is_said_of_what_deposits_ask(target: str, messages: list[str]) -> None:
    terms = RollingTerms(multiplier_bp=10_000, release_target=target)
    wallet_policy = WalletPolicy(deposit_rolling=terms)

    assert told(list(find_deposit_rolling_problems(wallet_policy, topology()))) == messages


def test_what_is_said_of_terms_that_release_nothing() -> None:
    bonus = {"kind": "PROMO_WIN", "target": "gift", "rolling": {"multiplier_bp": 10_000}}

    assert told(find_policy_problems(policy(("win_destinations", [bonus])), topology())) == [
        "nothing leaves gift even when it is unlocked; say where it goes"
    ]


def test_what_is_said_of_a_configuration() -> None:
    counted = RollingTerms(multiplier_bp=10_000, release_target="free", provider_types=("SLOTS",))
    documents = [topology(), WalletPolicy(deposit_rolling=counted), policy(), policy()]

    assert told(find_configuration_problems(documents)) == [
        "is there before",
        "there is no policy for SLOTS, so its bets cannot count",
    ]
    assert told(find_configuration_problems([])) == ["a tenant needs one", "a tenant needs one"]
    assert told(find_profile_problems(PROFILE, {})) == ["there is no policy for GAMES"]


def test_what_is_said_of_a_bucket_that_is_being_emptied() -> None:
    draining = topology(("buckets.1.status", "DRAINING"))

    assert told(list(find_draining_bucket("gift", draining, "at"))) == [
        "gift is DRAINING: only bets may give back to it"
    ]


def test_a_problem_is_told_on_one_line() -> None:
    assert str(Problem("at[0]", "EMPTY", "no source")) == "at[0]: EMPTY: no source"
    assert str(Problem("", "EMPTY", "nothing")) == "(document): EMPTY: nothing"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "nothing"),
        ({}, "fields"),
        ([], "a list"),
        (True, "a boolean"),
        (1, "a whole number"),
        (0.5, "a number"),
        ("x", "text"),
        (b"", "a bytes"),
    ],
)
def test_what_people_call_a_type(value: object, name: str) -> None:
    assert type_name(value) == name


@pytest.mark.parametrize(
    ("expected", "value", "message"),
    [
        ("text", 1, "expected text, found a whole number; put it in quotes"),
        ("text", True, "expected text, found a boolean; put it in quotes"),
        ("text", None, "expected text, found nothing"),
        ("a list", 1, "expected a list, found a whole number"),
    ],
)
def test_what_is_said_of_a_value_of_another_type(
    expected: str, value: object, message: str
) -> None:
    assert told([*reject_type("at", expected, value).problems]) == [message]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 64, "x" * 64),
        ("x" * 65, "x" * 63 + "…"),
        ("a\nb", "'a\\nb'"),
        ([], "(a list)"),
    ],
)
def test_how_a_value_is_quoted(value: object, shown: str) -> None:
    assert show(value) == shown
