"""What is wrong with a transfer edge."""

from collections.abc import Iterator

from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    CAP_BELOW_MINIMUM,
    INEXACT_CONVERSION,
    NEGATIVE,
    NOT_POSITIVE,
    SAME_ASSET_RATE,
    SELF_EDGE,
)
from wallet_server.core.config.topology import Topology, TransferEdge
from wallet_server.core.config.validation_names import find_unknown_bucket


def find_edge_problems(edge: TransferEdge, topology: Topology, path: str) -> Iterator[Problem]:
    """Yields what is wrong with one transfer edge."""
    yield from find_unknown_bucket(edge.source, topology, f"{path}.source")
    yield from find_unknown_bucket(edge.target, topology, f"{path}.target")
    if edge.source == edge.target:
        yield Problem(f"{path}.target", SELF_EDGE, f"{edge.source} cannot transfer to itself")
    numbers = list(number_problems(edge, path))
    yield from numbers
    if not numbers:
        yield from conversion_problems(edge, topology, path)
        if edge.daily_cap is not None and edge.daily_cap < edge.minimum:
            message = f"{edge.daily_cap} a day is less than the minimum of {edge.minimum}"
            yield Problem(f"{path}.daily_cap", CAP_BELOW_MINIMUM, message)


def number_problems(edge: TransferEdge, path: str) -> Iterator[Problem]:
    """Yields the numbers of an edge that are out of their range."""
    positive = {
        "rate_numerator": edge.rate_numerator,
        "rate_denominator": edge.rate_denominator,
        "minimum": edge.minimum,
        "multiple_of": edge.multiple_of,
    }
    for name, number in positive.items():
        if number <= 0:
            yield Problem(f"{path}.{name}", NOT_POSITIVE, f"{number} is not positive")
    if edge.daily_cap is not None and edge.daily_cap <= 0:
        message = f"{edge.daily_cap} is not positive; an edge is closed by enabled: false"
        yield Problem(f"{path}.daily_cap", NOT_POSITIVE, message)
    if edge.opens_rolling_bp < 0:
        message = f"{edge.opens_rolling_bp} is negative"
        yield Problem(f"{path}.opens_rolling_bp", NEGATIVE, message)


def conversion_problems(edge: TransferEdge, topology: Topology, path: str) -> Iterator[Problem]:
    """Yields a problem if the rate would make value, lose it, or need rounding.

    Between buckets of one asset nothing is converted. Between others every amount
    that the edge lets through must come out whole.
    """
    source = topology.bucket_by_code.get(edge.source)
    target = topology.bucket_by_code.get(edge.target)
    if source is None or target is None:
        return
    if source.asset_code == target.asset_code:
        if edge.rate_numerator != edge.rate_denominator:
            message = f"{edge.source} and {edge.target} hold the same asset: the rate must be 1"
            yield Problem(f"{path}.rate_numerator", SAME_ASSET_RATE, message)
    elif edge.multiple_of * edge.rate_numerator % edge.rate_denominator:
        rate = f"{edge.rate_numerator}/{edge.rate_denominator}"
        message = f"multiples of {edge.multiple_of} at {rate} do not come out whole"
        yield Problem(f"{path}.multiple_of", INEXACT_CONVERSION, message)
