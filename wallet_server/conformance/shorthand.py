"""What a scenario may write shorter than proto JSON, written out.

- A whole number for a `Money` is that many minor units of the wallet's currency.
- `$tenant` and `$player:NAME`, as a whole value, stand for the tenant of the run, or
  another one beside it as `$tenant-x`, and for the player of a wallet of the scenario;
  `$kept:NAME` for what a step before has kept.
- A mapping for a `yaml` is the document of these fields, written as text.
- `+72h` for a time is so long after the start of the scenario, however late it is by then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import yaml
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from wallet.v1 import money_pb2, wallet_pb2
from wallet_server.conformance.clock import START
from wallet_server.conformance.durations import parse_duration
from wallet_server.conformance.scenario import Json

MONEY = money_pb2.Money.DESCRIPTOR.full_name
TIMESTAMP = "google.protobuf.Timestamp"
AFTER_START = "+"
TENANT = "$tenant"
OTHER_TENANT = f"{TENANT}-"
PLAYER = "$player:"
KEPT = "$kept:"
YAML = "yaml"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who a scenario's names stand for in one run of it, and when that began."""

    tenant_id: str
    wallets: Mapping[str, wallet_pb2.WalletRef]
    start: datetime = START
    kept: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def only_name(self) -> str | None:
        """The name of the scenario's wallet, if it has just one."""
        return next(iter(self.wallets)) if len(self.wallets) == 1 else None

    def resolve(self, text: str) -> str:
        """Returns what a text stands for.

        Raises:
            KeyError: It is a name that stands for nothing.

        """
        if text == TENANT:
            return self.tenant_id
        if text.startswith(OTHER_TENANT):
            return self.tenant_id + text.removeprefix(TENANT)
        if text.startswith(PLAYER):
            return self.wallets[text.removeprefix(PLAYER)].player_id
        if text.startswith(KEPT):
            return self.kept[text.removeprefix(KEPT)]
        if text.startswith("$"):
            raise KeyError(text)
        return text

    def time(self, text: str) -> str:
        """Returns a time as proto JSON has it.

        Raises:
            KeyError: It is no span of time that may follow the sign.

        """
        if not text.startswith(AFTER_START):
            return text
        duration = parse_duration(text.removeprefix(AFTER_START))
        if duration is None:
            raise KeyError(text)
        time = Timestamp()
        time.FromDatetime(self.start + duration)
        return time.ToJsonString()


def write_out(message: Descriptor, value: Json, cast_: Cast, currency: str) -> Json:
    """Returns the proto JSON of a message that was written with shorthand."""
    if message.full_name == MONEY and isinstance(value, int) and not isinstance(value, bool):
        return {"asset_code": currency, "minor_units": value}
    if message.full_name == TIMESTAMP and isinstance(value, str):
        return cast_.time(value)
    if not isinstance(value, Mapping):
        return _resolve(value, cast_)
    fields = cast("Mapping[str, Json]", value)
    return {key: _write_field(message, key, each, cast_, currency) for key, each in fields.items()}


def _write_field(message: Descriptor, key: str, value: Json, cast_: Cast, currency: str) -> Json:
    field = message.fields_by_name.get(key)
    if field is None:
        return _resolve(value, cast_)
    if key == YAML and isinstance(value, Mapping):
        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
    if isinstance(value, list):
        items = cast("list[Json]", value)
        return [_write_value(field, item, cast_, currency) for item in items]
    return _write_value(field, value, cast_, currency)


def _write_value(field: FieldDescriptor, value: Json, cast_: Cast, currency: str) -> Json:
    message = field.message_type
    if message is None:
        return _resolve(value, cast_)
    return write_out(message, value, cast_, currency)


def _resolve(value: Json, cast_: Cast) -> Json:
    return cast_.resolve(value) if isinstance(value, str) else value
