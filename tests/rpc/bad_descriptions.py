"""Every way that a described bet, or the question for real ones, can be wrong.

What a described bet has in common with commands is wrong in the same ways.
"""

from collections.abc import Iterator
from dataclasses import replace

from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.bad_fields import ABSENT, BAD_FIELDS, EUROS, LONG, YEAR_9999, BadField
from wallet.v1.coupon_pb2 import CouponRestrictions, CouponTerms
from wallet.v1.policy_evaluation_pb2 import DescribedBalance, DescribedBet, DescribedCoupon

TERMS = CouponTerms(profit_target="cash", restrictions=CouponRestrictions(sports=["soccer"]))
COUPON = DescribedCoupon(
    grant_id="g1", amount=EUROS, valid_until_time=Timestamp(seconds=2), terms=TERMS
)
BALANCE = DescribedBalance(bucket="cash", amount=EUROS)
DESCRIBED_BET = DescribedBet(
    stake=EUROS, balances=[BALANCE], coupons=[COUPON], frozen_buckets=["cash"]
)


def also_in(prefix: str, told: str, *paths: str) -> Iterator[BadField]:
    """Yields the ways that fields of commands can be wrong, of a message within a request."""
    for bad in BAD_FIELDS:
        if bad.path.startswith(paths) and bad.told != "":
            place = f"{told}.{bad.path if bad.told is None else bad.told}"
            yield replace(bad, path=f"{prefix}.{bad.path}", told=place, only="")


BET, COUPONS, BALANCES = "described_bet", "described_bet.coupons", "described_bet.balances"

BAD_DESCRIPTIONS = [
    BadField(BET, "missing", ABSENT, "REQUIRED", told="bets"),
    *(
        bad
        for bad in also_in(BET, BET, "stake", "context.", "coupon_grant_id", "selected_source")
        if bad.rule != "STAKE_POSITIVE"
    ),
    BadField(f"{BET}.provider_id", "in capitals", "ACME", "STRING_PATTERN"),
    BadField(BALANCES, "too many", [BALANCE] * 64, "REPEATED_MAX_ITEMS"),
    BadField(f"{BALANCES}.bucket", "empty", "", "STRING_PATTERN", told=f"{BALANCES}[0].bucket"),
    BadField(f"{BALANCES}.amount", "missing", ABSENT, "REQUIRED", told=f"{BALANCES}[0].amount"),
    BadField(f"{BALANCES}.amount.asset_code", "empty", "", "STRING_PATTERN", told=f"{BALANCES}[0].amount.asset_code"),
    BadField(f"{BALANCES}.amount.minor_units", "negative", -1, "AMOUNT_NOT_NEGATIVE", told=f"{BALANCES}[0].amount"),
    BadField(COUPONS, "too many", [COUPON] * 16, "REPEATED_MAX_ITEMS"),
    BadField(f"{COUPONS}.grant_id", "empty", "", "STRING_PATTERN", told=f"{COUPONS}[0].grant_id"),
    BadField(f"{COUPONS}.amount", "missing", ABSENT, "REQUIRED", told=f"{COUPONS}[0].amount"),
    BadField(f"{COUPONS}.amount.asset_code", "empty", "", "STRING_PATTERN", told=f"{COUPONS}[0].amount.asset_code"),
    BadField(f"{COUPONS}.amount.minor_units", "zero", 0, "AMOUNT_POSITIVE", told=f"{COUPONS}[0].amount"),
    BadField(f"{COUPONS}.valid_until_time", "missing", ABSENT, "REQUIRED", told=f"{COUPONS}[0].valid_until_time"),
    BadField(f"{COUPONS}.valid_until_time", "far away", Timestamp(seconds=YEAR_9999), "TIMESTAMP_GTE_LT", told=f"{COUPONS}[0].valid_until_time"),
    *also_in(COUPONS, f"{COUPONS}[0]", "terms"),
    BadField(f"{BET}.frozen_buckets", "too many", ["cash"] * 65, "REPEATED_MAX_ITEMS"),
    BadField(f"{BET}.frozen_buckets", "an account", ["bkt:cash"], "STRING_PATTERN", told=f"{BET}.frozen_buckets[0]"),
    BadField("recent_bets.provider_id", "empty", "", "STRING_PATTERN"),
    BadField("recent_bets.provider_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("recent_bets.bets_max", "none", 0, "INT32_GTE_LTE"),
    BadField("recent_bets.bets_max", "too many", 201, "INT32_GTE_LTE"),
]  # fmt: skip
