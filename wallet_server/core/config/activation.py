"""What applying documents to a tenant's configuration comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wallet_server.core.config.configuration import Versioned
from wallet_server.core.config.documents import Document, title_of
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation import (
    find_configuration_problems,
    find_incompatibilities,
    repeated_documents,
)
from wallet_server.core.value import value


@value
class PlannedVersion:
    """A document with the version that it gets, or already has."""

    title: str
    document: Versioned[Document]
    is_new: bool


def plan_activation(
    active: Sequence[Versioned[Document]], proposed: Sequence[Document]
) -> tuple[PlannedVersion, ...] | list[Problem]:
    """Returns each proposed document with its version, or everything that is wrong.

    A document that says what the active one says stays as it is. The others become
    active together with those that are active and not proposed anew, so all of
    these are judged as a whole.
    """
    by_title = {title_of(each.value): each for each in active}
    result = {title: each.value for title, each in by_title.items()}
    result |= {title_of(document): document for document in proposed}
    problems = [
        *repeated_documents(proposed),
        *find_configuration_problems(list(result.values())),
        *topology_changes(by_title, result),
    ]
    return problems or tuple(plan_version(by_title, document) for document in proposed)


def topology_changes(
    before: Mapping[str, Versioned[Document]], after: Mapping[str, Document]
) -> list[Problem]:
    """Returns what keeps one topology from following another, if there are two."""
    for title, document in after.items():
        current = before[title].value if title in before else None
        if isinstance(document, Topology) and isinstance(current, Topology):
            found = find_incompatibilities(current, document)
            return [replace(each, path=f"{title}: {each.path}") for each in found]
    return []


def plan_version(active: Mapping[str, Versioned[Document]], document: Document) -> PlannedVersion:
    """Returns a document with the active version if it is that, else with the next one."""
    title = title_of(document)
    current = active.get(title)
    if current is None:
        return PlannedVersion(title, Versioned(1, document), is_new=True)
    if current.value == document:
        return PlannedVersion(title, current, is_new=False)
    return PlannedVersion(title, Versioned(current.version + 1, document), is_new=True)
