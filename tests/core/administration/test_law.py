"""R20: where a law lets own money leave at any time, nothing that keeps it in becomes active."""

from dataclasses import replace
from typing import Any

import pytest

from tests.core.administration.versions import (
    ANNA,
    AROUND,
    NOW,
    PROFILE,
    active,
    blockers,
    problems,
    version,
)
from tests.core.config.topologies import REMOVE, policy, topology
from wallet_server.core.administration.activating import Activation, activate_version
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.version import VersionState
from wallet_server.core.config.wallet_policy import WalletPolicy, WithdrawalRules
from wallet_server.core.refusals.administration import PolicyInvalid, TopologyActivationBlocked

FREE = (("buckets.0.withdrawable", "AFTER_ROLLING"), ("withdraw_order", ["free", "own"]))
BRITISH = WalletPolicy(jurisdiction="UK", withdrawals=WithdrawalRules(reversible=False))
REVERSIBLE = WalletPolicy(jurisdiction="UK")

KEPT_IN = pytest.mark.parametrize(
    "edit",
    [
        ("buckets.0.lock_mode", "BINARY"),
        ("buckets.0.withdrawable", "NEVER"),
        ("withdraw_order", ["free"]),
        ("transfer_edges.0.opens_rolling_bp", 100_001),
    ],
    ids=["locked", "never", "unreached", "wagered"],
)


def shape(*edits: tuple[str, Any]) -> Topology:
    orders = (("withdraw_order", ["free"]),) if ("buckets.0.withdrawable", "NEVER") in edits else ()
    return topology(*FREE, *edits, *orders)


def activate(
    document: Topology | WalletPolicy, current: Topology, wallet_policy: WalletPolicy
) -> object:
    around = replace(AROUND, active=active(current, wallet_policy, policy(), PROFILE))
    return activate_version(version(document, VersionState.APPROVED), ANNA, "3", around, now=NOW)


@KEPT_IN
def test_no_topology_becomes_active_that_keeps_own_money_in(edit: tuple[str, Any]) -> None:
    outcome = activate(shape(edit), shape(), BRITISH)

    assert isinstance(outcome, TopologyActivationBlocked)
    (blocker,) = blockers(outcome)
    assert (blocker.reason.value, blocker.subject) == ("POLICY_INVALID", "WalletPolicy v6")
    assert isinstance(activate(shape(edit), shape(), WalletPolicy()), Activation)


@KEPT_IN
def test_no_law_becomes_active_over_a_topology_that_keeps_own_money_in(
    edit: tuple[str, Any],
) -> None:
    outcome = activate(BRITISH, shape(edit), WalletPolicy())

    assert isinstance(outcome, PolicyInvalid)
    wagered = ("Topology: transfer_edges[0].opens_rolling_bp", "WAGERING_CAP")
    is_wagering = "opens_rolling" in edit[0]
    assert problems(outcome) == [wagered if is_wagering else ("jurisdiction", "OWN_FUNDS_LOCKED")]


def test_no_law_becomes_active_with_withdrawals_that_players_take_back() -> None:
    assert problems(activate(REVERSIBLE, shape(), WalletPolicy())) == [
        ("withdrawals.reversible", "WITHDRAWALS_REVERSIBLE")
    ]
    assert isinstance(activate(BRITISH, shape(), WalletPolicy()), Activation)


def test_no_way_of_money_opens_that_mixes_products_of_an_offer() -> None:
    """Free rounds of GAMES win bonus money, which an edge would take to SPORTS, and not further."""
    games = policy(
        ("product", "CASINO"),
        ("auto_order.order", ["gift"]),
        ("destinations.1", REMOVE),
        ("win_destinations", [{"kind": "FREE_ROUND", "target": "gift"}]),
    )
    sports = policy(
        ("provider_type", "SPORTS"),
        ("product", "BETTING"),
        ("auto_order.order", ["own"]),
        ("destinations.0", REMOVE),
    )
    free = {"source": "free", "destinations": {"stake_target": "free", "profit_target": "free"}}
    tables = policy(
        ("provider_type", "TABLES"), ("auto_order.order", ["free"]), ("destinations", [free])
    )
    around = replace(AROUND, active=active(shape(), BRITISH, games, sports, tables))
    opened = topology(*FREE, ("transfer_edges.0", {"source": "gift", "target": "own"}))

    found = blockers(
        activate_version(version(opened, VersionState.APPROVED), ANNA, "3", around, now=NOW)
    )

    assert [(each.reason.value, each.subject, each.examples) for each in found] == [
        ("POLICY_INVALID", "Policy GAMES v7", ("win_destinations[0]",))
    ]
