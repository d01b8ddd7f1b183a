"""What a law that keeps kinds of products apart rules out in policies."""

from collections.abc import Iterator, Sequence

from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.documents import Document, title_of
from wallet_server.core.config.jurisdictions import JURISDICTIONS, check_products
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import MIXED_PRODUCT
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import Versioned
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.promotions.reach import reach_of_value
from wallet_server.core.rounds.win_kind import WinKind

OFFERS = frozenset({WinKind.FREE_ROUND, WinKind.PROMO_WIN})
"""The wins that are the yield of an offer, and not of a stake."""


def find_product_problems(documents: Sequence[Document]) -> list[Problem]:
    """Returns the wins that a policy gives as an offer of several kinds of products.

    They are won with one provider type. What may be done with them, and must be to make them free,
    is held to what is asked of promotions. Nothing is wrong here under a law that is not known.
    """
    configuration = configuration_of(documents)
    if configuration is None:
        return []
    return [
        Problem(f"{title_of(policy.value)}: {path}", MIXED_PRODUCT, message)
        for policy in configuration.policies.values()
        for path, message in mixed_offers(policy.value, configuration)
    ]


def configuration_of(documents: Sequence[Document]) -> Configuration | None:
    """Returns documents as a configuration, if there is a known law to hold them to."""
    topology = next((each for each in documents if isinstance(each, Topology)), None)
    wallet_policy = next((each for each in documents if isinstance(each, WalletPolicy)), None)
    if topology is None or wallet_policy is None:
        return None
    if wallet_policy.jurisdiction not in JURISDICTIONS:
        return None
    policies = [each for each in documents if isinstance(each, Policy)]
    return Configuration(
        tenant_id="",
        epoch=0,
        topology=Versioned(0, topology),
        wallet_policy=Versioned(0, wallet_policy),
        policies={each.provider_type: Versioned(0, each) for each in policies},
    )


def mixed_offers(policy: Policy, configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Yields the paths of a policy's mixed offers, and what is wrong with each."""
    known = configuration.topology.value.bucket_by_code
    for i, each in enumerate(policy.win_destinations):
        if each.kind not in OFFERS or each.target not in known:
            continue
        reach = reach_of_value(each.target, each.rolling, configuration)
        refusal = check_products([policy.provider_type], reach, configuration)
        if refusal is not None:
            yield f"win_destinations[{i}]", refusal.describe()
