"""Every way that a field of an administrative request can be wrong, as a table.

Fields that other requests have too: `bad_fields.py`.
"""

from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.bad_field import ABSENT, EUROS, LONG, YEAR_9999, BadField, bad_lists
from wallet.v1.coupon_pb2 import CouponRestrictions, CouponTerms
from wallet.v1.policy_evaluation_pb2 import DescribedBalance, DescribedCoupon

BALANCE = DescribedBalance(bucket="sports_normal", amount=EUROS)
COUPON = DescribedCoupon(
    grant_id="g1",
    amount=EUROS,
    valid_until_time=Timestamp(seconds=2),
    terms=CouponTerms(
        profit_target="sports_normal", restrictions=CouponRestrictions(sports=["soccer"])
    ),
)

READS_A_VERSION = "GetTopology GetPolicy GetWalletPolicy GetProviderProfile EvaluatePolicy"
ACTS_ON_A_TOPOLOGY = (
    "UpdateTopology ValidateTopology ApproveTopology ActivateTopology ArchiveTopology"
)
ACTS_ON_A_POLICY = (
    "UpdatePolicy ValidatePolicy ApprovePolicy SchedulePolicy UnschedulePolicy ActivatePolicy"
    " ArchivePolicy"
)
ACTS_ON_A_DRAIN = "ApproveDrain CancelDrain"
NAMES_AN_ETAG = f"{ACTS_ON_A_TOPOLOGY} {ACTS_ON_A_POLICY} {ACTS_ON_A_DRAIN}"
NAMES_A_CREDENTIAL = "UpdateCredential RevokeCredential GetCredential"
GRANTS = "CreateCredential UpdateCredential"

ADMINISTRATION = [
    BadField("version", "negative", -1, "INT64_GTE", only=READS_A_VERSION),
    BadField("version", "zero", 0, "INT64_GT", only=ACTS_ON_A_TOPOLOGY),
    BadField("version", "negative", -1, "INT64_GT", only=ACTS_ON_A_TOPOLOGY),
    BadField("reason", "too long", "x" * 513, "STRING_MAX_LEN"),
    BadField("reason", "a NUL", "why\0", "STRING_PATTERN"),
    BadField("etag", "empty", "", "STRING_PATTERN", only=NAMES_AN_ETAG),
    BadField("etag", "zero", "0", "STRING_PATTERN"),
    BadField("etag", "quoted", '"1"', "STRING_PATTERN"),
    BadField("etag", "too long", "1" * 20, "STRING_PATTERN"),
    BadField("yaml", "missing", ABSENT, "REQUIRED", told="document"),
    BadField("yaml", "empty", "", "STRING_MIN_LEN"),
    BadField("yaml", "too long", "x" * 131_073, "STRING_MAX_LEN"),
    BadField("copy_of_version", "zero", 0, "INT64_GT"),
    BadField("from_version", "negative", -1, "INT64_GTE"),
    BadField("to_version", "negative", -1, "INT64_GTE"),
    BadField("document", "missing", ABSENT, "REQUIRED", only="UpdatePolicy"),
    BadField("document", "missing", ABSENT, "REQUIRED", only="CreatePolicy", told="content"),
    BadField("document.yaml", "missing", ABSENT, "REQUIRED", told="document.document"),
    BadField("document.yaml", "empty", "", "STRING_MIN_LEN"),
    BadField("document.yaml", "too long", "x" * 131_073, "STRING_MAX_LEN"),
    BadField("name", "missing", ABSENT, "REQUIRED"),
    BadField("name.version", "negative", -1, "INT64_GTE"),
    BadField("name.version", "zero", 0, "NAME_VERSION", only=ACTS_ON_A_POLICY, told="name"),
    *(
        bad
        for path in ("name", "copy_of")
        for bad in (
            BadField(f"{path}.provider_type", "missing", ABSENT, "REQUIRED", told=f"{path}.kind"),
            BadField(f"{path}.provider_type", "in small letters", "sports", "STRING_PATTERN"),
            BadField(f"{path}.provider_id", "in capitals", "ACME", "STRING_PATTERN"),
        )
    ),
    BadField("copy_of.version", "negative", -1, "INT64_GTE"),
    BadField("copy_of.version", "zero", 0, "COPY_OF_VERSION", told="copy_of"),
    BadField("effective_time", "missing", ABSENT, "REQUIRED"),
    BadField("effective_time", "before 1970", Timestamp(seconds=-1), "TIMESTAMP_GTE_LT"),
    BadField("effective_time", "far away", Timestamp(seconds=YEAR_9999), "TIMESTAMP_GTE_LT"),
    BadField("successor", "empty", "", "STRING_PATTERN"),
    BadField("successor", "an account", "bkt:cash", "STRING_PATTERN"),
    BadField("drain_id", "empty", "", "STRING_PATTERN"),
    BadField("drain_id", "too long", LONG[65], "STRING_PATTERN"),
    # --- Tenants, credentials and audit records
    BadField("settings", "missing", ABSENT, "REQUIRED"),
    BadField("settings.display_name", "too long", LONG[129], "STRING_MAX_LEN"),
    BadField("settings.display_name", "a NUL", "A\0", "STRING_PATTERN"),
    BadField("kind", "missing", ABSENT, "REQUIRED", only="CreateCredential"),
    BadField("kind", "unknown", 99, "ENUM_DEFINED_ONLY", only="CreateCredential"),
    BadField("subject", "missing", ABSENT, "REQUIRED", only="RevokeTokens", told="tokens"),
    BadField("subject", "empty", "", "STRING_PATTERN"),
    BadField("subject", "too long", LONG[257], "STRING_PATTERN"),
    BadField("subject", "a line break", "CN=a\n", "STRING_PATTERN"),
    BadField("token_id", "empty", "", "STRING_PATTERN"),
    BadField("token_id", "too long", LONG[129], "STRING_PATTERN"),
    BadField("issued_before_time", "before 1970", Timestamp(seconds=-1), "TIMESTAMP_GTE_LT"),
    *bad_lists("tenants", 64, "t{}", "T"),
    *bad_lists("roles", 16, "r{}", "a role"),
    BadField("roles", "none", ABSENT, "REPEATED_MIN_ITEMS", only=GRANTS),
    BadField("player_id", "too long", LONG[65], "STRING_PATTERN", only=GRANTS),
    BadField("credential_id", "empty", "", "STRING_PATTERN", only=NAMES_A_CREDENTIAL),
    BadField("credential_id", "too short", "0" * 31, "STRING_PATTERN"),
    BadField("expire_time", "before 1970", Timestamp(seconds=-1), "TIMESTAMP_GTE_LT", only=GRANTS),
    BadField("expire_time", "far away", Timestamp(seconds=YEAR_9999), "TIMESTAMP_GTE_LT", only=GRANTS),
    BadField("start_time", "before 1970", Timestamp(seconds=-1), "TIMESTAMP_GTE_LT"),
    BadField("end_time", "far away", Timestamp(seconds=YEAR_9999), "TIMESTAMP_GTE_LT"),
    BadField("actor", "too long", LONG[257], "STRING_MAX_LEN"),
    BadField("actor", "a NUL", "a\0", "STRING_PATTERN"),
    BadField("method", "a space", "a b", "STRING_PATTERN"),
    BadField("resource_kind", "unknown", 99, "ENUM_DEFINED_ONLY"),
    BadField("resource_id", "too long", LONG[257], "STRING_MAX_LEN"),
    BadField("resource_id", "a NUL", "1\0", "STRING_PATTERN"),
    BadField("outcome", "unknown", 99, "ENUM_DEFINED_ONLY"),
    BadField("chain", "negative", -1, "INT32_GTE"),
    # --- Statements
    BadField("date", "without a day", "2026-03", "STRING_PATTERN"),
    BadField("first_date", "missing", ABSENT, "STRING_PATTERN"),
    BadField("first_date", "a time", "2026-03-01T00:00", "STRING_PATTERN"),
    BadField("last_date", "missing", ABSENT, "STRING_PATTERN"),
    BadField("last_date", "in another order", "01.03.2026", "STRING_PATTERN"),
    BadField("asset_code", "in small letters", "eur", "STRING_PATTERN"),
    BadField("account", "a space", "H: CASH", "STRING_PATTERN", only="ListDailyStatements"),
    BadField("minimum_position", "negative", -1, "INT64_GTE"),
]  # fmt: skip

