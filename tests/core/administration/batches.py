"""Batches of commands, and what each changes of what refers to buckets."""

from tests.core.rules import auto, destinations, policy
from tests.core.world import REF, World
from wallet_server.core.administration.usage import Usage, UsageKey
from wallet_server.core.administration.usage_changes import usage_changes
from wallet_server.core.batch import Fold
from wallet_server.core.config.policy import Policy

TO_WITHDRAWABLE = policy("SPORTS", auto("SB", "SN"), destinations("SB", None, "WD"))


class Batches(World):
    """A wallet whose commands come in batches. `changed` ends one, and tells what it changed."""

    def __init__(self, balances: str = "", *changes: Policy) -> None:
        super().__init__(balances, *changes)
        self.before = self.wallet

    def changed(self) -> dict[str, tuple[int, int]]:
        """Returns counts and totals by kind and bucket, and begins the next batch."""
        changes = usage_changes(self.fold, {REF: self.before})
        self.before = self.wallet
        self.fold = Fold(self.fold.configurations, {REF: self.wallet}, {})
        return told(changes)


def told(changes: dict[UsageKey, Usage]) -> dict[str, tuple[int, int]]:
    """Returns changes by kind, bucket and, where it is not the euro, asset."""
    assert {key.tenant_id for key in changes} <= {"demo"}
    return {
        f"{key.kind} {key.bucket}" + ("" if key.asset_code == "EUR" else f" {key.asset_code}"): (
            each.count,
            each.total,
        )
        for key, each in changes.items()
    }
