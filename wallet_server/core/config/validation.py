"""Everything wrong with a tenant's configuration, at once.

These are the rules of meaning. Documents that cannot even be read are the business
of `documents.py`. A rule about one kind of document is in the module of that kind.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from wallet_server.core.config.documents import Document, title_of
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.reasons import (
    DUPLICATE,
    MISSING_DOCUMENT,
    POLICY_MISSING,
)
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation_changes import find_incompatibilities
from wallet_server.core.config.validation_law import find_law_problems
from wallet_server.core.config.validation_policy import find_policy_problems
from wallet_server.core.config.validation_products import find_product_problems
from wallet_server.core.config.validation_rolling import (
    find_deposit_rolling_problems,
    find_unknown_provider_types,
)
from wallet_server.core.config.validation_topology import find_topology_problems
from wallet_server.core.config.validation_wallet_policy import find_wallet_policy_problems
from wallet_server.core.config.wallet_policy import WalletPolicy

__all__ = [
    "find_configuration_problems",
    "find_incompatibilities",
    "find_policy_problems",
    "find_profile_problems",
    "find_topology_problems",
    "find_wallet_policy_problems",
]


def find_profile_problems(
    profile: ProviderProfile, provider_types: Collection[str]
) -> list[Problem]:
    """Returns everything that is wrong with a provider profile.

    `provider_types` are those that have a policy.
    """
    name = profile.provider_type
    if name in provider_types:
        return []
    return [Problem("provider_type", POLICY_MISSING, f"there is no policy for {name}")]


def find_configuration_problems(documents: Sequence[Document]) -> list[Problem]:
    """Returns everything that is wrong with a tenant's documents, taken together.

    They are all that is to be active: one topology, one wallet policy, and one
    policy or profile each. Paths begin with the title of the document, as in
    `Policy SPORTS: destinations[1].source`.
    """
    return [*missing_documents(documents), *find_joint_problems(documents)]


def find_joint_problems(documents: Sequence[Document]) -> list[Problem]:
    """Returns what is wrong with documents beside each other, though some may still be missing."""
    provider_types = {each.provider_type for each in documents if isinstance(each, Policy)}
    topology = next((each for each in documents if isinstance(each, Topology)), None)
    problems = [*repeated_documents(documents), *find_law_problems(documents)]
    problems += find_product_problems(documents)
    for document in documents:
        title = title_of(document)
        found = document_problems(document, topology, provider_types)
        problems += [replace(each, path=f"{title}: {each.path}") for each in found]
    return problems


def missing_documents(documents: Sequence[Document]) -> Iterator[Problem]:
    """Yields the kinds of documents that every tenant needs and are not there."""
    for kind in (Topology, WalletPolicy):
        if not any(isinstance(each, kind) for each in documents):
            yield Problem(kind.__name__, MISSING_DOCUMENT, "a tenant needs one")


def repeated_documents(documents: Sequence[Document]) -> Iterator[Problem]:
    """Yields the documents that say again what another has said."""
    titles = [title_of(each) for each in documents]
    for i, title in enumerate(titles):
        if title in titles[:i]:
            yield Problem(title, DUPLICATE, "is there before")


def document_problems(
    document: Document, topology: Topology | None, provider_types: Collection[str]
) -> list[Problem]:
    """Returns what is wrong with one document; without a topology, what can be told."""
    unknown = list(find_unknown_provider_types(document, provider_types))
    match document:
        case Topology():
            return find_topology_problems(document)
        case ProviderProfile():
            return find_profile_problems(document, provider_types)
        case WalletPolicy():
            if topology is None:
                return unknown
            rolling = find_deposit_rolling_problems(document, topology)
            return [*find_wallet_policy_problems(document, topology), *rolling, *unknown]
        case Policy():
            return [*(find_policy_problems(document, topology) if topology else ()), *unknown]