TRIED_POLICIES = [
    BadField("described_bet", "missing", ABSENT, "REQUIRED", told="bets"),
    BadField("described_bet.stake", "missing", ABSENT, "REQUIRED"),
    BadField("described_bet.stake.asset_code", "empty", "", "STRING_PATTERN"),
    BadField("described_bet.stake.minor_units", "negative", -1, "STAKE_NOT_NEGATIVE", told="described_bet.stake"),
    BadField("described_bet.selected_source", "a hyphen", "a-b", "STRING_PATTERN"),
    BadField("described_bet.coupon_grant_id", "a space", "g 1", "STRING_PATTERN"),
    BadField("described_bet.provider_id", "in capitals", "ACME", "STRING_PATTERN"),
    BadField("described_bet.balances", "too many", [BALANCE] * 64, "REPEATED_MAX_ITEMS"),
    BadField("described_bet.balances.bucket", "empty", "", "STRING_PATTERN"),
    BadField("described_bet.balances.amount", "missing", ABSENT, "REQUIRED"),
    BadField("described_bet.balances.amount.asset_code", "empty", "", "STRING_PATTERN"),
    BadField("described_bet.balances.amount.minor_units", "negative", -1, "AMOUNT_NOT_NEGATIVE", told="described_bet.balances.amount"),
    BadField("described_bet.coupons", "too many", [COUPON] * 16, "REPEATED_MAX_ITEMS"),
    BadField("described_bet.coupons.grant_id", "empty", "", "STRING_PATTERN"),
    BadField("described_bet.coupons.amount", "missing", ABSENT, "REQUIRED"),
    BadField("described_bet.coupons.amount.asset_code", "empty", "", "STRING_PATTERN"),
    BadField("described_bet.coupons.amount.minor_units", "zero", 0, "AMOUNT_POSITIVE", told="described_bet.coupons.amount"),
    BadField("described_bet.frozen_buckets", "too many", ["b"] * 65, "REPEATED_MAX_ITEMS"),
    BadField("described_bet.frozen_buckets", "one empty", ["b", ""], "STRING_PATTERN", told="described_bet.frozen_buckets[1]"),
    BadField("recent_bets.provider_id", "empty", "", "STRING_PATTERN"),
    BadField("recent_bets.bets_max", "none", 0, "INT32_GTE_LTE"),
    BadField("recent_bets.bets_max", "too many", 201, "INT32_GTE_LTE"),
]  # fmt: skip
