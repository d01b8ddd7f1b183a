"""Every way that a field of a request can be wrong, as a table.

A case breaks one field of a request that is otherwise right. The table holds for all
requests that have the field: `bad_requests` makes one of each.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from wallet.v1 import (
    policy_admin_pb2,
    topology_admin_pb2,
    wallet_commands_pb2,
    wallet_queries_pb2,
)
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2 import BatchCommand, OpenWalletRequest
from wallet.v1.wallet_pb2 import WalletRef

FILES = (wallet_commands_pb2, wallet_queries_pb2, topology_admin_pb2, policy_admin_pb2)
METHODS: tuple[MethodDescriptor, ...] = tuple(
    method
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
)

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
ABSENT = object()

DEMO = WalletRef(tenant_id="demo", player_id="p1", currency_code="EUR")

EXAMPLES = {
    "commands": [BatchCommand(open_wallet=OpenWalletRequest(request_id="r1", wallet=DEMO))],
    "request_id": "r1",
    "wallet": DEMO,
    "deposit_id": "d1",
    "bucket": "sports_normal",
    "amount": Money(asset_code="EUR", minor_units=500),
    "reason_code": "GOODWILL",
    "provider_id": "acme-sports",
    "bet_ref": "b1",
    "transaction_ref": "b1",
    "stake": Money(asset_code="EUR", minor_units=500),
    "payout": Money(asset_code="EUR", minor_units=500),
    "result_version": 1,
    "tenant_id": "demo",
    "provider_type": "SPORTS",
}
"""What a right request has in its fields; the others may be left out."""


@dataclass(frozen=True)
class BadField:
    """A value that a field may not have, and the rule it breaks."""

    path: str
    case: str
    value: object
    rule: str
    only: str = ""
    told: str = ""

    def breaks(self, method: MethodDescriptor) -> bool:
        """Tells whether the method's request has the field, with this rule on it."""
        name = self.path.partition(".")[0]
        here = not self.only or method.name in self.only.split()
        return here and name in method.input_type.fields_by_name


LONG = {length: "x" * length for length in (33, 65, 129, 257, 1025)}
COMMANDS_OF_BETS = "AuthorizeBet SettleBet UnsettleBet"

