"""A tenant's active versions, together: what a command is decided by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.snapshot import Snapshot
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import StoredVersion, Versioned, VersionState
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.players.limit import LimitKind
from wallet_server.core.value import value

__all__ = ["Configuration", "StoredVersion", "Terms", "VersionState", "Versioned", "take_snapshot"]


@value
class Terms:
    """What bets of one provider are placed under: all share the one snapshot."""

    profile: Versioned[ProviderProfile]
    policy: Versioned[Policy]
    snapshot: Snapshot


@dataclass(frozen=True)
class Configuration:
    """What is active for a tenant, as of an epoch.

    The epoch grows with every activation, so two configurations of a tenant with
    the same epoch are the same. One that `is_fenced` is about to be replaced: it may be looked
    at, but commands wait.
    """

    tenant_id: str
    epoch: int
    topology: Versioned[Topology]
    wallet_policy: Versioned[WalletPolicy]
    policies: Mapping[str, Versioned[Policy]] = field(default_factory=dict[str, Versioned[Policy]])
    profiles: Mapping[str, Versioned[ProviderProfile]] = field(
        default_factory=dict[str, Versioned[ProviderProfile]]
    )
    is_fenced: bool = False

    @cached_property
    def limits_bets(self) -> bool:
        """Whether the wallet policy limits what every player's bets stake or lose."""
        defaults = self.wallet_policy.value.limits.defaults
        return any(each.kind is not LimitKind.DEPOSIT for each in defaults)

    @cached_property
    def terms_by_provider(self) -> Mapping[str, Terms]:
        """The terms by provider; without providers whose type has no policy."""
        return {
            provider_id: Terms(profile, policy, take_snapshot(profile, policy, self))
            for provider_id, profile in self.profiles.items()
            if (policy := self.policies.get(profile.value.provider_type)) is not None
        }


def take_snapshot(
    profile: Versioned[ProviderProfile], policy: Versioned[Policy], configuration: Configuration
) -> Snapshot:
    """Returns the rules that a bet placed now settles by for ever."""
    return Snapshot(
        topology_version=configuration.topology.version,
        wallet_policy_version=configuration.wallet_policy.version,
        policy_version=policy.version,
        profile_version=profile.version,
        provider_type=profile.value.provider_type,
        payout_basis=profile.value.payout_basis,
        rollback_after_settle=profile.value.rollback_after_settle,
        correction_shortfall=profile.value.correction_shortfall,
        recovery_scope=configuration.wallet_policy.value.recovery_scope,
        recovery_order=configuration.topology.value.recovery_order,
        rolling=policy.value.rolling,
        coupon_grace_seconds=configuration.wallet_policy.value.coupon_grace_seconds,
    )
