"""Which sources may pay for a bet."""

from dataclasses import replace

import pytest

from tests.core.rules import TOPOLOGY, auto, choice, ratio
from tests.core.world import World
from wallet_server.core.bets.sources import available, sources_for
from wallet_server.core.config.policy import FundingMode, WeightedSource
from wallet_server.core.refusals import SelectedSourceNotAllowed, SelectedSourceRequired

AUTO = auto("SB", "SN")
CHOICE = choice(NORMAL=["CN"], BOTH=["CB", "CN"])
RATIO = ratio(SN=3, SB=1)


@pytest.mark.parametrize(
    ("mode", "selected", "sources"),
    [
        (AUTO, "", (WeightedSource("SB"), WeightedSource("SN"))),
        (AUTO, "SB", SelectedSourceNotAllowed("SB", "")),
        (RATIO, "", (WeightedSource("SN", 3), WeightedSource("SB", 1))),
        (RATIO, "SN", SelectedSourceNotAllowed("SN", "")),
        (CHOICE, "NORMAL", (WeightedSource("CN"),)),
        (CHOICE, "BOTH", (WeightedSource("CB"), WeightedSource("CN"))),
        (CHOICE, "", SelectedSourceRequired("NORMAL, BOTH")),
        (CHOICE, "CN", SelectedSourceNotAllowed("CN", "NORMAL, BOTH")),
    ],
)
def test_the_mode_says_who_pays(mode: FundingMode, selected: str, sources: object) -> None:
    assert sources_for(mode, selected) == sources


def test_a_frozen_or_retired_bucket_pays_nothing() -> None:
    wallet = World("SN 10, SB 20, CN 30", frozen="SB").wallet
    without_cn = replace(TOPOLOGY, buckets=tuple(b for b in TOPOLOGY.buckets if b.code != "CN"))

    assert [available(code, wallet, without_cn) for code in ("SN", "SB", "CN", "WD")] == [
        10,
        0,
        0,
        0,
    ]
