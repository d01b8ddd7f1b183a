"""Everything that is wrong with a version, beside what is active."""

from collections.abc import Sequence
from dataclasses import replace

from wallet_server.core.administration.circumstances import Circumstances
from wallet_server.core.config.documents import Document, title_of
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation import (
    find_incompatibilities,
    find_joint_problems,
    find_topology_problems,
    missing_documents,
)
from wallet_server.core.config.validation_law import find_law_problems
from wallet_server.core.config.wallet_policy import WalletPolicy


def find_version_problems(document: Document, circumstances: Circumstances) -> list[Problem]:
    """Returns everything that is wrong with a document, as paths within it.

    A topology is judged by itself, by the law and as the follower of the active one; what it would
    do to policies, `find_blockers` says. Anything else is judged in its place among what is active.
    What is wrong with another document then has that one's title before its path.
    """
    if isinstance(document, Topology):
        return topology_problems(document, circumstances)
    title = title_of(document)
    others = [each.value for each in circumstances.active if title_of(each.value) != title]
    together = [*others, document]
    missing = [each for each in missing_documents(together) if each.path == Topology.__name__]
    return within(title, [*missing, *find_joint_problems(together)])


def topology_problems(topology: Topology, circumstances: Circumstances) -> list[Problem]:
    """Returns everything that is wrong with a topology, but for what depends on its use."""
    current = circumstances.topology()
    following = (
        find_incompatibilities(current, topology, retired=circumstances.retired_codes)
        if current
        else []
    )
    return [*problems_in_itself(topology, circumstances), *following]


def problems_in_itself(topology: Topology, circumstances: Circumstances) -> list[Problem]:
    """Returns what is wrong with a topology whatever was there before, and by the law."""
    policies = [each.value for each in circumstances.active if isinstance(each.value, WalletPolicy)]
    return [*find_topology_problems(topology), *of_law(topology, policies)]


def of_law(topology: Topology, policies: Sequence[Document]) -> list[Problem]:
    """Returns what the law that a wallet policy names rules out in a topology's own fields."""
    return own_problems(title_of(topology), find_law_problems([*policies, topology]))


def own_problems(title: str, problems: Sequence[Problem]) -> list[Problem]:
    """Returns the problems of the document of a title, as paths within it."""
    return within(title, [each for each in problems if each.path.startswith(f"{title}: ")])


def within(title: str, problems: Sequence[Problem]) -> list[Problem]:
    """Returns problems without the title before the paths of the document of that title."""
    return [replace(each, path=each.path.removeprefix(f"{title}: ")) for each in problems]
