"""What changes around the wallets while they play: rules, frozen buckets, time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from tests.simulation.drawn_cashier_rules import draw_wallet_policy, draw_ways_out, made_lawful
from tests.simulation.drawn_rules import DAY, HOUR, draw_edges, draw_policy, draw_profile
from wallet_server.core.config.configuration import Configuration, Versioned
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import BucketStatus, Topology
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.ids import WalletRef
from wallet_server.shapes import load_shape

SHAPE_BY_TENANT = {"demo": "ruby", "shop": "booking"}
START = datetime(2026, 1, 1, tzinfo=UTC)
CHANGES = (
    *("policy", "policy", "profile", "profile", "wallet policy", "edges", "ways out"),
    "statuses",
)


def draw_statuses(random: Random, topology: Topology) -> Topology:
    """Draws which bucket is being emptied, if any."""
    buckets = tuple(replace(each, status=BucketStatus.ACTIVE) for each in topology.buckets)
    emptied = [random.choice(buckets).code] if random.random() < 0.5 else []
    return replace(topology, buckets=buckets).with_draining(frozenset(emptied))


DRAWS_OF_TOPOLOGIES: Mapping[str, Callable[[Random, Topology], Topology]] = {
    "edges": draw_edges,
    "ways out": draw_ways_out,
    "statuses": draw_statuses,
}


def shipped(tenant_id: str) -> Configuration:
    """Returns a tenant's shape as its first configuration."""
    documents = load_shape(SHAPE_BY_TENANT[tenant_id])
    (topology,) = [each for each in documents if isinstance(each, Topology)]
    (wallet_policy,) = [each for each in documents if isinstance(each, WalletPolicy)]
    policies = {d.provider_type: Versioned(1, d) for d in documents if isinstance(d, Policy)}
    profiles = {d.provider_id: Versioned(1, d) for d in documents if isinstance(d, ProviderProfile)}
    return Configuration(
        tenant_id, 1, Versioned(1, topology), Versioned(1, wallet_policy), policies, profiles
    )


def money_buckets(configuration: Configuration) -> list[str]:
    return [each.code for each in configuration.topology.value.buckets if each.asset_code is None]


@dataclass
class Rules:
    """What the tenants have configured, what buckets may do, and what time it is."""

    random: Random
    configurations: dict[str, Configuration] = field(
        default_factory=lambda: {tenant_id: shipped(tenant_id) for tenant_id in SHAPE_BY_TENANT}
    )
    frozen: dict[WalletRef, frozenset[str]] = field(default_factory=dict[WalletRef, frozenset[str]])
    time: datetime = START

    def next_time(self) -> datetime:
        """Lets time pass, mostly a little, and returns what a clock of several says it is."""
        drawn = self.random.random()
        if drawn < 0.02:
            seconds = self.random.randint(HOUR, 4 * DAY)
        elif drawn < 0.06:
            seconds = self.random.randint(60, 3 * HOUR)
        else:
            seconds = self.random.randint(1, 10)
        self.time += timedelta(seconds=seconds)
        return self.time + timedelta(seconds=self.random.randint(-5, 5))

    def change(self, wallets: Mapping[WalletRef, object]) -> None:
        """Changes something, or nothing. What keeps players from playing does not last."""
        drawn = self.random.random()
        if drawn < 0.13:
            tenant_id = self.random.choice(list(self.configurations))
            active = self.configurations[tenant_id]
            self.configurations[tenant_id] = made_lawful(self.reconfigured(active))
        elif drawn < 0.18 and wallets:
            ref = self.random.choice(list(wallets))
            codes = money_buckets(self.configurations[ref.tenant_id])
            self.frozen[ref] = frozenset({self.random.choice(codes)})
        elif drawn < 0.28:
            self.frozen.clear()

    def set_wallet_policy(self, policy: WalletPolicy) -> None:
        """Gives all tenants the same wallet policy."""
        for tenant_id, active in self.configurations.items():
            changed = replace(active, epoch=2, wallet_policy=Versioned(2, policy))
            self.configurations[tenant_id] = changed

    def begin_anew(self) -> None:
        """Gives each tenant a wallet policy and profiles of its own."""
        for tenant_id, active in self.configurations.items():
            policy = Versioned(2, draw_wallet_policy(self.random, money_buckets(active)))
            profiles = {
                name: Versioned(2, draw_profile(self.random, profile.value))
                for name, profile in active.profiles.items()
            }
            changed = replace(active, epoch=2, wallet_policy=policy, profiles=profiles)
            self.configurations[tenant_id] = made_lawful(changed)

    def reconfigured(self, active: Configuration) -> Configuration:
        """Activates another version of a policy, a profile, the wallet policy or the topology."""
        epoch = active.epoch + 1
        codes = money_buckets(active)
        kind = self.random.choice(CHANGES)
        if kind == "policy":
            name = self.random.choice(list(active.policies))
            policy = draw_policy(self.random, active.policies[name].value, codes)
            policies = {**active.policies, name: Versioned(epoch, policy)}
            return replace(active, epoch=epoch, policies=policies)
        if kind == "profile":
            name = self.random.choice(list(active.profiles))
            profile = draw_profile(self.random, active.profiles[name].value)
            profiles = {**active.profiles, name: Versioned(epoch, profile)}
            return replace(active, epoch=epoch, profiles=profiles)
        if kind in DRAWS_OF_TOPOLOGIES:
            topology = DRAWS_OF_TOPOLOGIES[kind](self.random, active.topology.value)
            return replace(active, epoch=epoch, topology=Versioned(epoch, topology))
        wallet_policy = draw_wallet_policy(self.random, codes)
        return replace(active, epoch=epoch, wallet_policy=Versioned(epoch, wallet_policy))
