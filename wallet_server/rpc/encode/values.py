"""What every message is made of: amounts, times and enumerations."""

from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Protocol, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from wallet.v1.money_pb2 import Money

TIMES_CACHED_MAX = 4_096
SECONDS_PER_DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

E = TypeVar("E", bound=Enum)
Number_co = TypeVar("Number_co", covariant=True)


class WireEnum(Protocol[Number_co]):
    """An enumeration of a proto."""

    def Value(self, name: str) -> Number_co:
        """Returns the number of a value."""
        ...


def numbers(values: type[E], wire: WireEnum[Number_co], *, prefix: str) -> dict[E, Number_co]:
    """Returns the numbers on the wire of all values, which are named alike there."""
    return {value: wire.Value(f"{prefix}_{value.name}") for value in values}


def fill_money(message: Money, minor_units: int, asset_code: str) -> None:
    """Writes an amount with its asset into an empty message, which is then there even for zero."""
    message.asset_code = asset_code
    if minor_units:
        message.minor_units = minor_units


def money(minor_units: int, asset_code: str) -> Money:
    """Returns an amount with its asset."""
    return Money(asset_code=asset_code, minor_units=minor_units)


@lru_cache(maxsize=TIMES_CACHED_MAX)
def timestamp(time: datetime) -> Timestamp:
    """Returns a time, exact to the microsecond.

    The message is shared: a caller puts it into another, which copies it.
    """
    seconds, nanos = since_epoch(time)
    return Timestamp(seconds=seconds, nanos=nanos)


def since_epoch(time: datetime) -> tuple[int, int]:
    """Returns the seconds and nanoseconds of a timestamp, exact to the microsecond."""
    since = time - EPOCH
    return since.days * SECONDS_PER_DAY + since.seconds, since.microseconds * 1_000
