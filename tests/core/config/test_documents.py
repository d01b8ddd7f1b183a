"""Documents: what can be read, what is wrong with the rest, and writing."""

import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.config.strategies import DOCUMENTS
from tests.core.config.topologies import (
    POLICY,
    REMOVE,
    TOPOLOGY,
    edited,
    found,
    policy,
    read,
    topology,
)
from wallet_server.core.config import documents_forms as forms
from wallet_server.core.config.documents import (
    Document,
    kind_of,
    read_document,
    title_of,
    write_document,
)
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import BucketType
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.rolling.requirement import RollingTerms

WALLET_POLICY: dict[str, Any] = {"kind": "WalletPolicy"}
PROFILE = {"kind": "ProviderProfile", "provider_id": "acme", "provider_type": "GAMES"}


@given(DOCUMENTS)
def test_what_is_written_reads_back_as_the_same_value(value: Document) -> None:
    assert read_document(write_document(value)) == value


@given(DOCUMENTS)
def test_what_is_written_survives_json(value: Document) -> None:
    assert read_document(json.loads(json.dumps(write_document(value)))) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=4), each, max_size=3)
    ),
)


@given(DOCUMENTS, st.data())
def test_nothing_that_is_put_in_a_document_makes_reading_fail(
    value: Document, data: st.DataObject
) -> None:
    document = write_document(value)
    field = data.draw(st.sampled_from(sorted(document)))
    document[field] = data.draw(JSON)

    result = read_document(document)

    assert not isinstance(result, list) or result


def test_defaults_are_not_written() -> None:
    assert write_document(read(PROFILE)) == PROFILE
    assert write_document(WalletPolicy()) == {"kind": "WalletPolicy"}
    assert write_document(read(TOPOLOGY)) == TOPOLOGY
    assert write_document(read(POLICY)) == POLICY


def test_defaults_are_those_of_the_core() -> None:
    bucket = {"code": "b", "wallet_group": "play", "bucket_class": "CASH"}

    own = topology(("buckets.4", bucket)).bucket_by_code["b"]

    assert own == BucketType("b", "play", topology().bucket_by_code["own"].bucket_class)


def test_an_empty_stake_target_means_that_the_stake_is_not_returned() -> None:
    assert policy().destinations_by_source["gift"].stake_target is None
    assert found(problems_of(POLICY, ("destinations.0.destinations.stake_target", REMOVE))) == [
        ("destinations[0].destinations.stake_target", "MISSING_FIELD")
    ]


def test_an_empty_release_target_means_that_money_is_unlocked_where_it_is() -> None:
    terms = {"multiplier_bp": 10_000, "release_target": ""}

    said = read({**WALLET_POLICY, "deposit_rolling": terms})

    assert said == WalletPolicy(deposit_rolling=RollingTerms(10_000))
    assert write_document(said) == {**WALLET_POLICY, "deposit_rolling": {"multiplier_bp": 10_000}}


def problems_of(document: dict[str, Any], *edits: tuple[str, Any]) -> list[Any]:
    result = read_document(edited(document, *edits))
    return result if isinstance(result, list) else []


