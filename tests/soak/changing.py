"""A tenant whose documents change all the time, and what each version of a policy means."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from wallet.v1.bet_pb2 import Bet
from wallet.v1.wallet_pb2 import Entry
from wallet_server.core.allocation import allocate

CASH, PRIZE = "cash", "prize"
STEADY, CHANGING = "STEADY", "CHANGING"
"""The provider type whose policy follows the buckets, and the one whose winnings change place."""

PROVIDERS = {"steady-games": STEADY, "changing-games": CHANGING}


def topology_of(extra: Sequence[str], retired: Sequence[str]) -> dict[str, Any]:
    """Returns a topology with buckets beside the two that stay, and those that were once there."""
    bucket = {"wallet_group": "main", "depositable": True, "withdrawable": "ALWAYS"}
    return {
        "kind": "Topology",
        "name": "changing",
        "assets": [{"code": "EUR", "exponent": 2, "kind": "CURRENCY"}],
        "wallet_groups": [{"code": "main"}],
        "buckets": [
            *({"code": code, "bucket_class": "CASH", **bucket} for code in (CASH, *extra)),
            {"code": PRIZE, "bucket_class": "WITHDRAWABLE", **bucket},
        ],
        "retired_buckets": [{"code": code, "successor": CASH} for code in retired],
    }


def policy_of(provider_type: str, sources: Sequence[str], profit_target: str) -> dict[str, Any]:
    """Returns a policy that empties sources in their order, and has winnings go to one bucket."""
    return {
        "kind": "Policy",
        "provider_type": provider_type,
        "auto_order": {"order": [*sources]},
        "destinations": [
            {
                "source": source,
                "destinations": {"stake_target": source, "profit_target": profit_target},
            }
            for source in sources
        ],
    }


def documents() -> list[dict[str, Any]]:
    """Returns what the tenant begins with."""
    return [
        topology_of([], []),
        {"kind": "WalletPolicy"},
        policy_of(STEADY, [CASH], CASH),
        policy_of(CHANGING, [CASH], CASH),
        *(
            {"kind": "ProviderProfile", "provider_id": provider_id, "provider_type": provider_type}
            for provider_id, provider_type in PROVIDERS.items()
        ),
    ]


def text_of(document: Mapping[str, Any]) -> str:
    """Returns a document as YAML."""
    return yaml.safe_dump(dict(document), sort_keys=False)


@dataclass
class Plans:
    """Where winnings go, by provider type and version of its policy."""

    targets: dict[tuple[str, int], str] = field(
        default_factory=lambda: {(STEADY, 1): CASH, (CHANGING, 1): CASH}
    )

    def position(self, bet: Bet, payout: int) -> Counter[str]:
        """Returns what a payout of a bet moves in all, by what the bet was placed under."""
        target = self.targets[bet.provider_type, bet.snapshot.policy_version]
        stakes = [line.amount.minor_units for line in bet.funding_lines]
        moved: Counter[str] = Counter()
        for line, share in zip(bet.funding_lines, allocate(payout, stakes), strict=True):
            stake = line.amount.minor_units
            moved[f"bkt:{line.source}"] += min(share, stake)
            moved[f"bkt:{target}"] += max(0, share - stake)
            moved[f"open:{line.source}"] -= stake
        moved[f"H:GAME:{bet.provider_type}"] += sum(stakes) - payout
        return moved


def moves_of(entries: Sequence[Entry]) -> Counter[str]:
    """Returns what entries move in all."""
    moved: Counter[str] = Counter()
    for entry in entries:
        for change in entry.changes:
            moved[change.account] += change.change
    return moved


def without_zeros(moved: Mapping[str, int]) -> dict[str, int]:
    """Returns the accounts that something was moved on."""
    return {account: change for account, change in moved.items() if change}
