"""What is wrong with names and numbers, whatever document they are in."""

from collections.abc import Iterator, Mapping, Sequence

from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    BUCKET_DRAINING,
    DUPLICATE,
    NEGATIVE,
    RETIRED_BUCKET,
    UNKNOWN_BUCKET,
    WALLET_CURRENCY_REQUIRED,
)
from wallet_server.core.config.topology import BucketStatus, Topology


def find_repetitions(names: Sequence[str], path: str) -> Iterator[Problem]:
    """Yields a problem for each name that the sequence has had before.

    `path` has the place of the name within the sequence for `{}`.
    """
    seen = set[str]()
    for i, name in enumerate(names):
        if name in seen:
            yield Problem(path.format(i), DUPLICATE, f"{name} is there before")
        seen.add(name)


def find_unknown_bucket(code: str, topology: Topology, path: str) -> Iterator[Problem]:
    """Yields a problem unless the topology has the bucket."""
    if code in topology.bucket_by_code:
        return
    if code in topology.successor_by_code:
        successor = topology.successor_by_code[code]
        yield Problem(path, RETIRED_BUCKET, f"{code} is retired; {successor} took its place")
    else:
        yield Problem(path, UNKNOWN_BUCKET, f"the topology has no bucket {code}")


def find_unsuitable_bucket(code: str, topology: Topology, path: str) -> Iterator[Problem]:
    """Yields a problem unless the code is of a bucket of the wallet's currency.

    The books of a bet are kept in one asset, the wallet's currency.
    """
    yield from find_unknown_bucket(code, topology, path)
    bucket = topology.bucket_by_code.get(code)
    if bucket and bucket.asset_code is not None:
        message = f"bets are in the wallet's currency, and {code} holds {bucket.asset_code}"
        yield Problem(path, WALLET_CURRENCY_REQUIRED, message)


def find_draining_bucket(code: str, topology: Topology, path: str) -> Iterator[Problem]:
    """Yields a problem if the bucket takes nothing but what bets give back."""
    bucket = topology.bucket_by_code.get(code)
    if bucket and bucket.status is BucketStatus.DRAINING:
        message = f"{code} is DRAINING: only bets may give back to it"
        yield Problem(path, BUCKET_DRAINING, message)


def negative_numbers(number_by_path: Mapping[str, int | None]) -> Iterator[Problem]:
    """Yields the numbers that are negative."""
    for path, number in number_by_path.items():
        if number is not None and number < 0:
            yield Problem(path, NEGATIVE, f"{number} is negative")