@pytest.mark.parametrize(
    ("document", "at", "value", "path", "reason"),
    [
        (TOPOLOGY, "kind", REMOVE, "kind", "MISSING_FIELD"),
        (TOPOLOGY, "kind", "Wallet", "kind", "UNKNOWN_VALUE"),
        (TOPOLOGY, "kind", ["Topology"], "kind", "WRONG_TYPE"),
        (TOPOLOGY, "buckets", REMOVE, "buckets", "MISSING_FIELD"),
        (TOPOLOGY, "buckets", {}, "buckets", "WRONG_TYPE"),
        (TOPOLOGY, "buckets", "own", "buckets", "WRONG_TYPE"),
        (TOPOLOGY, "buckets", None, "buckets", "WRONG_TYPE"),
        (TOPOLOGY, "buckets.1", "gift", "buckets[1]", "WRONG_TYPE"),
        (TOPOLOGY, "version", 1, "version", "UNKNOWN_FIELD"),
        (TOPOLOGY, "buckets.0.klass", "CASH", "buckets[0].klass", "UNKNOWN_FIELD"),
        (TOPOLOGY, "buckets.2.bucket_class", REMOVE, "buckets[2].bucket_class", "MISSING_FIELD"),
        (TOPOLOGY, "buckets.2.bucket_class", "cash", "buckets[2].bucket_class", "UNKNOWN_VALUE"),
        (TOPOLOGY, "buckets.2.bucket_class", 1, "buckets[2].bucket_class", "WRONG_TYPE"),
        (TOPOLOGY, "buckets.0.code", "9own", "buckets[0].code", "BAD_CODE"),
        (TOPOLOGY, "buckets.0.code", "own\n", "buckets[0].code", "BAD_CODE"),
        (TOPOLOGY, "buckets.0.code", "ówn", "buckets[0].code", "BAD_CODE"),
        (TOPOLOGY, "buckets.0.code", "o" * 33, "buckets[0].code", "BAD_CODE"),
        (TOPOLOGY, "buckets.0.code", False, "buckets[0].code", "WRONG_TYPE"),
        (TOPOLOGY, "buckets.0.asset_code", "", "buckets[0].asset_code", "BAD_CODE"),
        (TOPOLOGY, "buckets.0.depositable", 1, "buckets[0].depositable", "WRONG_TYPE"),
        (TOPOLOGY, "buckets.0.depositable", "yes", "buckets[0].depositable", "WRONG_TYPE"),
        (TOPOLOGY, "buckets.0.display_name", "a\0b", "buckets[0].display_name", "BAD_TEXT"),
        (TOPOLOGY, "buckets.0.display_name", "\ud800", "buckets[0].display_name", "BAD_TEXT"),
        (TOPOLOGY, "buckets.0.display_name", "x" * 129, "buckets[0].display_name", "OUT_OF_RANGE"),
        (TOPOLOGY, "buckets.0.display_name", 7, "buckets[0].display_name", "WRONG_TYPE"),
        (TOPOLOGY, "assets.0.exponent", True, "assets[0].exponent", "WRONG_TYPE"),
        (TOPOLOGY, "assets.0.exponent", 2.0, "assets[0].exponent", "WRONG_TYPE"),
        (TOPOLOGY, "assets.0.exponent", "2", "assets[0].exponent", "WRONG_TYPE"),
        (TOPOLOGY, "assets.0.exponent", -1, "assets[0].exponent", "OUT_OF_RANGE"),
        (TOPOLOGY, "assets.0.exponent", 10, "assets[0].exponent", "OUT_OF_RANGE"),
        (TOPOLOGY, "assets.0.code", "EU", "assets[0].code", "BAD_CODE"),
        (TOPOLOGY, "transfer_edges.0.minimum", 2**63, "transfer_edges[0].minimum", "OUT_OF_RANGE"),
        (TOPOLOGY, "transfer_edges.0.daily_cap", None, "transfer_edges[0].daily_cap", "WRONG_TYPE"),
        (TOPOLOGY, "recovery_order.1", 5, "recovery_order[1]", "WRONG_TYPE"),
        (POLICY, "provider_type", "games", "provider_type", "BAD_CODE"),
        (POLICY, "auto_order", REMOVE, "", "MISSING_FIELD"),
        (POLICY, "proportional", {"sources": []}, "", "MORE_THAN_ONE"),
        (POLICY, "auto_order", ["own"], "auto_order", "WRONG_TYPE"),
        (POLICY, "auto_order.order", REMOVE, "auto_order.order", "MISSING_FIELD"),
        (POLICY, "max_stake_with_bonus", 1.5, "max_stake_with_bonus", "WRONG_TYPE"),
        (PROFILE, "provider_id", "Acme", "provider_id", "BAD_CODE"),
        (PROFILE, "payout_basis", "NET", "payout_basis", "UNKNOWN_VALUE"),
        # Coupons.
        (POLICY, "coupons", {"per_bet_max": -1}, "coupons.per_bet_max", "OUT_OF_RANGE"),
        (POLICY, "coupons", {"per_bet_max": 9}, "coupons.per_bet_max", "OUT_OF_RANGE"),
        (WALLET_POLICY, "coupon_grace_seconds", -1, "coupon_grace_seconds", "OUT_OF_RANGE"),
        # What bets count.
        (POLICY, "rolling", {"weight_bp": -1}, "rolling.weight_bp", "OUT_OF_RANGE"),
        (POLICY, "rolling", {"weight_bp": 1_000_001}, "rolling.weight_bp", "OUT_OF_RANGE"),
        (POLICY, "rolling", {"odds_milli_min": 999}, "rolling.odds_milli_min", "OUT_OF_RANGE"),
        (POLICY, "rolling", {"odds_milli_min": 1.5}, "rolling.odds_milli_min", "WRONG_TYPE"),
        (POLICY, "rolling", {"excluded_game_ids": [""]}, "rolling.excluded_game_ids[0]", "BAD_CODE"),
        (POLICY, "rolling", {"excluded_game_ids": ["g"] * 257}, "rolling.excluded_game_ids", "OUT_OF_RANGE"),
        # Where wins go, and what value opens.
        (POLICY, "win_destinations", [{"kind": "BONUS", "target": "own"}], "win_destinations[0].kind", "UNKNOWN_VALUE"),
        (POLICY, "win_destinations", [{"kind": "JACKPOT"}], "win_destinations[0].target", "MISSING_FIELD"),
        (POLICY, "win_destinations", [{"kind": "JACKPOT", "target": "own", "rolling": {}}], "win_destinations[0].rolling.multiplier_bp", "MISSING_FIELD"),
        (WALLET_POLICY, "deposit_rolling", {"multiplier_bp": 0}, "deposit_rolling.multiplier_bp", "OUT_OF_RANGE"),
        (WALLET_POLICY, "deposit_rolling", {"multiplier_bp": 10_000_001}, "deposit_rolling.multiplier_bp", "OUT_OF_RANGE"),
        (WALLET_POLICY, "deposit_rolling", {"multiplier_bp": 1, "release_target": "9"}, "deposit_rolling.release_target", "BAD_CODE"),
        (WALLET_POLICY, "deposit_rolling", {"multiplier_bp": 1, "expires_after_seconds": 0}, "deposit_rolling.expires_after_seconds", "OUT_OF_RANGE"),
        (WALLET_POLICY, "deposit_rolling", {"multiplier_bp": 1, "provider_types": ["g"]}, "deposit_rolling.provider_types[0]", "BAD_CODE"),
        # Rounds.
        (WALLET_POLICY, "limits", {"increase_delay_seconds": 86_399}, "limits.increase_delay_seconds", "OUT_OF_RANGE"),
        (PROFILE, "win_window_seconds", 316_224_001, "win_window_seconds", "OUT_OF_RANGE"),
        (PROFILE, "implicit_close_seconds", 0, "implicit_close_seconds", "OUT_OF_RANGE"),
        (PROFILE, "reopens_rounds", 1, "reopens_rounds", "WRONG_TYPE"),
        (PROFILE, "free_round_summary_moves_money", "no", "free_round_summary_moves_money", "WRONG_TYPE"),
    ],
)  # fmt: skip
def test_one_thing_that_cannot_be_read(
    document: dict[str, Any], at: str, value: object, path: str, reason: str
) -> None:
    problems = problems_of(document, (at, value))

    assert found(problems) == [(path, reason)]
    assert problems[0].message


