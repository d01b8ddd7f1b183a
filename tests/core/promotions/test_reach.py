"""Where the value of a promotion may be used."""

from dataclasses import replace

import pytest

from tests.core.promotions.promotions import PROMO_TOPOLOGY, free_to_leave
from tests.core.rules import configuration
from wallet_server.core.commands import Amount, CreditPromotion
from wallet_server.core.config.jurisdictions import Reach
from wallet_server.core.config.topology import TransferEdge
from wallet_server.core.coupons.grant import CouponRestrictions
from wallet_server.core.promotions.reach import reach_of_coupon, reach_of_credit
from wallet_server.core.rolling.requirement import RollingTerms

EVERYBODY = frozenset({"SPORTS", "SLOTS", "LIVE"})
EVERYWHERE = Reach(EVERYBODY, everywhere=True)


def only(*provider_types: str) -> Reach:
    return Reach(frozenset(provider_types), everywhere=False)


def counting(*provider_types: str) -> RollingTerms:
    return RollingTerms(10_000, provider_types=provider_types)


@pytest.mark.parametrize(
    ("code", "rolling", "reach"),
    [
        ("SB", None, only("SPORTS")),
        ("CB", None, only("SLOTS", "LIVE")),
        ("SN", None, EVERYWHERE),
        ("PT", None, EVERYWHERE),
        ("WD", None, only("SPORTS")),
        ("SB", counting(), only("SPORTS")),
        ("SB", counting("SLOTS"), only("SPORTS", "SLOTS")),
        ("SN", counting(), EVERYWHERE),
        ("SN", counting("SPORTS", "SLOTS", "LIVE"), EVERYWHERE),
        ("SN", counting("SLOTS"), only("SPORTS", "SLOTS", "LIVE")),
    ],
)
def test_value_reaches_what_its_bucket_pays_for_and_what_its_wagering_wants(
    code: str, rolling: RollingTerms | None, reach: Reach
) -> None:
    command = CreditPromotion("p1", code, Amount("EUR", 1), rolling=rolling)

    assert reach_of_credit(command, configuration(PROMO_TOPOLOGY)) == reach


def test_own_money_that_may_leave_reaches_everything() -> None:
    without_edges = replace(free_to_leave(), transfer_edges=())
    command = CreditPromotion("p1", "SN", Amount("EUR", 1))

    assert reach_of_credit(command, configuration(without_edges)) == EVERYWHERE


@pytest.mark.parametrize(
    ("edges", "reach"),
    [
        ((TransferEdge("SB", "CB"),), EVERYWHERE),
        ((TransferEdge("SB", "WD"), TransferEdge("WD", "CB")), EVERYWHERE),
        ((TransferEdge("SB", "CB", enabled=False),), only("SPORTS")),
        ((TransferEdge("CB", "SB"),), only("SPORTS")),
    ],
)
def test_value_reaches_where_transfers_take_it(
    edges: tuple[TransferEdge, ...], reach: Reach
) -> None:
    topology = replace(PROMO_TOPOLOGY, transfer_edges=edges)
    command = CreditPromotion("p1", "SB", Amount("EUR", 1))

    assert reach_of_credit(command, configuration(topology)) == reach


@pytest.mark.parametrize(
    ("restrictions", "reach"),
    [
        (CouponRestrictions(), EVERYWHERE),
        (CouponRestrictions(stake_min=1, stake_max=10), EVERYWHERE),
        (CouponRestrictions(provider_types=("SPORTS",)), only("SPORTS")),
        (CouponRestrictions(provider_types=("SPORTS", "SLOTS")), only("SPORTS", "SLOTS")),
        (CouponRestrictions(provider_ids=("slots", "live")), only("SLOTS", "LIVE")),
        (CouponRestrictions(provider_ids=("nobody",)), only()),
        (
            CouponRestrictions(provider_types=("SLOTS", "SPORTS"), provider_ids=("slots",)),
            only("SLOTS"),
        ),
        (CouponRestrictions(sports=("football",)), only("SPORTS", "SLOTS", "LIVE")),
        (CouponRestrictions(game_ids=("g1",)), only("SPORTS", "SLOTS", "LIVE")),
        (CouponRestrictions(odds_milli_min=1500), only("SPORTS", "SLOTS", "LIVE")),
    ],
)
def test_a_coupon_reaches_what_it_may_pay_for(
    restrictions: CouponRestrictions, reach: Reach
) -> None:
    assert reach_of_coupon(restrictions, configuration(PROMO_TOPOLOGY)) == reach
