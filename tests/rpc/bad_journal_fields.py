"""Every way that a field of a read of the journal, or of the past, can be wrong, as a table."""

from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.bad_field import YEAR_9999, BadField

BEFORE_1970, TOO_LATE = Timestamp(seconds=-1), Timestamp(seconds=YEAR_9999)
KINDS = [f"Command{chr(ord('a') + n // 26)}{chr(ord('a') + n % 26)}" for n in range(65)]
NAMES_AN_ACCOUNT = "ExplainBalance ListBalanceChanges"
TAKES_AN_ACCOUNT = f"{NAMES_AN_ACCOUNT} ListEntries"
NAMES_A_MOMENT = "GetWallet ExplainBalance"

JOURNAL = [
    # field                  case                   value              rule it breaks
    BadField("account", "empty", "", "STRING_PATTERN", only=NAMES_AN_ACCOUNT),
    BadField("account", "too long", "x" * 193, "STRING_PATTERN", only=TAKES_AN_ACCOUNT),
    BadField("account", "a space", "bkt:sports normal", "STRING_PATTERN", only=TAKES_AN_ACCOUNT),
    BadField("after_sequence", "negative", -1, "INT64_GTE"),
    BadField("at_sequence", "negative", -1, "INT64_GTE"),
    BadField("at_sequence", "zero", 0, "INT64_GTE", only=NAMES_A_MOMENT),
    BadField("at_time", "before 1970", BEFORE_1970, "TIMESTAMP_GTE_LT"),
    BadField("at_time", "too late", TOO_LATE, "TIMESTAMP_GTE_LT"),
    BadField("after_time", "before 1970", BEFORE_1970, "TIMESTAMP_GTE_LT"),
    BadField("after_time", "too late", TOO_LATE, "TIMESTAMP_GTE_LT"),
    BadField("causes", "one twice", [1, 1], "REPEATED_UNIQUE"),
    BadField("causes", "one unknown", [1, 99], "ENUM_DEFINED_ONLY", told="causes[1]"),
    BadField("causes", "one unspecified", [0], "ENUM_NOT_IN", told="causes[0]"),
    BadField("command_kinds", "too many", KINDS, "REPEATED_MAX_ITEMS"),
    BadField("command_kinds", "one twice", ["SettleBet", "SettleBet"], "REPEATED_UNIQUE"),
    BadField("command_kinds", "one wrong", ["SettleBet", "settle"], "STRING_PATTERN", told="command_kinds[1]"),
]  # fmt: skip