def test_everything_that_cannot_be_read_is_reported_at_once() -> None:
    problems = problems_of(
        TOPOLOGY,
        ("nonsense", 1),
        ("name", REMOVE),
        ("assets.1.kind", "MONEY"),
        ("buckets.0.code", "no good"),
        ("buckets.3.depositable", "true"),
        ("transfer_edges.1.rate_numerator", True),
    )

    assert found(sorted(problems)) == [
        ("assets[1].kind", "UNKNOWN_VALUE"),
        ("buckets[0].code", "BAD_CODE"),
        ("buckets[3].depositable", "WRONG_TYPE"),
        ("name", "MISSING_FIELD"),
        ("nonsense", "UNKNOWN_FIELD"),
        ("transfer_edges[1].rate_numerator", "WRONG_TYPE"),
    ]


@pytest.mark.parametrize(
    ("path", "count_max", "item"),
    [
        ("assets", forms.ASSETS_MAX, TOPOLOGY["assets"][0]),
        ("wallet_groups", forms.WALLET_GROUPS_MAX, TOPOLOGY["wallet_groups"][0]),
        ("buckets", forms.BUCKETS_MAX, TOPOLOGY["buckets"][0]),
        ("transfer_edges", forms.TRANSFER_EDGES_MAX, TOPOLOGY["transfer_edges"][0]),
        ("recovery_order", forms.BUCKETS_MAX, "own"),
        ("retired_buckets", forms.RETIRED_BUCKETS_MAX, TOPOLOGY["retired_buckets"][0]),
    ],
)
def test_a_list_may_be_as_long_as_its_limit_and_no_longer(
    path: str, count_max: int, item: object
) -> None:
    assert problems_of(TOPOLOGY, (path, [item] * count_max)) == []
    assert found(problems_of(TOPOLOGY, (path, [item] * (count_max + 1)))) == [
        (path, "OUT_OF_RANGE")
    ]


def test_a_message_never_quotes_more_than_people_can_read() -> None:
    problems = problems_of(TOPOLOGY, ("name", "x" * 10_000), ("y" * 10_000, 1))

    assert len(problems) == 2
    assert all(len(str(problem)) < 400 for problem in problems)


def test_names_that_are_no_text_are_unknown_fields() -> None:
    document = cast("dict[str, Any]", {**PROFILE, 10**5000: 1})

    assert found(problems_of(document)) == [("(a whole number)", "UNKNOWN_FIELD")]


def test_documents_have_a_kind_and_a_title() -> None:
    titles = [title_of(read(document)) for document in (TOPOLOGY, POLICY, PROFILE)]

    assert titles == ["Topology", "Policy GAMES", "ProviderProfile acme"]
    assert kind_of(WalletPolicy()) == title_of(WalletPolicy()) == "WalletPolicy"
    assert isinstance(read(PROFILE), ProviderProfile)
