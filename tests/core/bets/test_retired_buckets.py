"""What becomes of changes that concern retired buckets."""

from dataclasses import replace

from tests.core.rules import TOPOLOGY
from tests.core.world import World
from wallet_server.core.accounts import bucket
from wallet_server.core.bets.correction import Work, redirect
from wallet_server.core.config.topology import RetiredBucket
from wallet_server.core.entry import Move

RETIRED = replace(
    TOPOLOGY,
    buckets=tuple(each for each in TOPOLOGY.buckets if each.code not in {"SN", "SB"}),
    retired_buckets=(RetiredBucket("SN", "CN"), RetiredBucket("SB", "CN")),
)


def test_what_stands_in_is_kept_in_one_order_however_the_changes_came_about() -> None:
    changes = {bucket("SN"): 5, bucket("SB"): -7}

    for order in (changes.items(), reversed(changes.items())):
        work = Work(dict(order), World().wallet, RETIRED)
        redirect(work)

        assert work.substitutions == [
            Move(bucket("CN"), bucket("SB"), 7),
            Move(bucket("SN"), bucket("CN"), 5),
        ]
