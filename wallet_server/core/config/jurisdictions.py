"""What laws ask of a tenant's wallets, and what they rule out when value is given.

What a law asks of the configuration itself is checked when that is activated
(`validation.py`); what is here is checked when a promotion or a coupon is given.
"""

from collections.abc import Collection, Iterable, Mapping

from wallet_server.core.config.configuration import Configuration
from wallet_server.core.refusals import JurisdictionMixedProduct, JurisdictionWageringCap
from wallet_server.core.value import value


@value
class Jurisdiction:
    """What one law asks.

    `wagering_max_bp` is the highest multiplier of a rolling requirement, in hundredths of a
    percent; none for any. `mixes_products`: one promotion may be about several kinds of
    products. `locks_own_money`: a rolling requirement may keep the player's own money in.
    `reverses_withdrawals`: a player may take back a withdrawal that nobody has approved.
    """

    code: str = ""
    wagering_max_bp: int | None = None
    mixes_products: bool = True
    locks_own_money: bool = True
    reverses_withdrawals: bool = True


@value
class Reach:
    """Where a promotion's value may be used: by provider types, or everywhere.

    What is usable everywhere also names all provider types.
    """

    provider_types: frozenset[str]
    everywhere: bool


NO_LAW = Jurisdiction()
"""For tenants whose wallet policy names none."""

UNITED_KINGDOM = Jurisdiction(
    "UK",
    wagering_max_bp=100_000,
    mixes_products=False,
    locks_own_money=False,
    reverses_withdrawals=False,
)

JURISDICTIONS: Mapping[str, Jurisdiction] = {each.code: each for each in (NO_LAW, UNITED_KINGDOM)}
"""The laws whose rules are known here. A wallet policy that names another is not activated."""


def law_of(configuration: Configuration) -> Jurisdiction:
    """Returns the law that a tenant's wallet policy names."""
    return JURISDICTIONS[configuration.wallet_policy.value.jurisdiction]


def may_reverse_withdrawals(configuration: Configuration) -> bool:
    """Tells whether law and wallet policy let players take withdrawals back."""
    is_reversible = configuration.wallet_policy.value.withdrawals.reversible
    return is_reversible and law_of(configuration).reverses_withdrawals


def check_wagering(multiplier_bp: int, law: Jurisdiction) -> JurisdictionWageringCap | None:
    """Refuses a multiplier above the law's highest; at it is allowed."""
    if law.wagering_max_bp is None or multiplier_bp <= law.wagering_max_bp:
        return None
    return JurisdictionWageringCap(multiplier_bp, law.wagering_max_bp, law.code)


def check_products(
    qualifying: Collection[str], reach: Reach, configuration: Configuration
) -> JurisdictionMixedProduct | None:
    """Refuses a promotion that is about several kinds of products, where the law does.

    `qualifying` are the provider types that the player had to use to get it. Value that is
    usable everywhere leads the player nowhere in particular, and is never refused.
    """
    law = law_of(configuration)
    if law.mixes_products or reach.everywhere:
        return None
    products = products_of({*qualifying, *reach.provider_types}, configuration)
    if len(products) <= 1:
        return None
    return JurisdictionMixedProduct(law.code, ", ".join(sorted(products)))


def products_of(provider_types: Iterable[str], configuration: Configuration) -> frozenset[str]:
    """Returns the kinds of products that provider types offer.

    One whose policy names no product, or that has no policy, is a kind of its own.
    """
    policies = configuration.policies
    return frozenset(
        (policies[name].value.product or name) if name in policies else name
        for name in provider_types
    )
