"""Every way that a field of a request for a file can be wrong, as a table."""

from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.bad_field import LONG, YEAR_9999, BadField

EXPORTS = [
    # field                     case               value              rule it breaks
    BadField("kind", "none", 0, "ENUM_NOT_IN", only="Export"),
    BadField("format", "none", 0, "ENUM_NOT_IN", only="Export"),
    BadField("format", "unknown", 99, "ENUM_DEFINED_ONLY", only="Export"),
    BadField("player_id", "a space", "p 1", "STRING_PATTERN", only="Export"),
    BadField("player_id", "too long", LONG[65], "STRING_PATTERN", only="Export"),
    BadField("currency_code", "small", "eur", "STRING_PATTERN", only="Export"),
    BadField("locale", "a space", "de DE", "STRING_PATTERN", only="Export"),
    BadField("locale", "too long", LONG[33], "STRING_PATTERN", only="Export"),
    BadField("end_time", "before 1970", Timestamp(seconds=-1), "TIMESTAMP_GTE_LT", only="Export"),
    BadField("end_time", "late", Timestamp(seconds=YEAR_9999), "TIMESTAMP_GTE_LT", only="Export"),
]
