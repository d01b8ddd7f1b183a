"""What a law that keeps kinds of products apart rules out in policies."""

from dataclasses import replace

import pytest

from tests.core.promotions.promotions import PROMO_TOPOLOGY
from tests.core.rules import LIVE, SLOTS, SPORTS
from wallet_server.core.config.documents import Document
from wallet_server.core.config.policy import Policy, WinDestination
from wallet_server.core.config.validation import find_configuration_problems
from wallet_server.core.config.validation_products import find_product_problems
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.core.rounds.win_kind import WinKind

BRITISH = WalletPolicy(jurisdiction="UK")
BETTING = replace(SPORTS, product="BETTING")
CASINO = (replace(SLOTS, product="CASINO"), replace(LIVE, product="CASINO"))


def giving(
    policy: Policy, target: str, kind: WinKind = WinKind.FREE_ROUND, *counting: str
) -> Policy:
    """Returns a policy with a win that goes to a bucket, with wagering that some types count."""
    terms = RollingTerms(10_000, "WD", provider_types=counting) if counting else None
    return replace(policy, win_destinations=(WinDestination(kind, target, terms),))


def documents(policy: Policy, law: WalletPolicy = BRITISH) -> list[Document]:
    others = [each for each in (BETTING, *CASINO) if each.provider_type != policy.provider_type]
    return [PROMO_TOPOLOGY, law, *others, policy]


@pytest.mark.parametrize(
    ("policy", "is_mixed"),
    [
        (giving(BETTING, "SB"), False),
        (giving(BETTING, "CB"), True),
        (giving(CASINO[0], "CB"), False),
        (giving(CASINO[0], "CB", WinKind.FREE_ROUND, "LIVE"), False),
        (giving(CASINO[0], "CB", WinKind.FREE_ROUND, "SPORTS"), True),
        (giving(CASINO[0], "SB", WinKind.PROMO_WIN), True),
        (giving(CASINO[0], "SB", WinKind.JACKPOT), False),
        (giving(CASINO[0], "SN"), False),
        (giving(CASINO[0], "SN", WinKind.FREE_ROUND, "SLOTS"), True),
        (giving(CASINO[0], "nowhere"), False),
    ],
)
def test_an_offer_is_of_one_kind_of_product_unless_it_is_of_use_everywhere(
    policy: Policy, *, is_mixed: bool
) -> None:
    found = find_product_problems(documents(policy))

    path = f"Policy {policy.provider_type}: win_destinations[0]"
    assert [(each.path, each.reason) for each in found] == [(path, "MIXED_PRODUCT")] * is_mixed
    assert find_product_problems(documents(policy, WalletPolicy())) == []
    assert find_product_problems(documents(policy, WalletPolicy(jurisdiction="XX"))) == []


def test_without_a_topology_or_a_law_nothing_is_told() -> None:
    mixed = giving(BETTING, "CB")

    assert find_product_problems([BRITISH, mixed]) == []
    assert find_product_problems([PROMO_TOPOLOGY, mixed]) == []


def test_a_configuration_is_held_against_it() -> None:
    found = find_configuration_problems(documents(giving(BETTING, "CB")))

    assert ("Policy SPORTS: win_destinations[0]", "MIXED_PRODUCT") in [
        (each.path, each.reason) for each in found
    ]
