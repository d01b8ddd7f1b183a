"""What is wrong with the terms of a rolling requirement, and with what counts for them."""

from collections.abc import Collection, Iterator
from typing import TypeAlias

from wallet_server.core.config.policy import Policy, RollingRules
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    NOT_OWN_MONEY,
    POLICY_MISSING,
    RELEASE_TARGET_ASSET_DIFFERS,
    RELEASE_TO_ITSELF,
    RELEASES_NOTHING,
)
from wallet_server.core.config.topology import OWN_MONEY, BucketType, Topology, Withdrawable
from wallet_server.core.config.validation_names import (
    find_draining_bucket,
    find_repetitions,
    find_unknown_bucket,
    negative_numbers,
)
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.rolling.requirement import RollingTerms

PlacedTerms: TypeAlias = tuple[str, RollingTerms]
"""Terms with their path."""


def find_rolling_rules_problems(rules: RollingRules) -> Iterator[Problem]:
    """Yields what is wrong with what bets count for rolling requirements."""
    yield from find_repetitions(rules.excluded_game_ids, "rolling.excluded_game_ids[{}]")


def find_deposit_rolling_problems(policy: WalletPolicy, topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with the requirement that deposits open, to whichever bucket."""
    if policy.deposit_rolling is not None:
        targets = [bucket for bucket in topology.buckets if bucket.depositable]
        terms = policy.deposit_rolling
        yield from find_terms_problems(terms, targets, topology, "deposit_rolling")


def find_terms_problems(
    terms: RollingTerms, buckets: Collection[BucketType], topology: Topology, path: str
) -> Iterator[Problem]:
    """Yields what is wrong with terms for value that goes to one of the buckets."""
    yield from negative_numbers({f"{path}.conversion_cap": terms.conversion_cap})
    yield from find_repetitions(terms.provider_types, path + ".provider_types[{}]")
    if terms.release_target:
        yield from release_problems(terms, buckets, topology, f"{path}.release_target")
        return
    for bucket in buckets:
        if bucket.bucket_class not in OWN_MONEY and bucket.withdrawable is Withdrawable.NEVER:
            message = f"nothing leaves {bucket.code} even when it is unlocked; say where it goes"
            yield Problem(f"{path}.release_target", RELEASES_NOTHING, message)


def release_problems(
    terms: RollingTerms, buckets: Collection[BucketType], topology: Topology, path: str
) -> Iterator[Problem]:
    """Yields what is wrong with where a bucket's money goes on release."""
    code = terms.release_target
    yield from find_unknown_bucket(code, topology, path)
    target = topology.bucket_by_code.get(code)
    if target is None:
        return
    if target.bucket_class not in OWN_MONEY:
        message = f"{code} is {target.bucket_class.value}; what is released is the player's own"
        yield Problem(path, NOT_OWN_MONEY, message)
    yield from find_draining_bucket(code, topology, path)
    for bucket in buckets:
        if bucket.code == code:
            message = f"{code} is the bucket that is locked; to unlock it there, name no target"
            yield Problem(path, RELEASE_TO_ITSELF, message)
        elif bucket.asset_code != target.asset_code:
            message = f"{code} does not hold the asset that {bucket.code} does"
            yield Problem(path, RELEASE_TARGET_ASSET_DIFFERS, message)


def find_unknown_provider_types(
    document: object, provider_types: Collection[str]
) -> Iterator[Problem]:
    """Yields the provider types whose bets are to count and that have no policy."""
    for path, terms in terms_of(document):
        for i, name in enumerate(terms.provider_types):
            if name not in provider_types:
                message = f"there is no policy for {name}, so its bets cannot count"
                yield Problem(f"{path}.provider_types[{i}]", POLICY_MISSING, message)


def terms_of(document: object) -> Iterator[PlacedTerms]:
    """Yields the rolling terms of a document, with their paths."""
    match document:
        case WalletPolicy(deposit_rolling=RollingTerms() as terms):
            yield "deposit_rolling", terms
        case Policy(win_destinations=destinations):
            for i, each in enumerate(destinations):
                if each.rolling is not None:
                    yield f"win_destinations[{i}].rolling", each.rolling
        case _:
            return
