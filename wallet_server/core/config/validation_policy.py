"""What is wrong with a policy."""

from collections.abc import Iterator
from typing import assert_never

from wallet_server.core.config.policy import (
    COUPON_SLOT,
    AutoOrder,
    CouponRules,
    Destinations,
    PlayerSelected,
    Policy,
    Proportional,
)
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    COUPONS_EXCLUDED,
    EMPTY,
    MISSING_DESTINATION,
    SELECTABLE_SOURCE_UNRESOLVED,
)
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation_names import (
    find_repetitions,
    find_unsuitable_bucket,
    negative_numbers,
)
from wallet_server.core.config.validation_rolling import find_rolling_rules_problems
from wallet_server.core.config.validation_wins import find_win_destination_problems


def find_policy_problems(policy: Policy, topology: Topology) -> list[Problem]:
    """Returns everything that is wrong with a policy in a topology.

    A bucket that is DRAINING may pay for bets, which helps to empty it, and gets
    back what its bets give back.
    """
    return [
        *funding_problems(policy, topology),
        *destination_problems(policy, topology),
        *missing_destinations(policy, topology),
        *negative_numbers({"max_stake_with_bonus": policy.max_stake_with_bonus}),
        *find_rolling_rules_problems(policy.rolling),
        *find_win_destination_problems(policy, topology),
    ]


def funding_problems(policy: Policy, topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with the way bets are funded."""
    match policy.funding_mode:
        case AutoOrder(order=order):
            if not order:
                yield Problem("auto_order.order", EMPTY, "no source can pay")
            yield from order_problems(order, policy.coupons, topology)
        case PlayerSelected() as mode:
            yield from choice_problems(mode, topology)
        case Proportional(sources=sources):
            if not sources:
                yield Problem("proportional.sources", EMPTY, "no source can pay")
            codes = tuple(each.source for each in sources)
            yield from source_problems(codes, topology, "proportional.sources[{}].source")
            for i, each in enumerate(sources):
                yield from negative_numbers({f"proportional.sources[{i}].weight": each.weight})
        case _:
            assert_never(policy.funding_mode)


def order_problems(
    order: tuple[str, ...], coupons: CouponRules, topology: Topology
) -> Iterator[Problem]:
    """Yields what is wrong with an order: of buckets, and at most one place for coupons."""
    path = "auto_order.order[{}]"
    for i, code in enumerate(order):
        if code != COUPON_SLOT:
            yield from find_unsuitable_bucket(code, topology, path.format(i))
        elif coupons.per_bet_max == 0:
            message = "coupons have a place, and coupons.per_bet_max lets none pay"
            yield Problem(path.format(i), COUPONS_EXCLUDED, message)
    yield from find_repetitions(order, path)


def choice_problems(mode: PlayerSelected, topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with what a player may choose from."""
    if not mode.choices:
        yield Problem("player_selected.choices", EMPTY, "there is nothing to choose from")
    names = set[str]()
    for i, choice in enumerate(mode.choices):
        path = f"player_selected.choices[{i}]"
        if choice.name in names:
            message = f"{choice.name} already means something else"
            yield Problem(f"{path}.name", SELECTABLE_SOURCE_UNRESOLVED, message)
        if not choice.sources:
            message = f"{choice.name} names no source"
            yield Problem(f"{path}.sources", SELECTABLE_SOURCE_UNRESOLVED, message)
        yield from source_problems(choice.sources, topology, path + ".sources[{}]")
        names.add(choice.name)


def source_problems(codes: tuple[str, ...], topology: Topology, path: str) -> Iterator[Problem]:
    """Yields what is wrong with a list of sources."""
    for i, code in enumerate(codes):
        yield from find_unsuitable_bucket(code, topology, path.format(i))
    yield from find_repetitions(codes, path)


def destination_problems(policy: Policy, topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with where payouts go."""
    for i, each in enumerate(policy.destinations):
        path = f"destinations[{i}]"
        yield from find_unsuitable_bucket(each.source, topology, f"{path}.source")
        yield from target_problems(each.destinations, topology, f"{path}.destinations")
    sources = [each.source for each in policy.destinations]
    yield from find_repetitions(sources, "destinations[{}].source")


def target_problems(destinations: Destinations, topology: Topology, path: str) -> Iterator[Problem]:
    """Yields what is wrong with the destinations of one source."""
    if destinations.stake_target is not None:
        target = destinations.stake_target
        yield from find_unsuitable_bucket(target, topology, f"{path}.stake_target")
    yield from find_unsuitable_bucket(destinations.profit_target, topology, f"{path}.profit_target")
    yield from negative_numbers({f"{path}.profit_cap": destinations.profit_cap})


def missing_destinations(policy: Policy, topology: Topology) -> Iterator[Problem]:
    """Yields the buckets that may pay while nothing says where their payouts go."""
    for source in dict.fromkeys(sources_of(policy)):
        if source in topology.bucket_by_code and source not in policy.destinations_by_source:
            message = f"{source} may pay, and nothing says where its payouts go"
            yield Problem("destinations", MISSING_DESTINATION, message)


def sources_of(policy: Policy) -> Iterator[str]:
    """Yields every source that a policy can use, in its order."""
    match policy.funding_mode:
        case AutoOrder(order=order):
            yield from order
        case PlayerSelected(choices=choices):
            for choice in choices:
                yield from choice.sources
        case Proportional(sources=sources):
            for each in sources:
                yield each.source
        case _:
            assert_never(policy.funding_mode)
