"""Where the value of a promotion may be used."""

from dataclasses import replace

from wallet_server.core.commands import CreditPromotion
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.jurisdictions import Reach
from wallet_server.core.config.topology import OWN_MONEY, BucketType, Topology, Withdrawable
from wallet_server.core.config.validation_policy import sources_of
from wallet_server.core.coupons.grant import CouponRestrictions
from wallet_server.core.rolling.requirement import RollingTerms

NO_RESTRICTIONS = CouponRestrictions()


def reach_of_credit(command: CreditPromotion, configuration: Configuration) -> Reach:
    """Returns where the value of a promotion may be used, and must be to become free."""
    return reach_of_value(command.bucket, command.rolling, configuration)


def reach_of_value(code: str, terms: RollingTerms | None, configuration: Configuration) -> Reach:
    """Returns where value may be used that is given to a bucket, and must be to become free.

    Own money that may leave is usable everywhere, though bets of some types alone take it
    from its bucket.
    """
    everybody = frozenset(configuration.policies)
    bucket_type = configuration.topology.value.bucket_by_code[code]
    usable = provider_types_of(code, configuration)
    counting = frozenset(terms.provider_types if terms else ())
    everywhere = usable >= everybody or is_free(bucket_type)
    if everywhere and (not counting or counting >= everybody):
        return Reach(everybody, everywhere=True)
    return Reach(usable | counting, everywhere=False)


def reach_of_coupon(restrictions: CouponRestrictions, configuration: Configuration) -> Reach:
    """Returns which bets a coupon may pay for, by their provider types.

    Restrictions to games, sports and the like single out products without a name for them
    here: with those, a coupon that names no provider types is not one for everywhere.
    """
    everybody = frozenset(configuration.policies)
    named = frozenset(restrictions.provider_types)
    by_provider = frozenset(
        configuration.profiles[each].value.provider_type
        for each in restrictions.provider_ids
        if each in configuration.profiles
    )
    if named or restrictions.provider_ids:
        usable = named & by_provider if named and restrictions.provider_ids else named | by_provider
        return Reach(usable, everywhere=False)
    of_stakes_only = replace(restrictions, stake_min=None, stake_max=None) == NO_RESTRICTIONS
    return Reach(everybody, everywhere=of_stakes_only)


def provider_types_of(code: str, configuration: Configuration) -> frozenset[str]:
    """Returns the types whose bets a bucket's money can pay for, after transfers too."""
    reachable = buckets_from(code, configuration.topology.value)
    return frozenset(
        provider_type
        for provider_type, policy in configuration.policies.items()
        if not reachable.isdisjoint(sources_of(policy.value))
    )


def buckets_from(code: str, topology: Topology) -> frozenset[str]:
    """Returns the buckets that a bucket's money may be in after transfers, itself included."""
    reached = {code}
    waiting = [code]
    while waiting:
        source = waiting.pop()
        for edge in topology.transfer_edges:
            if edge.enabled and edge.source == source and edge.target not in reached:
                reached.add(edge.target)
                waiting.append(edge.target)
    return frozenset(reached)


def is_free(bucket_type: BucketType) -> bool:
    """Tells whether a bucket holds the player's own money, and lets it leave."""
    return (
        bucket_type.bucket_class in OWN_MONEY and bucket_type.withdrawable is not Withdrawable.NEVER
    )
