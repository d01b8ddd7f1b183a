"""Everything that activating a topology would leave unreachable."""

from collections.abc import Iterator, Sequence

from wallet_server.core.administration.blocker import (
    EXAMPLES_MAX,
    Blocker,
    BlockerReason,
)
from wallet_server.core.administration.circumstances import References
from wallet_server.core.administration.guard_usage import drain_blockers, usage_blockers
from wallet_server.core.administration.version_problems import of_law, own_problems
from wallet_server.core.config.documents import Document, title_of
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import RETIRED_BUCKET, UNKNOWN_BUCKET
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation import document_problems
from wallet_server.core.config.validation_changes import incompatibilities, removed_codes
from wallet_server.core.config.validation_products import find_product_problems
from wallet_server.core.config.version import Versioned
from wallet_server.core.config.wallet_policy import WalletPolicy

REASONS = tuple(BlockerReason)


def find_blockers(
    current: Topology | None,
    proposed: Topology,
    versions: Sequence[Versioned[Document]],
    references: References,
    retired: frozenset[str] = frozenset(),
) -> tuple[Blocker, ...]:
    """Returns every blocker at once, so that an operator clears them in one go.

    They are sorted by reason, then by what is in the way. None means that `proposed`, if nothing
    is wrong with it in itself, may be activated.

    Args:
        current: The active topology, if there is one.
        proposed: What is to replace it.
        versions: The other documents that are active, or scheduled to be.
        references: What else refers to buckets.
        retired: The codes that any topology ever retired.
    """
    found = [
        *changes_in_the_way(current, proposed, retired),
        *version_blockers(current, proposed, versions),
    ]
    if current is not None:
        removed = removed_codes(current, proposed)
        found += [
            *edge_blockers(removed, proposed),
            *usage_blockers(removed, references),
            *drain_blockers(removed, references.drains),
        ]
    return tuple(sorted(found, key=lambda each: (REASONS.index(each.reason), each.subject)))


def changes_in_the_way(
    current: Topology | None, proposed: Topology, retired: frozenset[str]
) -> Iterator[Blocker]:
    """Yields what one topology may not change of the one before, whatever is in use."""
    if current is not None:
        for code, problem in incompatibilities(current, proposed, retired):
            yield Blocker(BlockerReason(problem.reason), code, problem.message)


def edge_blockers(removed: frozenset[str], proposed: Topology) -> Iterator[Blocker]:
    """Yields removed buckets that edges or orders of the topology itself still name."""
    for code in removed:
        edges = [each for each in proposed.transfer_edges if code in {each.source, each.target}]
        orders = {
            "recovery_order": proposed.recovery_order,
            "withdraw_order": proposed.withdraw_order,
        }
        names = [
            *(f"{each.source} → {each.target}" for each in edges),
            *(name for name, order in orders.items() if code in order),
        ]
        if names:
            message = f"{code} is gone, and is named in {', '.join(names)}"
            yield in_the_way(BlockerReason.EDGE_REFERENCE, code, message, names)


def version_blockers(
    current: Topology | None, proposed: Topology, versions: Sequence[Versioned[Document]]
) -> Iterator[Blocker]:
    """Yields documents that would be wrong in the topology: for lack of a bucket, or otherwise."""
    documents = [each.value for each in versions if not isinstance(each.value, Topology)]
    for version in versions:
        document = version.value
        if isinstance(document, Topology):
            continue
        problems = problems_in(proposed, document, documents)
        before = problems_in(current, document, documents) if current else problems
        losing = [each for each in problems if loses_a_bucket(each, before)]
        others = [each for each in problems if each not in losing]
        subject = f"{title_of(document)} v{version.version}"
        yield from told_together(BlockerReason.POLICY_REFERENCE, subject, losing)
        yield from told_together(BlockerReason.POLICY_INVALID, subject, others)


def problems_in(
    topology: Topology, document: Document, documents: Sequence[Document]
) -> list[Problem]:
    """Returns what would be wrong with one of the documents in a topology.

    Of a wallet policy that is also what its law rules out in the topology itself, of a policy what
    its offers come to by the ways that money may go.
    """
    types = {each.provider_type for each in documents if isinstance(each, Policy)}
    found = document_problems(document, topology, types)
    match document:
        case WalletPolicy():
            return [*found, *of_law(topology, [document])]
        case Policy(win_destinations=(_, *_)):
            title = title_of(document)
            others = [each for each in documents if title_of(each) != title]
            mixed = find_product_problems([topology, *others, document])
            return [*found, *own_problems(title, mixed)]
        case _:
            return found


def loses_a_bucket(problem: Problem, before: Sequence[Problem]) -> bool:
    """Tells whether a problem is that a bucket is not there which was there before."""
    if problem.reason not in {UNKNOWN_BUCKET, RETIRED_BUCKET}:
        return False
    return all((each.path, each.reason) != (problem.path, problem.reason) for each in before)


def told_together(
    reason: BlockerReason, subject: str, problems: Sequence[Problem]
) -> Iterator[Blocker]:
    """Yields one blocker for all problems of a document, if it has any."""
    if problems:
        message = "; ".join(f"{each.path}: {each.message}" for each in problems)
        yield in_the_way(reason, subject, message, [each.path for each in problems])


def in_the_way(reason: BlockerReason, subject: str, message: str, names: Sequence[str]) -> Blocker:
    """Returns a blocker of so many things, with some of their names."""
    examples = tuple(names[:EXAMPLES_MAX])
    return Blocker(reason, subject, message, count=len(names), examples=examples)
