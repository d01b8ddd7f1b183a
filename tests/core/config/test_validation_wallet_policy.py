"""Every rule of meaning for wallet policies, and what is wrong where it is broken."""

from typing import Any

import pytest

from tests.core.config.topologies import edited, found, read, topology
from wallet_server.core.config.topology import Asset, AssetKind
from wallet_server.core.config.validation import find_wallet_policy_problems
from wallet_server.core.config.wallet_policy import WalletPolicy, WithdrawalRules

VALID: dict[str, Any] = {
    "kind": "WalletPolicy",
    "deposits": {"methods_approved_at_once": ["cash", "voucher"]},
    "adjustments": {"four_eyes_from": 0},
    "limits": {
        "window": "CALENDAR",
        "time_zone": "Europe/Berlin",
        "defaults": [
            {"kind": "STAKE", "period": "BET", "currency_code": "EUR", "amount": 0},
            {"kind": "LOSS", "period": "DAY", "currency_code": "EUR", "amount": 5},
        ],
        "rates": [{"currency_code": "EUR", "rate_numerator": 1}],
    },
}


def wallet_policy(*edits: tuple[str, object]) -> WalletPolicy:
    """Returns the valid wallet policy with some edits."""
    document = read(edited(VALID, *edits))
    assert isinstance(document, WalletPolicy)
    return document


def test_nothing_is_wrong_with_what_the_table_starts_from() -> None:
    assert find_wallet_policy_problems(wallet_policy(), topology()) == []
    assert find_wallet_policy_problems(WalletPolicy(), topology()) == []


@pytest.mark.parametrize(
    ("at", "value", "problems"),
    [
        ("deposits.methods_approved_at_once.1", "cash", [("deposits.methods_approved_at_once[1]", "DUPLICATE")]),
        ("adjustments.four_eyes_from", -1, [("adjustments.four_eyes_from", "NEGATIVE")]),
        # Limits.
        ("limits.time_zone", "Europe/Atlantis", [("limits.time_zone", "UNKNOWN_TIME_ZONE")]),
        ("limits.time_zone", "Europe", [("limits.time_zone", "UNKNOWN_TIME_ZONE")]),
        ("limits.time_zone", "europe/berlin", [("limits.time_zone", "UNKNOWN_TIME_ZONE")]),
        ("limits.defaults.0.amount", -1, [("limits.defaults[0].amount", "NEGATIVE")]),
        ("limits.defaults.1.period", "BET", [("limits.defaults[1].period", "LIMIT_PERIOD_INVALID")]),
        ("limits.defaults.2", {"kind": "LOSS", "period": "DAY", "currency_code": "EUR", "amount": 7}, [("limits.defaults[2]", "DUPLICATE")]),
        ("limits.defaults.2", {"kind": "LOSS", "period": "WEEK", "currency_code": "EUR", "amount": 7}, []),
        ("limits.defaults.2", {"kind": "LOSS", "period": "DAY", "currency_code": "PTS", "amount": 7}, [("limits.defaults[2].currency_code", "UNKNOWN_ASSET")]),
        ("limits.rates.0.rate_numerator", 0, [("limits.rates[0].rate_numerator", "NOT_POSITIVE")]),
        ("limits.rates.0.rate_denominator", -1, [("limits.rates[0].rate_denominator", "NOT_POSITIVE")]),
        ("limits.rates.1", {"currency_code": "EUR", "rate_numerator": 1}, [("limits.rates[1].currency_code", "DUPLICATE")]),
        ("limits.rates.1", {"currency_code": "XYZ", "rate_numerator": 1}, [("limits.rates[1].currency_code", "UNKNOWN_ASSET")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_wallet_policy(
    at: str, value: object, problems: list[tuple[str, str]]
) -> None:
    assert found(find_wallet_policy_problems(wallet_policy((at, value)), topology())) == problems


def test_a_default_limit_stops_no_wallets_for_want_of_a_rate() -> None:
    dollars = Asset("USD", 2, AssetKind.CURRENCY)
    shape = topology(("assets.2", {"code": "USD", "exponent": 2, "kind": "CURRENCY"}))
    assert dollars in shape.assets
    rated = ("limits.rates.1", {"currency_code": "USD", "rate_numerator": 2})
    own = [
        {"kind": "STAKE", "period": "BET", "currency_code": code, "amount": 5}
        for code in ("EUR", "USD")
    ]

    stopped = [(f"limits.defaults[{i}].currency_code", "LIMIT_RATE_MISSING") for i in (0, 1)]
    assert found(find_wallet_policy_problems(wallet_policy(), shape)) == stopped
    assert find_wallet_policy_problems(wallet_policy(rated), shape) == []
    defaults = wallet_policy(("limits.defaults", own), ("limits.rates", []))
    assert find_wallet_policy_problems(defaults, shape) == []


LOCKED = ("jurisdiction", "OWN_FUNDS_LOCKED")


@pytest.mark.parametrize(
    ("jurisdiction", "edits", "problems"),
    [
        ("", [("buckets.0.lock_mode", "BINARY"), ("buckets.0.withdrawable", "NEVER"), ("withdraw_order", [])], []),
        ("XX", [], [("jurisdiction", "UNKNOWN_JURISDICTION")]),
        # The player's own money may always leave, in the United Kingdom.
        ("UK", [], []),
        ("UK", [("buckets.1.lock_mode", "BINARY")], []),
        ("UK", [("buckets.0.lock_mode", "BINARY")], [LOCKED]),
        ("UK", [("buckets.0.withdrawable", "NEVER"), ("withdraw_order", ["free"])], [LOCKED]),
        ("UK", [("withdraw_order", ["free"])], [LOCKED]),
        ("UK", [("withdraw_order", ["own"])], [LOCKED]),
        ("UK", [("buckets.0.lock_mode", "BINARY"), ("withdraw_order", [])], [LOCKED] * 3),
    ],
)  # fmt: skip
def test_what_the_law_has_against_a_topology(
    jurisdiction: str, edits: list[tuple[str, Any]], problems: list[tuple[str, str]]
) -> None:
    rules = WithdrawalRules(reversible=False)
    policy = WalletPolicy(jurisdiction=jurisdiction, withdrawals=rules)
    free = (("buckets.0.withdrawable", "AFTER_ROLLING"), ("withdraw_order", ["free", "own"]))

    assert found(find_wallet_policy_problems(policy, topology(*free, *edits))) == problems
