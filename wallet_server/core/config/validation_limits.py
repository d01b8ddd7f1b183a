"""What is wrong with how a wallet policy keeps limits."""

from collections.abc import Iterator
from functools import cache
from zoneinfo import available_timezones

from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    DUPLICATE,
    LIMIT_PERIOD_INVALID,
    LIMIT_RATE_MISSING,
    NOT_POSITIVE,
    UNKNOWN_ASSET,
    UNKNOWN_TIME_ZONE,
)
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation_names import find_repetitions, negative_numbers
from wallet_server.core.config.wallet_policy import DefaultLimit, LimitRules
from wallet_server.core.players.limit import LimitKind, LimitPeriod


def find_limit_problems(rules: LimitRules, topology: Topology) -> Iterator[Problem]:
    """Yields everything that is wrong with the rules for limits in a topology."""
    if rules.time_zone not in known_time_zones():
        message = f"{rules.time_zone} is no time zone of the IANA database"
        yield Problem("limits.time_zone", UNKNOWN_TIME_ZONE, message)
    yield from find_default_problems(rules, topology)
    yield from find_rate_problems(rules, topology)


@cache
def known_time_zones() -> frozenset[str]:
    """Returns the names of all time zones."""
    return frozenset(available_timezones())


def find_default_problems(rules: LimitRules, topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with the limits that hold for every player."""
    seen = set[tuple[LimitKind, LimitPeriod, str]]()
    for i, each in enumerate(rules.defaults):
        path = f"limits.defaults[{i}]"
        yield from find_unknown_currency(each.currency_code, topology, f"{path}.currency_code")
        yield from negative_numbers({f"{path}.amount": each.amount})
        name = (each.kind, each.period, each.currency_code)
        if name in seen:
            yield Problem(path, DUPLICATE, f"{' '.join(name)} is there before")
        seen.add(name)
        if each.period is LimitPeriod.BET and each.kind is not LimitKind.STAKE:
            message = f"{each.kind.value} is not limited for each bet; only STAKE is"
            yield Problem(f"{path}.period", LIMIT_PERIOD_INVALID, message)
        for code in sorted(currencies_without(each, rules, topology)):
            message = f"nothing says what {code} is worth in {each.currency_code}"
            yield Problem(f"{path}.currency_code", LIMIT_RATE_MISSING, message)


def currencies_without(each: DefaultLimit, rules: LimitRules, topology: Topology) -> set[str]:
    """Returns the currencies whose wallets a default limit would stop: it has no rate for them.

    It is not for those that have the same limit in their own.
    """
    own = {
        other.currency_code
        for other in rules.defaults
        if (other.kind, other.period) == (each.kind, each.period)
    }
    rated = {rate.currency_code for rate in rules.rates}
    others = topology.currencies - own
    return set(others - rated) if each.currency_code in rated else set(others)


def find_rate_problems(rules: LimitRules, topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with what currencies are worth."""
    codes = [rate.currency_code for rate in rules.rates]
    yield from find_repetitions(codes, "limits.rates[{}].currency_code")
    for i, rate in enumerate(rules.rates):
        path = f"limits.rates[{i}]"
        yield from find_unknown_currency(rate.currency_code, topology, f"{path}.currency_code")
        parts = {
            "rate_numerator": rate.rate_numerator,
            "rate_denominator": rate.rate_denominator,
        }
        for name, number in parts.items():
            if number <= 0:
                yield Problem(f"{path}.{name}", NOT_POSITIVE, f"{number} is not positive")


def find_unknown_currency(code: str, topology: Topology, path: str) -> Iterator[Problem]:
    """Yields a problem unless wallets of the topology may be in the currency."""
    if code not in topology.currencies:
        yield Problem(path, UNKNOWN_ASSET, f"the topology has no currency {code}")
