"""Requests that break no rule, and those in which one field is bad."""

from collections.abc import Iterator
from dataclasses import dataclass

import protovalidate
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp

from tests.rpc.bad_admin_fields import BALANCE, COUPON
from tests.rpc.bad_field import ABSENT, EUROS, BadField
from tests.rpc.bad_fields import BAD_FIELDS
from wallet.v1 import (
    audit_queries_pb2,
    exports_pb2,
    policy_admin_pb2,
    statement_queries_pb2,
    tenant_admin_pb2,
    topology_admin_pb2,
    wallet_commands_pb2,
    wallet_events_pb2,
    wallet_queries_pb2,
)
from wallet.v1.bet_pb2 import BetContext
from wallet.v1.exports_pb2 import EXPORT_FORMAT_CSV
from wallet.v1.money_pb2 import Money
from wallet.v1.player_pb2 import LIMIT_KIND_DEPOSIT, LIMIT_PERIOD_DAY
from wallet.v1.policy_admin_pb2 import PolicyDocument, PolicyName
from wallet.v1.policy_evaluation_pb2 import DescribedBet, RecentBets
from wallet.v1.rolling_pb2 import RollingTerms
from wallet.v1.tenant_pb2 import TenantSettings
from wallet.v1.wallet_commands_pb2 import (
    SUSPENSE_DECISION_CREDIT,
    BatchCommand,
    OpenWalletRequest,
    RoundBet,
    RoundWin,
)
from wallet.v1.wallet_events_pb2 import EventFilter
from wallet.v1.wallet_pb2 import ACCOUNT_STATUS_ACTIVE, WalletRef

FILES = (
    wallet_commands_pb2,
    wallet_queries_pb2,
    topology_admin_pb2,
    policy_admin_pb2,
    tenant_admin_pb2,
    audit_queries_pb2,
    wallet_events_pb2,
    statement_queries_pb2,
    exports_pb2,
)
METHODS: tuple[MethodDescriptor, ...] = tuple(
    method
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
)

NEVER_EMPTY = tuple(
    method
    for method in METHODS
    if protovalidate.collect_violations(GetMessageClass(method.input_type)(), fail_fast=True)
)
"""Those whose requests must say something."""

NAME = PolicyName(provider_type="SPORTS", version=1)
DEMO = WalletRef(tenant_id="demo", player_id="p1", currency_code="EUR")

EXAMPLES = {
    "commands": [BatchCommand(open_wallet=OpenWalletRequest(request_id="r1", wallet=DEMO))],
    "request_id": "r1",
    "wallet": DEMO,
    "deposit_id": "d1",
    "bucket": "sports_normal",
    "account": "bkt:sports_normal",
    "amount": EUROS,
    "reason_code": "GOODWILL",
    "provider_id": "acme-sports",
    "bet_ref": "b1",
    "transaction_ref": "b1",
    "stake": EUROS,
    "payout": EUROS,
    "result_version": 1,
    "tenant_id": "demo",
    "provider_type": "SPORTS",
    "cash_out_ref": "c1",
    "win_ref": "w1",
    "round_ref": "t1",
    "context": BetContext(game_id="g1"),
    "bets": [RoundBet(bet_ref="b1", stake=EUROS)],
    "wins": [RoundWin(win_ref="w1", amount=EUROS)],
    "decision": SUSPENSE_DECISION_CREDIT,
    "grant_id": "g1",
    "valid_from_time": Timestamp(seconds=1),
    "valid_until_time": Timestamp(seconds=2),
    "terms": COUPON.terms,
    "promotion_id": "p1",
    "rolling": RollingTerms(multiplier_bp=10_000),
    "source": "points",
    "target": "sports_normal",
    "requirement_id": "PROMOTION:p1",
    "reversal_id": "x1",
    "adjustment_id": "a1",
    "withdrawal_id": "w1",
    "status": ACCOUNT_STATUS_ACTIVE,
    "kind": LIMIT_KIND_DEPOSIT,  # Of whatever enumeration: its first value.
    "period": LIMIT_PERIOD_DAY,
    "paid": EUROS,
    "version": 1,
    "etag": "1",
    "yaml": "kind: Topology",
    "document": PolicyDocument(yaml="kind: WalletPolicy"),
    "name": NAME,
    "effective_time": Timestamp(seconds=1),
    "successor": "sports_normal",
    "drain_id": "x1",
    "described_bet": DescribedBet(
        stake=EUROS, context=BetContext(game_id="g1"), balances=[BALANCE], coupons=[COUPON]
    ),
    "settings": TenantSettings(display_name="Acme"),
    "subject": "spiffe://acme/cashier",
    "roles": ["cashier"],
    "credential_id": "0" * 32,
    "expire_time": Timestamp(seconds=1),
    "start_time": Timestamp(seconds=1),
    "end_time": Timestamp(seconds=2),
    "first_date": "2026-03-01",
    "last_date": "2026-03-31",
    "format": EXPORT_FORMAT_CSV,
    "filter": EventFilter(player_id="p1", currency_code="EUR"),
}
"""What a right request has in its fields; the others may be left out."""


@dataclass(frozen=True)
class BadRequest:
    """A request with one bad field."""

    request: Message
    bad: BadField

    @property
    def violation(self) -> tuple[str, str]:
        """The field and the rule that the server must name."""
        told = self.bad.path if self.bad.told is None else self.bad.told
        return (in_first_item(told), self.bad.rule)


def in_first_item(path: str) -> str:
    """Returns a path that leads through a described bet's lists as violations name it."""
    for name in ("balances", "coupons"):
        path = path.replace(f"described_bet.{name}.", f"described_bet.{name}[0].")
    return path


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
    """Puts a value into a field, or takes the field out. Of a list, into its first element."""
    name, _, rest = path.partition(".")
    if rest:
        spoil(part_of(message, name), rest, value)
    elif value is ABSENT:
        message.ClearField(name)
    elif isinstance(value, list):
        if not isinstance(value[0], Message):
            message.ClearField(name)
        getattr(message, name).extend(value)
    elif isinstance(value, Message):
        getattr(message, name).CopyFrom(value)
    else:
        setattr(message, name, value)


def part_of(message: Message, name: str) -> Message:
    """Returns the message in a field, which it puts there if there is none; or a list's first."""
    part = getattr(message, name)
    if not isinstance(part, Message):
        return part[0]
    if not message.HasField(name) and isinstance(part, Money):
        part.CopyFrom(EUROS)
    if not message.HasField(name) and isinstance(part, PolicyName):
        part.CopyFrom(NAME)
    if not message.HasField(name) and isinstance(part, RecentBets):
        part.CopyFrom(RecentBets(provider_id="acme-sports", bets_max=5))
    return part
