"""I33: what the law of the United Kingdom lets be promised to players."""

from collections.abc import Iterable

from tests.simulation.step import Step
from wallet_server.core.commands import CreditPromotion, GrantCoupon
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.policy import AutoOrder, PlayerSelected, Policy, Proportional
from wallet_server.core.config.topology import OWN_MONEY, Withdrawable
from wallet_server.core.coupons.grant import CouponRestrictions

UK_MULTIPLIER_BP_MAX = 100_000


def check_law(step: Step) -> None:
    """What is credited or granted under the law asks for little, and of one kind of product."""
    configuration = step.configuration
    if not step.applied or configuration.wallet_policy.value.jurisdiction != "UK":
        return
    if isinstance(step.command, CreditPromotion):
        if step.command.rolling is not None:
            assert step.command.rolling.multiplier_bp <= UK_MULTIPLIER_BP_MAX
        usable = usable_of_credit(step.command, configuration)
        check_mix(step.command.qualifying_provider_types, usable, configuration)
    elif isinstance(step.command, GrantCoupon):
        usable = usable_of_coupon(step.command.terms.restrictions, configuration)
        check_mix(step.command.qualifying_provider_types, usable, configuration)


def check_mix(
    qualifying: Iterable[str], usable: set[str] | None, configuration: Configuration
) -> None:
    """R19: it is about one kind of product, unless its value is usable everywhere (none)."""
    if usable is None:
        return
    products = {product_of(name, configuration) for name in {*qualifying, *usable}}
    assert len(products) <= 1, products


def product_of(provider_type: str, configuration: Configuration) -> str:
    """Returns what a provider type offers; one that does not say is a kind of its own."""
    policy = configuration.policies.get(provider_type)
    return policy.value.product or provider_type if policy else provider_type


def usable_of_credit(command: CreditPromotion, configuration: Configuration) -> set[str] | None:
    """Returns the provider types where a promotion is used, or counts; none for everywhere."""
    topology = configuration.topology.value
    codes, before = {command.bucket}, set[str]()
    while codes != before:
        before = set(codes)
        codes |= {e.target for e in topology.transfer_edges if e.enabled and e.source in codes}
    types = set(configuration.policies)
    usable = {
        name
        for name, policy in configuration.policies.items()
        if not codes.isdisjoint(sources_of(policy.value))
    }
    counting = set(command.rolling.provider_types) if command.rolling else set[str]()
    bucket = topology.bucket_by_code[command.bucket]
    may_leave = bucket.bucket_class in OWN_MONEY and bucket.withdrawable is not Withdrawable.NEVER
    if (usable == types or may_leave) and (not counting or counting >= types):
        return None
    return usable | counting


def usable_of_coupon(terms: CouponRestrictions, configuration: Configuration) -> set[str] | None:
    """Returns the provider types where a coupon may pay; none for everywhere."""
    profiles = configuration.profiles
    of_providers = {
        profiles[each].value.provider_type for each in terms.provider_ids if each in profiles
    }
    if terms.provider_types and terms.provider_ids:
        return set(terms.provider_types) & of_providers
    if terms.provider_types or terms.provider_ids:
        return set(terms.provider_types) | of_providers
    narrow = (
        *(terms.game_ids, terms.sports, terms.competitions, terms.bet_types),
        *(terms.legs_min is not None, terms.legs_max is not None),
        *(terms.odds_milli_min is not None, terms.odds_milli_max is not None),
    )
    return set(configuration.policies) if any(narrow) else None


def sources_of(policy: Policy) -> set[str]:
    """Returns all that bets of a type may be paid from."""
    match policy.funding_mode:
        case AutoOrder(order=order):
            return set(order)
        case PlayerSelected(choices=choices):
            return {source for choice in choices for source in choice.sources}
        case Proportional(sources=sources):
            return {each.source for each in sources}
