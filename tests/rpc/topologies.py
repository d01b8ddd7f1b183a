"""Topologies as administrators write them, and what is told of their versions."""

from importlib.resources import files
from typing import Any

import grpc

from tests.rpc.administration import Office
from wallet.v1 import topology_pb2
from wallet_server import shapes

RUBY = files(shapes).joinpath("ruby.yaml").read_text("utf-8").split("\n---\n")[0] + "\n"

LARGER = RUBY.replace(
    "\ntransfer_edges:",
    "\n  - {code: vip, wallet_group: casino, bucket_class: RESTRICTED}\n\ntransfer_edges:",
)

BONUS = RUBY[RUBY.index("  - code: sports_bonus") : RUBY.index("  - code: casino_bonus")]

WITHOUT_BONUS = (
    RUBY.replace(BONUS, "") + "retired_buckets: [{code: sports_bonus, successor: sports_normal}]\n"
)

WRONG = RUBY.replace("[sports_normal, casino_normal, withdrawable]", "[gone, points]")
DRAFT, VALIDATED = topology_pb2.VERSION_STATE_DRAFT, topology_pb2.VERSION_STATE_VALIDATED
APPROVED, ACTIVE = topology_pb2.VERSION_STATE_APPROVED, topology_pb2.VERSION_STATE_ACTIVE
SUPERSEDED, ARCHIVED = topology_pb2.VERSION_STATE_SUPERSEDED, topology_pb2.VERSION_STATE_ARCHIVED
FAILED_PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION


def named(told: Any) -> dict[str, Any]:
    """Returns what an act on a version names."""
    return {"version": told.version, "etag": told.etag}


async def states(office: Office) -> list[tuple[int, int]]:
    listed = await office.ask("ListTopologies")
    return [(each.version, each.state) for each in listed.topologies]
