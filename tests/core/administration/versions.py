"""Versions of the small topology and what goes with it, and acts on them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.core.config.topologies import policy, topology
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.blocker import Blocker
from wallet_server.core.administration.circumstances import Circumstances, References
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.documents import Document
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.version import StoredVersion, VersionState
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.administration import (
    PolicyInvalid,
    TopologyActivationBlocked,
    TopologyInvalid,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)
PROFILE = ProviderProfile("acme", "GAMES")

ANNA = Act("demo", "r1", "PolicyAdmin.Any", Actor("anna"), reason="because")
BERT = replace(ANNA, actor=Actor("bert"))
UNKNOWN = replace(ANNA, actor=Actor())


def version(
    document: Document,
    state: VersionState = VersionState.DRAFT,
    number: int = 1,
    author: str = "anna",
) -> StoredVersion[Document]:
    """Returns a version that was made the day before, and changed twice since."""
    return StoredVersion(
        "demo", number, state, document, BEFORE, revision=3, author=author, update_time=BEFORE
    )


def active(*documents: Document) -> tuple[StoredVersion[Document], ...]:
    """Returns documents that are active: the first as version 5, the next as 6, and so on."""
    return tuple(
        version(each, VersionState.ACTIVE, number) for number, each in enumerate(documents, start=5)
    )


ACTIVE = active(topology(), WalletPolicy(), policy(), PROFILE)
COUNTED = References(is_counted=True)
AROUND = Circumstances(active=ACTIVE, references=COUNTED)
"""What a version is judged by where nothing is in use."""

RETIRED_GIFT = ("retired_buckets.1", {"code": "gift", "successor": "own"})


def using(*uses: tuple[str, UsageKind, str, int, int]) -> References:
    """Returns references by bucket, kind and asset: so many, with so much."""
    usage = {
        UsageKey("demo", bucket, kind, asset): Usage(count, total)
        for bucket, kind, asset, count, total in uses
    }
    return References(is_counted=True, usage=usage)


def kept(outcome: StoredVersion[Document] | Refusal) -> StoredVersion[Document]:
    """Returns the version that an act has come to."""
    assert isinstance(outcome, StoredVersion), outcome
    return outcome


def problems(outcome: object) -> list[tuple[str, str]]:
    """Returns the paths and reasons of what is wrong with a version."""
    assert isinstance(outcome, TopologyInvalid | PolicyInvalid), outcome
    return [(each.path, each.reason) for each in outcome.problems]


def blockers(outcome: object) -> tuple[Blocker, ...]:
    """Returns what keeps a topology from being activated."""
    assert isinstance(outcome, TopologyActivationBlocked), outcome
    return outcome.blockers


def reasons(found: Sequence[Blocker]) -> list[tuple[str, str]]:
    """Returns the reasons of blockers and what they are about."""
    return [(each.reason.value, each.subject) for each in found]


def paths(found: Sequence[Problem]) -> list[tuple[str, str]]:
    """Returns the paths and reasons of problems."""
    return [(each.path, each.reason) for each in found]
