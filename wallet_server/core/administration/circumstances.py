"""What a version is judged by beside itself."""

from collections.abc import Mapping
from dataclasses import field

from wallet_server.core.administration.drain import Drain
from wallet_server.core.administration.tenant import TenantSettings
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind
from wallet_server.core.config.documents import Document, title_of
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import StoredVersion
from wallet_server.core.value import value


@value
class References:
    """What refers to a tenant's buckets, outside its versions.

    Only where `is_counted` does `usage` say all of it. `examples` names things that refer to a
    bucket, by its code and the kind of usage. `drains` are those that are not over.
    """

    is_counted: bool = False
    usage: Mapping[UsageKey, Usage] = field(default_factory=dict[UsageKey, Usage])
    drains: tuple[Drain, ...] = ()
    examples: Mapping[tuple[str, UsageKind], tuple[str, ...]] = field(
        default_factory=dict[tuple[str, UsageKind], tuple[str, ...]]
    )


NOTHING_COUNTED = References()
"""Where nobody has looked: nothing may be removed then."""


@value
class Circumstances:
    """A tenant's settings and versions that hold, or are to hold at a time to come.

    `retired_codes` are those that any topology that was ever active has retired. `references` are
    looked at only when a topology is activated.
    """

    settings: TenantSettings = TenantSettings()
    active: tuple[StoredVersion[Document], ...] = ()
    scheduled: tuple[StoredVersion[Document], ...] = ()
    retired_codes: frozenset[str] = frozenset()
    references: References = NOTHING_COUNTED

    def topology(self) -> Topology | None:
        """Returns the active topology, if there is one."""
        found = (each.value for each in self.active)
        return next((each for each in found if isinstance(each, Topology)), None)

    def active_like(self, document: Document) -> StoredVersion[Document] | None:
        """Returns the active version whose place a document would take, if there is one."""
        title = title_of(document)
        return next((each for each in self.active if title_of(each.value) == title), None)
