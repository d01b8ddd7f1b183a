"""What changes around the wallets while they play: rules, statuses, frozen buckets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random

from wallet_server.core.config.configuration import Configuration, Versioned
from wallet_server.core.config.policy import (
    AutoOrder,
    BreachAction,
    Destinations,
    PlayerSelected,
    Policy,
    Proportional,
    RecoveryScope,
    SourceDestinations,
    WalletPolicy,
    WeightedSource,
)
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    DeclinedRetry,
    PayoutBasis,
    ProviderProfile,
)
from wallet_server.core.config.topology import Topology
from wallet_server.core.ids import WalletRef
from wallet_server.core.wallet import AccountStatus
from wallet_server.shapes import load_shape

SHAPE_BY_TENANT = {"demo": "ruby", "shop": "booking"}


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
    """What the tenants have configured, and what players and buckets may do."""

    random: Random
    configurations: dict[str, Configuration] = field(
        default_factory=lambda: {tenant_id: shipped(tenant_id) for tenant_id in SHAPE_BY_TENANT}
    )
    statuses: dict[tuple[str, str], AccountStatus] = field(
        default_factory=dict[tuple[str, str], AccountStatus]
    )
    frozen: dict[WalletRef, frozenset[str]] = field(default_factory=dict[WalletRef, frozenset[str]])

    def change(self, wallets: Mapping[WalletRef, object]) -> None:
        """Changes something, or nothing. What keeps players from playing does not last."""
        drawn = self.random.random()
        if drawn < 0.08:
            tenant_id = self.random.choice(list(self.configurations))
            self.configurations[tenant_id] = self.reconfigured(self.configurations[tenant_id])
        elif drawn < 0.12:
            player = self.random.choice([("demo", "ann"), ("demo", "bob"), ("shop", "ann")])
            self.statuses[player] = self.random.choice(list(AccountStatus))
        elif drawn < 0.20 and wallets:
            ref = self.random.choice(list(wallets))
            codes = money_buckets(self.configurations[ref.tenant_id])
            self.frozen[ref] = frozenset({self.random.choice(codes)})
        elif drawn < 0.35:
            self.statuses.clear()
        elif drawn < 0.45:
            self.frozen.clear()

    def reconfigured(self, active: Configuration) -> Configuration:
        """Activates another version of a policy, a profile or the wallet policy."""
        epoch = active.epoch + 1
        kind = self.random.choice(["policy", "policy", "profile", "wallet policy"])
        if kind == "policy":
            name = self.random.choice(list(active.policies))
            policy = self.policy(active.policies[name].value, money_buckets(active))
            return replace(
                active, epoch=epoch, policies={**active.policies, name: Versioned(epoch, policy)}
            )
        if kind == "profile":
            name = self.random.choice(list(active.profiles))
            profile = self.profile(active.profiles[name].value)
            return replace(
                active, epoch=epoch, profiles={**active.profiles, name: Versioned(epoch, profile)}
            )
        wallet_policy = WalletPolicy(
            recovery_scope=self.random.choice(list(RecoveryScope)),
            deposits_repay_debt=self.random.random() < 0.5,
            bet_blocked_deposits=self.random.random() < 0.5,
        )
        return replace(active, epoch=epoch, wallet_policy=Versioned(epoch, wallet_policy))

    def policy(self, old: Policy, codes: list[str]) -> Policy:
        """Draws another policy of the same provider type."""
        sources = self.random.sample(codes, self.random.randint(1, len(codes)))
        weights = tuple(WeightedSource(s, self.random.choice([0, 1, 3])) for s in sources)
        mode = old.funding_mode
        if not isinstance(mode, PlayerSelected):
            mode = self.random.choice([AutoOrder(tuple(sources)), Proportional(weights)])
        plans = tuple(SourceDestinations(code, self.plan(code, codes)) for code in codes)
        return Policy(
            old.provider_type,
            mode,
            plans,
            max_stake_with_bonus=self.random.choice([None, None, 20]),
            breach_action=self.random.choice(list(BreachAction)),
        )

    def plan(self, code: str, codes: list[str]) -> Destinations:
        stake = self.random.choice([code, code, None, self.random.choice(codes)])
        profit = self.random.choice([code, self.random.choice(codes)])
        return Destinations(stake, profit, self.random.choice([None, None, 0, 25]))

    def profile(self, old: ProviderProfile) -> ProviderProfile:
        """Draws another profile of the same provider."""
        return ProviderProfile(
            old.provider_id,
            old.provider_type,
            payout_basis=self.random.choice(list(PayoutBasis)),
            rollback_after_settle=self.random.random() < 0.7,
            correction_shortfall=self.random.choice(list(CorrectionShortfall)),
            declined_retry=self.random.choice(list(DeclinedRetry)),
        )
