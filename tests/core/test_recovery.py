"""Which buckets stand in for one that cannot give."""

from dataclasses import replace

import pytest

from tests.core.rules import TOPOLOGY
from wallet_server.core.config.topology import BucketClass, BucketType
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.core.recovery import stand_ins

# Beside those of the examples: cash of sports in dollars.
SHAPE = replace(
    TOPOLOGY,
    buckets=(*TOPOLOGY.buckets, BucketType("UD", "sports", BucketClass.CASH, asset_code="USD")),
)
ORDER = ("XX", "SB", "PT", "UD", "SN", "CN", "WD")


@pytest.mark.parametrize(
    ("code", "scope", "found"),
    [
        ("SN", RecoveryScope.DESTINATION_ONLY, []),
        ("SN", RecoveryScope.ALL_CASH, ["CN", "WD"]),
        ("CN", RecoveryScope.ALL_CASH, ["SN", "WD"]),
        ("SB", RecoveryScope.ALL_CASH, ["SN", "CN", "WD"]),
        ("PT", RecoveryScope.ALL_CASH, []),
        ("SB", RecoveryScope.GROUP, ["SN"]),
        ("SN", RecoveryScope.GROUP, []),
        ("CB", RecoveryScope.GROUP, ["CN"]),
    ],
)
def test_only_own_money_of_the_same_asset_stands_in(
    code: str, scope: RecoveryScope, found: list[str]
) -> None:
    assert list(stand_ins(code, ORDER, scope, SHAPE)) == found


def test_they_stand_in_in_the_order_of_the_topology() -> None:
    assert list(stand_ins("SB", ("WD", "CN"), RecoveryScope.ALL_CASH, SHAPE)) == ["WD", "CN"]
