"""What is wrong with names, whatever document they are in."""

from collections.abc import Iterator, Sequence

from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import DUPLICATE, RETIRED_BUCKET, UNKNOWN_BUCKET
from wallet_server.core.config.topology import Topology


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
