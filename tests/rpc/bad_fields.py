"""Every way that a field of a request can be wrong, as a table.

The table holds for all requests that have the field: `malformed` makes one of each.
"""

from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.bad_admin_fields import ADMINISTRATION, TRIED_POLICIES
from tests.rpc.bad_export_fields import EXPORTS
from tests.rpc.bad_field import (
    ABSENT,
    EUROS,
    INT64_MAX,
    INT64_MIN,
    LONG,
    YEAR_9999,
    BadField,
    bad_lists,
)
from tests.rpc.bad_journal_fields import JOURNAL
from wallet.v1.wallet_commands_pb2 import BatchCommand, RoundBet, RoundWin

COMMANDS_OF_BETS = "AuthorizeBet SettleBet UnsettleBet CashOutBet ReplanAuthorization"
NAMES_A_BET = f"{COMMANDS_OF_BETS} GetBet"
NAMES_A_ROUND = "CloseRound PlayRound RollbackRound GetRound"
NAMES_A_PROVIDER = (
    f"{NAMES_A_BET} {NAMES_A_ROUND} RollbackTransaction CreditWin ReleaseSuspense GetWin"
    " ExplainFunding GetProviderProfile"
)
ACTS_ON_A_BUCKET = "StartDraining StopDraining DrainBucket"
NAMES_A_BUCKET = (
    "CreateDeposit ApproveDeposit AdjustBalance CreditPromotion ForfeitBonus ReplanAuthorization"
    f" {ACTS_ON_A_BUCKET}"
)
NAMES_A_WITHDRAWAL = (
    "RequestWithdrawal ApproveWithdrawal RejectWithdrawal SubmitWithdrawal ConfirmWithdrawal"
    " FailWithdrawal CancelWithdrawal ReturnWithdrawal GetWithdrawal"
)
NAMES_A_LIMIT = "SetLimit ConfirmLimitIncrease"
NAMES_A_GRANT = "GrantCoupon RevokeCoupon"
GIVES_A_REASON = (
    "AdjustBalance ReleaseSuspense RevokeCoupon ForfeitBonus CancelRolling WriteOffDebt"
    " RejectWithdrawal SetAccountStatus ReplanAuthorization"
)
NEEDS_SOMETHING = (
    "CreateDeposit ApproveDeposit WriteOffDebt RequestWithdrawal GrantCoupon CreditPromotion"
    " TransferFunds"
)
OF_SOMETHING = f"{NEEDS_SOMETHING} ReverseDeposit GetWithdrawable"
OF_SOMETHING_OR_NOTHING = "RollbackTransaction CreditWin SetLimit"
STAKES_SOMETHING = "SettleBet CashOutBet ExplainFunding"
MAY_NAME_NO_TENANT = (
    "CreateCredential UpdateCredential RevokeCredential GetCredential ListCredentials"
    " ListAuditRecords"
)

