"""A tenant's active versions, together: what a command is decided by."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from wallet_server.core.config.policy import Policy, WalletPolicy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.core.value import value

T = TypeVar("T")


@value
class Versioned(Generic[T]):
    """One immutable version of something."""

    version: int
    value: T


class VersionState(StrEnum):
    """Whether a version is the one that new commands are decided by."""

    ACTIVE = "ACTIVE"
    SUPERSEDED = "SUPERSEDED"


@value
class StoredVersion(Generic[T]):
    """A version as it is stored. Only its state ever changes."""

    tenant_id: str
    version: int
    state: VersionState
    value: T
    create_time: datetime


@value
class Configuration:
    """What is active for a tenant, as of an epoch.

    The epoch grows with every activation, so two configurations of a tenant with
    the same epoch are the same.
    """

    tenant_id: str
    epoch: int
    topology: Versioned[Topology]
    wallet_policy: Versioned[WalletPolicy]
    policies: Mapping[str, Versioned[Policy]] = field(default_factory=dict[str, Versioned[Policy]])
    profiles: Mapping[str, Versioned[ProviderProfile]] = field(
        default_factory=dict[str, Versioned[ProviderProfile]]
    )
