"""What the law rules out in a tenant's documents."""

from dataclasses import replace

import pytest

from tests.core.rules import PROFILES, SPORTS, TOPOLOGY
from wallet_server.core.config.documents import Document
from wallet_server.core.config.policy import WinDestination
from wallet_server.core.config.topology import TransferEdge
from wallet_server.core.config.validation import find_configuration_problems
from wallet_server.core.config.validation_law import find_law_problems
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.core.rounds.win_kind import WinKind

PATHS = [
    "Topology: transfer_edges[1].opens_rolling_bp",
    "WalletPolicy: deposit_rolling.multiplier_bp",
    "Policy SPORTS: win_destinations[1].rolling.multiplier_bp",
]


def documents(law: str, multiplier_bp: int) -> tuple[Document, ...]:
    terms = RollingTerms(multiplier_bp)
    edges = (
        TransferEdge("SN", "CN"),
        TransferEdge("CN", "SN", opens_rolling_bp=multiplier_bp),
    )
    wins = (
        WinDestination(WinKind.PROMO_WIN, "SB"),
        WinDestination(WinKind.FREE_ROUND, "SB", rolling=terms),
    )
    return (
        replace(TOPOLOGY, transfer_edges=edges),
        WalletPolicy(jurisdiction=law, deposit_rolling=terms),
        replace(SPORTS, win_destinations=wins),
        PROFILES[0],
    )


@pytest.mark.parametrize(
    ("law", "multiplier_bp", "paths"),
    [("UK", 100_000, []), ("UK", 100_001, PATHS), ("", 100_001, []), ("XX", 100_001, [])],
)
def test_no_requirement_asks_for_more_wagering_than_the_law_lets_it(
    law: str, multiplier_bp: int, paths: list[str]
) -> None:
    problems = find_law_problems(documents(law, multiplier_bp))

    assert [(each.path, each.reason) for each in problems] == [(p, "WAGERING_CAP") for p in paths]


def test_without_a_wallet_policy_there_is_no_law() -> None:
    topology, _wallet_policy, policy, profile = documents("UK", 100_001)

    assert find_law_problems((topology, policy, profile)) == []


def test_a_configuration_is_held_against_the_law() -> None:
    problems = find_configuration_problems(documents("UK", 100_001))

    assert [each.path for each in problems if each.reason == "WAGERING_CAP"] == PATHS
