"""What applying documents to a tenant's configuration comes to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from wallet_server.core.administration.blocker import Blocker
from wallet_server.core.administration.circumstances import NOTHING_COUNTED, References
from wallet_server.core.administration.guard import version_blockers
from wallet_server.core.administration.guard_usage import drain_blockers, usage_blockers
from wallet_server.core.config.configuration import Versioned
from wallet_server.core.config.documents import Document, title_of
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation import (
    find_configuration_problems,
    find_incompatibilities,
    repeated_documents,
)
from wallet_server.core.config.validation_changes import removed_codes
from wallet_server.core.value import value


@value
class PlannedVersion:
    """A document with the version that it gets, or already has."""

    title: str
    document: Versioned[Document]
    is_new: bool


@value
class Standing:
    """What a tenant has when documents are applied to it.

    `active` and `scheduled` are its versions in these states, `latest` the highest version number
    there is by title, whatever its state. `retired_codes` are those that any topology that was
    ever active has retired, `references` what refers to its buckets.
    """

    active: Sequence[Versioned[Document]] = ()
    scheduled: Sequence[Versioned[Document]] = ()
    latest: Mapping[str, int] = field(default_factory=dict[str, int])
    retired_codes: frozenset[str] = frozenset()
    references: References = NOTHING_COUNTED


def plan_activation(
    standing: Standing, proposed: Sequence[Document]
) -> tuple[PlannedVersion, ...] | list[Problem]:
    """Returns each proposed document with its version, or everything that is wrong.

    A document that says what the active one says stays as it is. The others become
    active together with those that are active and not proposed anew, so all of
    these are judged as a whole. A topology is held to what activating it by itself would be.
    """
    by_title = {title_of(each.value): each for each in standing.active}
    result = {title: each.value for title, each in by_title.items()}
    result |= {title_of(document): document for document in proposed}
    problems = [
        *repeated_documents(proposed),
        *find_configuration_problems(list(result.values())),
        *topology_changes(standing, by_title, result),
    ]
    return problems or tuple(plan_version(standing, by_title, document) for document in proposed)


def topology_changes(
    standing: Standing, before: Mapping[str, Versioned[Document]], after: Mapping[str, Document]
) -> list[Problem]:
    """Returns what keeps one topology from following another, if there are two."""
    for title, document in after.items():
        current = before[title].value if title in before else None
        if isinstance(document, Topology) and isinstance(current, Topology):
            found = find_incompatibilities(current, document, retired=standing.retired_codes)
            blockers = [*blockers_beside(standing, current, document)]
            return [
                *(replace(each, path=f"{title}: {each.path}") for each in found),
                *(Problem(f"{title}: buckets", each.reason.value, told(each)) for each in blockers),
            ]
    return []


def blockers_beside(standing: Standing, current: Topology, proposed: Topology) -> Iterator[Blocker]:
    """Yields what blocks a topology beside its changes and what is active: those are judged."""
    removed = removed_codes(current, proposed)
    yield from version_blockers(current, proposed, standing.scheduled)
    yield from usage_blockers(removed, standing.references)
    yield from drain_blockers(removed, standing.references.drains)


def told(blocker: Blocker) -> str:
    """Returns a blocker in words."""
    return f"{blocker.subject}: {blocker.message}"


def plan_version(
    standing: Standing, active: Mapping[str, Versioned[Document]], document: Document
) -> PlannedVersion:
    """Returns a document with the active version if it is that, else with the next one."""
    title = title_of(document)
    current = active.get(title)
    if current is not None and current.value == document:
        return PlannedVersion(title, current, is_new=False)
    highest = max(current.version if current else 0, standing.latest.get(title, 0))
    return PlannedVersion(title, Versioned(highest + 1, document), is_new=True)