BAD_FIELDS = [
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
    BadField("bucket", "empty", "", "STRING_PATTERN"),
    BadField("bucket", "an account", "bkt:cash", "STRING_PATTERN"),
    BadField("bucket", "too long", LONG[33], "STRING_PATTERN"),
    BadField("amount", "missing", ABSENT, "REQUIRED", only="ApproveDeposit AdjustBalance"),
    BadField("amount.asset_code", "in small letters", "eur", "STRING_PATTERN"),
    BadField("amount.asset_code", "empty", "", "STRING_PATTERN"),
    BadField("amount.minor_units", "zero", 0, "AMOUNT_POSITIVE", only="ApproveDeposit RollbackTransaction", told="amount"),
    BadField("amount.minor_units", "negative", -1, "AMOUNT_POSITIVE", only="ApproveDeposit RollbackTransaction", told="amount"),
    BadField("amount.minor_units", "the least", INT64_MIN, "AMOUNT_POSITIVE", only="ApproveDeposit RollbackTransaction", told="amount"),
    BadField("amount.minor_units", "zero", 0, "AMOUNT_NOT_ZERO", only="AdjustBalance", told="amount"),
    BadField("amount.minor_units", "the least", INT64_MIN, "AMOUNT_INVERTIBLE", only="AdjustBalance", told="amount"),
    BadField("reason_code", "empty", "", "STRING_PATTERN"),
    BadField("reason_code", "in small letters", "goodwill", "STRING_PATTERN"),
    BadField("reason_code", "too long", "X" * 65, "STRING_PATTERN"),
    BadField("comment", "too long", LONG[257], "STRING_MAX_LEN"),
    BadField("comment", "a NUL", "why\0", "STRING_PATTERN"),
    BadField("provider_id", "empty", "", "STRING_PATTERN", only=f"{COMMANDS_OF_BETS} RollbackTransaction GetBet ExplainFunding GetProviderProfile"),
    BadField("provider_id", "in capitals", "ACME", "STRING_PATTERN"),
    BadField("provider_id", "too long", LONG[65], "STRING_PATTERN"),
    BadField("bet_ref", "empty", "", "STRING_PATTERN"),
    BadField("bet_ref", "too long", LONG[129], "STRING_PATTERN"),
    BadField("bet_ref", "a NUL", "b\0", "STRING_PATTERN"),
    BadField("transaction_ref", "empty", "", "STRING_PATTERN"),
    BadField("transaction_ref", "too long", LONG[129], "STRING_PATTERN"),
    BadField("round_ref", "too long", LONG[129], "STRING_PATTERN"),
    BadField("round_ref", "a space", "r 1", "STRING_PATTERN"),
    BadField("stake", "missing", ABSENT, "REQUIRED", only="AuthorizeBet ExplainFunding"),
    BadField("stake.asset_code", "in small letters", "eur", "STRING_PATTERN"),
    BadField("stake.minor_units", "zero", 0, "STAKE_POSITIVE", told="stake"),
    BadField("stake.minor_units", "negative", -1, "STAKE_POSITIVE", told="stake"),
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
    BadField("result_kind", "unknown", 99, "ENUM_DEFINED_ONLY"),
    BadField("portion_refs", "too many", [f"p{n}" for n in range(65)], "REPEATED_MAX_ITEMS"),
    BadField("portion_refs", "one twice", ["a", "a"], "REPEATED_UNIQUE"),
    BadField("portion_refs", "one too long", ["a", LONG[65]], "STRING_PATTERN", told="portion_refs[1]"),
    BadField("commands", "none", ABSENT, "REPEATED_MIN_ITEMS"),
    BadField("commands", "too many", [BatchCommand()] * 500, "REPEATED_MAX_ITEMS"),
    BadField("minimum_sequence", "negative", -1, "INT64_GTE"),
    BadField("page_size", "negative", -1, "INT32_GTE"),
    BadField("page_token", "too long", LONG[1025], "STRING_MAX_LEN"),
    BadField("tenant_id", "empty", "", "STRING_PATTERN"),
    BadField("tenant_id", "in capitals", "DEMO", "STRING_PATTERN"),
    BadField("version", "negative", -1, "INT64_GTE"),
    BadField("provider_type", "in small letters", "sports", "STRING_PATTERN"),
    BadField("provider_type", "empty", "", "STRING_PATTERN", only="GetPolicy"),
]  # fmt: skip


@dataclass(frozen=True)
class BadRequest:
    """A request with one bad field."""

    request: Message
    bad: BadField

    @property
    def violation(self) -> tuple[str, str]:
        """The field and the rule that the server must name."""
        return (self.bad.told or self.bad.path, self.bad.rule)


def good_request(method: MethodDescriptor) -> Message:
    """Returns a request that breaks no rule."""
    names = method.input_type.fields_by_name
    return GetMessageClass(method.input_type)(**{n: EXAMPLES[n] for n in names if n in EXAMPLES})


def bad_requests(method: MethodDescriptor) -> Iterator[BadRequest]:
    """Yields one request for each case that concerns the method."""
    for bad in BAD_FIELDS:
        if bad.breaks(method):
            request = good_request(method)
            spoil(request, bad.path, bad.value)
            yield BadRequest(request, bad)


def spoil(message: Message, path: str, value: object) -> None:
    """Puts a value into a field, or takes the field out."""
    name, _, rest = path.partition(".")
    if rest:
        part = getattr(message, name)
        if not message.HasField(name):
            part.CopyFrom(EXAMPLES["amount"])
        spoil(part, rest, value)
    elif value is ABSENT:
        message.ClearField(name)
    elif isinstance(value, list):
        getattr(message, name).extend(value)
    else:
        setattr(message, name, value)