WRONG = [
    # field                  case                   value              rule it breaks
    BadField("request_id", "empty", "", "STRING_PATTERN"),
    BadField("request_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("request_id", "a space", "r 1", "STRING_PATTERN"),
    BadField("request_id", "a NUL", "r\0", "STRING_PATTERN"),
    BadField("request_id", "a line break", "r1\n", "STRING_PATTERN"),
    BadField("request_id", "not ASCII", "rü", "STRING_PATTERN"),
    BadField("wallet", "missing", ABSENT, "REQUIRED"),
    BadField("wallet.tenant_id", "empty", "", "STRING_PATTERN"),
    BadField("wallet.tenant_id", "in capitals", "DEMO", "STRING_PATTERN"),
    BadField("wallet.tenant_id", "too long", LONG[33], "STRING_PATTERN"),
    BadField("wallet.tenant_id", "a quote", "demo'--", "STRING_PATTERN"),
    BadField("wallet.player_id", "empty", "", "STRING_PATTERN"),
    BadField("wallet.player_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("wallet.player_id", "a NUL", "p\x001", "STRING_PATTERN"),
    BadField("wallet.currency_code", "empty", "", "STRING_PATTERN"),
    BadField("wallet.currency_code", "in small letters", "eur", "STRING_PATTERN"),
    BadField("wallet.currency_code", "too short", "EU", "STRING_PATTERN"),
    BadField("wallet.currency_code", "too long", "EURO" * 4, "STRING_PATTERN"),
    BadField("correlation_id", "too long", LONG[129], "STRING_PATTERN"),
    BadField("correlation_id", "a line break", "c\n", "STRING_PATTERN"),
    BadField("deposit_id", "empty", "", "STRING_PATTERN"),
    BadField("deposit_id", "too long", LONG[129], "STRING_PATTERN"),
    BadField("bucket", "empty", "", "STRING_PATTERN", only=NAMES_A_BUCKET),
    BadField("bucket", "an account", "bkt:cash", "STRING_PATTERN"),
    BadField("bucket", "too long", LONG[33], "STRING_PATTERN"),
    BadField("amount", "missing", ABSENT, "REQUIRED", only=f"AdjustBalance CreditWin {NEEDS_SOMETHING}"),
    BadField("amount.asset_code", "in small letters", "eur", "STRING_PATTERN"),
    BadField("amount.asset_code", "empty", "", "STRING_PATTERN"),
    BadField("amount.minor_units", "zero", 0, "AMOUNT_POSITIVE", only=OF_SOMETHING, told="amount"),
    BadField("amount.minor_units", "negative", -1, "AMOUNT_POSITIVE", only=OF_SOMETHING, told="amount"),
    BadField("amount.minor_units", "the least", INT64_MIN, "AMOUNT_POSITIVE", only=OF_SOMETHING, told="amount"),
    BadField("amount.minor_units", "negative", -1, "AMOUNT_NOT_NEGATIVE", only=OF_SOMETHING_OR_NOTHING, told="amount"),
    BadField("amount.minor_units", "the least", INT64_MIN, "AMOUNT_NOT_NEGATIVE", only=OF_SOMETHING_OR_NOTHING, told="amount"),
    BadField("amount.minor_units", "zero", 0, "AMOUNT_NOT_ZERO", only="AdjustBalance", told="amount"),
    BadField("amount.minor_units", "the least", INT64_MIN, "AMOUNT_INVERTIBLE", only="AdjustBalance", told="amount"),
    BadField("reason_code", "empty", "", "STRING_PATTERN", only=GIVES_A_REASON),
    BadField("reason_code", "in small letters", "goodwill", "STRING_PATTERN"),
    BadField("reason_code", "too long", "X" * 65, "STRING_PATTERN"),
    BadField("comment", "too long", LONG[257], "STRING_MAX_LEN"),
    BadField("comment", "a NUL", "why\0", "STRING_PATTERN"),
    BadField("provider_id", "empty", "", "STRING_PATTERN", only=NAMES_A_PROVIDER),
    BadField("provider_id", "in capitals", "ACME", "STRING_PATTERN"),
    BadField("provider_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("bet_ref", "empty", "", "STRING_PATTERN", only=NAMES_A_BET),
    BadField("bet_ref", "too long", LONG[129], "STRING_PATTERN"),
    BadField("bet_ref", "a NUL", "b\0", "STRING_PATTERN"),
    BadField("transaction_ref", "empty", "", "STRING_PATTERN"),
    BadField("transaction_ref", "too long", LONG[129], "STRING_PATTERN"),
    BadField("round_ref", "empty", "", "STRING_PATTERN", only=NAMES_A_ROUND),
    BadField("round_ref", "too long", LONG[129], "STRING_PATTERN"),
    BadField("round_ref", "a space", "r 1", "STRING_PATTERN"),
    BadField("stake", "missing", ABSENT, "REQUIRED", only="AuthorizeBet ExplainFunding"),
    BadField("stake.asset_code", "in small letters", "eur", "STRING_PATTERN"),
    BadField("stake.minor_units", "zero", 0, "STAKE_POSITIVE", only=STAKES_SOMETHING, told="stake"),
    BadField("stake.minor_units", "negative", -1, "STAKE_POSITIVE", only=STAKES_SOMETHING, told="stake"),
    BadField("stake.minor_units", "negative", -1, "STAKE_NOT_NEGATIVE", only="AuthorizeBet", told="stake"),
    BadField("selected_source", "a hyphen", "a-b", "STRING_PATTERN"),
    BadField("selected_source", "too long", LONG[65], "STRING_PATTERN"),
    BadField("result_version", "zero", 0, "INT64_GTE"),
    BadField("result_version", "negative", -1, "INT64_GTE"),
    BadField("portion_ref", "too long", LONG[65], "STRING_PATTERN"),
    BadField("portion_ref", "a space", "a b", "STRING_PATTERN"),
    BadField("payout", "missing", ABSENT, "REQUIRED"),
    BadField("payout.asset_code", "too long", "EURO" * 4, "STRING_PATTERN"),
    BadField("payout.minor_units", "negative", -1, "PAYOUT_NOT_NEGATIVE", told="payout"),
    BadField("refund.asset_code", "empty", "", "STRING_PATTERN"),
    BadField("refund.minor_units", "negative", -1, "REFUND_NOT_NEGATIVE", told="refund"),
    BadField("result_kind", "of a whole bet", 4, "RESULT_KIND_OF_PORTION"),
    BadField("result_kind", "of a cash-out", 5, "RESULT_KIND_OF_RESULT"),
    BadField("result_kind", "unknown", 99, "ENUM_DEFINED_ONLY"),
    BadField("ordering", "unknown", 99, "ENUM_DEFINED_ONLY"),
    BadField("portion_refs", "too many", [f"p{n}" for n in range(65)], "REPEATED_MAX_ITEMS"),
    BadField("portion_refs", "one twice", ["a", "a"], "REPEATED_UNIQUE"),
    BadField("portion_refs", "one too long", ["a", LONG[65]], "STRING_PATTERN", told="portion_refs[1]"),
    BadField("commands", "none", ABSENT, "REPEATED_MIN_ITEMS"),
    BadField("commands", "too many", [BatchCommand()] * 500, "REPEATED_MAX_ITEMS"),
    BadField("minimum_sequence", "negative", -1, "INT64_GTE"),
    BadField("page_size", "negative", -1, "INT32_GTE"),
    BadField("page_token", "too long", LONG[1025], "STRING_MAX_LEN"),
    BadField("tenant_id", "empty", "", "STRING_PATTERN", but=MAY_NAME_NO_TENANT),
    BadField("tenant_id", "in capitals", "DEMO", "STRING_PATTERN"),
    BadField("provider_type", "in small letters", "sports", "STRING_PATTERN"),
    BadField("provider_type", "empty", "", "STRING_PATTERN", only="GetPolicy"),
    # --- What a bet is on, and what is to pay for it
    BadField("coupon_grant_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("coupon_grant_id", "a space", "g 1", "STRING_PATTERN"),
    BadField("context.game_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("context.sport", "a space", "water polo", "STRING_PATTERN"),
    BadField("context.competition", "not ASCII", "süd", "STRING_PATTERN"),
    BadField("context.bet_type", "too long", LONG[65], "STRING_PATTERN"),
    BadField("context.legs", "none", 0, "INT32_GTE"),
    BadField("context.odds_milli", "below one", 999, "INT32_GTE"),
    BadField("free_round", "with a stake", True, "FREE_ROUND_WITHOUT_STAKE", told=""),
    BadField("bets.free_round", "with a stake", True, "FREE_ROUND_WITHOUT_STAKE", told="bets[0]"),
    # --- Cash-outs, wins and rounds
    BadField("cash_out_ref", "empty", "", "STRING_PATTERN"),
    BadField("cash_out_ref", "too long", LONG[129], "STRING_PATTERN"),
    BadField("win_ref", "empty", "", "STRING_PATTERN"),
    BadField("win_ref", "too long", LONG[129], "STRING_PATTERN"),
    BadField("kind", "unknown", 99, "ENUM_DEFINED_ONLY"),
    BadField("kind", "none", 0, "REQUIRED", only=NAMES_A_LIMIT),
    BadField("pool", "a space", "mega 1", "STRING_PATTERN"),
    BadField("pool", "too long", LONG[33], "STRING_PATTERN"),
    BadField("bets", "too many", [RoundBet(bet_ref="b1", stake=EUROS)] * 8, "REPEATED_MAX_ITEMS"),
    BadField("bets.bet_ref", "empty", "", "STRING_PATTERN", told="bets[0].bet_ref"),
    BadField("bets.stake", "missing", ABSENT, "REQUIRED", told="bets[0].stake"),
    BadField("bets.stake.asset_code", "empty", "", "STRING_PATTERN", told="bets[0].stake.asset_code"),
    BadField("bets.stake.minor_units", "negative", -1, "STAKE_NOT_NEGATIVE", told="bets[0].stake"),
    BadField("bets.selected_source", "a hyphen", "a-b", "STRING_PATTERN", told="bets[0].selected_source"),
    BadField("bets.coupon_grant_id", "too long", LONG[65], "STRING_PATTERN", told="bets[0].coupon_grant_id"),
    BadField("wins", "too many", [RoundWin(win_ref="w1", amount=EUROS)] * 8, "REPEATED_MAX_ITEMS"),
    BadField("wins.win_ref", "empty", "", "STRING_PATTERN", told="wins[0].win_ref"),
    BadField("wins.amount", "missing", ABSENT, "REQUIRED", told="wins[0].amount"),
    BadField("wins.amount.asset_code", "empty", "", "STRING_PATTERN", told="wins[0].amount.asset_code"),
    BadField("wins.amount.minor_units", "negative", -1, "AMOUNT_NOT_NEGATIVE", told="wins[0].amount"),
    BadField("wins.kind", "unknown", 99, "ENUM_DEFINED_ONLY", told="wins[0].kind"),
    BadField("wins.pool", "a space", "mega 1", "STRING_PATTERN", told="wins[0].pool"),
    BadField("transaction_refs", "too many", [f"b{n}" for n in range(33)], "REPEATED_MAX_ITEMS"),
    BadField("transaction_refs", "one twice", ["b1", "b1"], "REPEATED_UNIQUE"),
    BadField("transaction_refs", "one empty", ["b1", ""], "STRING_PATTERN", told="transaction_refs[1]"),
    BadField("decision", "none", 0, "REQUIRED"),
    BadField("decision", "unknown", 99, "ENUM_DEFINED_ONLY"),
    # --- Coupons
    BadField("grant_id", "empty", "", "STRING_PATTERN", only=NAMES_A_GRANT),
    BadField("grant_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("grant_id", "a space", "g 1", "STRING_PATTERN"),
    BadField("valid_from_time", "before 1970", Timestamp(seconds=-1), "TIMESTAMP_GTE_LT"),
    BadField("valid_from_time", "far away", Timestamp(seconds=INT64_MAX), "TIMESTAMP_GTE_LT"),
    BadField("valid_until_time", "missing", ABSENT, "REQUIRED"),
    BadField("valid_until_time", "before 1970", Timestamp(seconds=INT64_MIN), "TIMESTAMP_GTE_LT"),
    BadField("valid_until_time", "far away", Timestamp(seconds=YEAR_9999), "TIMESTAMP_GTE_LT"),
    BadField("terms", "missing", ABSENT, "REQUIRED"),
    BadField("terms.profit_target", "empty", "", "STRING_PATTERN"),
    BadField("terms.stake_target", "an account", "bkt:cash", "STRING_PATTERN"),
    BadField("terms.profit_cap", "negative", -1, "INT64_GTE"),
    BadField("terms.use_mode", "unknown", 99, "ENUM_DEFINED_ONLY"),
    BadField("terms.void_behavior", "unknown", 99, "ENUM_DEFINED_ONLY"),
    BadField("terms.uses_max", "none", 0, "INT32_GTE"),
    *(
        bad
        for name, max_items, good, wrong in [
            ("provider_types", 16, "TYPE{}", "slots"),
            ("provider_ids", 16, "acme-{}", "ACME"),
            ("game_ids", 32, "g{}", "g 1"),
            ("sports", 16, "s{}", ""),
            ("competitions", 16, "c{}", "x" * 65),
            ("bet_types", 16, "t{}", "a\nb"),
        ]
        for bad in bad_lists(f"terms.restrictions.{name}", max_items, good, wrong)
    ),
    BadField("terms.restrictions.legs_min", "none", 0, "INT32_GTE"),
    BadField("terms.restrictions.legs_max", "none", 0, "INT32_GTE"),
    BadField("terms.restrictions.odds_milli_min", "below one", 999, "INT32_GTE"),
    BadField("terms.restrictions.odds_milli_max", "below one", 999, "INT32_GTE"),
    BadField("terms.restrictions.stake_min", "none", 0, "INT64_GTE"),
    BadField("terms.restrictions.stake_max", "none", 0, "INT64_GTE"),
    # --- Promotions, transfers and rolling
    BadField("promotion_id", "empty", "", "STRING_PATTERN"),
    BadField("promotion_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("rolling.multiplier_bp", "none", 0, "INT64_GTE"),
    BadField("rolling.release_target", "an account", "bkt:cash", "STRING_PATTERN"),
    BadField("rolling.conversion_cap", "negative", -1, "INT64_GTE"),
    BadField("rolling.release_mode", "unknown", 99, "ENUM_DEFINED_ONLY"),
    *bad_lists("rolling.provider_types", 16, "TYPE{}", "slots"),
    BadField("rolling.expires_after_seconds", "none", 0, "INT32_GTE"),
    *bad_lists("qualifying_provider_types", 16, "TYPE{}", ""),
    BadField("mode", "unknown", 99, "ENUM_DEFINED_ONLY"),
    BadField("source", "empty", "", "STRING_PATTERN"),
    BadField("source", "an account", "bkt:cash", "STRING_PATTERN"),
    BadField("target", "empty", "", "STRING_PATTERN"),
    BadField("target", "an account", "bkt:cash", "STRING_PATTERN"),
    BadField("requirement_id", "empty", "", "STRING_PATTERN"),
    BadField("requirement_id", "too long", LONG[257], "STRING_PATTERN"),
    BadField("revision", "negative", -1, "INT64_GTE"),
    # --- The cashier, and players
    BadField("method", "a space", "by card", "STRING_PATTERN"),
    BadField("method", "too long", LONG[65], "STRING_PATTERN"),
    BadField("withdrawal_id", "empty", "", "STRING_PATTERN", only=NAMES_A_WITHDRAWAL),
    BadField("withdrawal_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("withdrawal_id", "a line break", "w1\n", "STRING_PATTERN"),
    BadField("reversal_id", "empty", "", "STRING_PATTERN"),
    BadField("reversal_id", "too long", LONG[129], "STRING_PATTERN"),
    BadField(
        "adjustment_id",
        "empty",
        "",
        "STRING_PATTERN",
        only="WriteOffDebt ReplanAuthorization",
    ),
    BadField("adjustment_id", "too long", LONG[129], "STRING_PATTERN"),
    BadField("payout_ref", "too long", LONG[129], "STRING_PATTERN"),
    BadField("payout_ref", "a NUL", "p\0", "STRING_PATTERN"),
    BadField("paid.asset_code", "in small letters", "eur", "STRING_PATTERN"),
    BadField("paid.minor_units", "zero", 0, "PAID_POSITIVE", told="paid"),
    BadField("paid.minor_units", "negative", -1, "PAID_POSITIVE", told="paid"),
    BadField("status", "none", 0, "REQUIRED"),
    BadField("status", "unknown", 99, "ENUM_DEFINED_ONLY"),
    BadField("period", "none", 0, "REQUIRED"),
    BadField("period", "unknown", 99, "ENUM_DEFINED_ONLY"),
    # --- Listings
    BadField("states", "one twice", [1, 1], "REPEATED_UNIQUE"),
    BadField("states", "one unknown", [1, 99], "ENUM_DEFINED_ONLY", told="states[1]"),
    BadField("states", "one unspecified", [0], "ENUM_NOT_IN", told="states[0]"),
    # --- Events
    BadField("after_position", "negative", -1, "INT64_GTE"),
    BadField("filter.types", "one twice", [2, 2], "REPEATED_UNIQUE"),
    BadField("filter.types", "one unknown", [2, 999], "ENUM_DEFINED_ONLY", told="filter.types[1]"),
    BadField("filter.types", "one unspecified", [0], "ENUM_NOT_IN", told="filter.types[0]"),
    BadField("filter.player_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("filter.player_id", "a space", "p 1", "STRING_PATTERN"),
    BadField("filter.currency_code", "in small letters", "eur", "STRING_PATTERN"),
    *JOURNAL,
    *EXPORTS,
    *ADMINISTRATION,
    *TRIED_POLICIES,
]  # fmt: skip

COUPONS = "described_bet.coupons"
IN_DESCRIBED_BETS = [
    BadField(f"described_bet.{bad.path}", bad.case, bad.value, bad.rule)
    for bad in WRONG
    if bad.path.startswith("context.")
]
IN_DESCRIBED_COUPONS = [
    BadField(
        f"{COUPONS}.{bad.path}",
        bad.case,
        bad.value,
        bad.rule,
        told=f"{COUPONS}.{bad.told or bad.path}",
    )
    for bad in WRONG
    if bad.path.partition(".")[0] in {"terms", "valid_until_time"}
]

BAD_FIELDS = [*WRONG, *IN_DESCRIBED_BETS, *IN_DESCRIBED_COUPONS]
