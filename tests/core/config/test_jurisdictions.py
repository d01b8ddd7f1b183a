"""What laws rule out when value is given."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.rules import LIVE, SLOTS, SPORTS, configuration
from wallet_server.core.config.jurisdictions import (
    NO_LAW,
    UNITED_KINGDOM,
    Reach,
    check_products,
    check_wagering,
    law_of,
)
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.refusals import JurisdictionMixedProduct, JurisdictionWageringCap

UK = WalletPolicy(jurisdiction="UK")
BETTING = replace(SPORTS, product="BETTING")
CASINO = (replace(SLOTS, product="CASINO"), replace(LIVE, product="CASINO"))


def only(*provider_types: str) -> Reach:
    return Reach(frozenset(provider_types), everywhere=False)


def test_the_wallet_policy_names_the_law() -> None:
    assert law_of(configuration()) == NO_LAW
    assert law_of(configuration(UK)) == UNITED_KINGDOM


@pytest.mark.parametrize(
    ("multiplier_bp", "refused"), [(1, False), (99_999, False), (100_000, False), (100_001, True)]
)
def test_wagering_is_at_most_ten_times_in_the_united_kingdom(
    multiplier_bp: int, *, refused: bool
) -> None:
    refusal = JurisdictionWageringCap(multiplier_bp, 100_000, "UK") if refused else None

    assert check_wagering(multiplier_bp, UNITED_KINGDOM) == refusal
    assert check_wagering(multiplier_bp, NO_LAW) is None


@pytest.mark.parametrize(
    ("qualifying", "reach", "mixed"),
    [
        ((), only("SPORTS"), ""),
        (("SPORTS",), only("SPORTS"), ""),
        (("SLOTS",), only("SPORTS"), "BETTING, CASINO"),
        (("SPORTS",), only("SLOTS", "LIVE"), "BETTING, CASINO"),
        (("SLOTS",), only("LIVE"), ""),
        ((), only("SPORTS", "SLOTS"), "BETTING, CASINO"),
        (("SPORTS", "SLOTS"), only("SPORTS"), "BETTING, CASINO"),
        (("SPORTS", "SLOTS"), only(), "BETTING, CASINO"),
        (("BINGO",), only("BINGO"), ""),
        (("BINGO",), only("SPORTS"), "BETTING, BINGO"),
        (("SPORTS", "BINGO"), Reach(frozenset({"SPORTS", "SLOTS", "LIVE"}), everywhere=True), ""),
    ],
)
def test_a_promotion_is_about_one_kind_of_product_in_the_united_kingdom(
    qualifying: tuple[str, ...], reach: Reach, mixed: str
) -> None:
    refusal = JurisdictionMixedProduct("UK", mixed) if mixed else None

    assert check_products(qualifying, reach, configuration(UK, BETTING, *CASINO)) == refusal
    assert check_products(qualifying, reach, configuration(BETTING, *CASINO)) is None


def test_a_provider_type_without_a_product_is_one_of_its_own() -> None:
    refusal = check_products(("SLOTS",), only("LIVE"), configuration(UK))

    assert refusal == JurisdictionMixedProduct("UK", "LIVE, SLOTS")


TYPES = st.frozensets(st.sampled_from(["SPORTS", "SLOTS", "LIVE", "BINGO"]))


@given(TYPES, TYPES)
def test_what_is_let_through_is_of_one_product(
    qualifying: frozenset[str], usable: frozenset[str]
) -> None:
    product = {"SPORTS": "BETTING", "SLOTS": "CASINO", "LIVE": "CASINO", "BINGO": "BINGO"}
    rules = configuration(UK, BETTING, *CASINO)

    refusal = check_products(qualifying, only(*usable), rules)

    one = len({product[each] for each in qualifying | usable}) <= 1
    assert (refusal is None) == one
    assert check_products(usable, only(*qualifying), rules) == refusal
