"""What is wrong with documents, and what keeps them from being activated."""

from wallet.v1 import blocker_pb2 as pb
from wallet_server.core.administration.blocker import Blocker, BlockerReason
from wallet_server.core.config.problem import Problem
from wallet_server.rpc.encode.values import numbers

BLOCKER_REASONS = numbers(BlockerReason, pb.BlockerReason, prefix="BLOCKER_REASON")


def encode_blocker(blocker: Blocker) -> pb.Blocker:
    """Encodes one reason not to activate a version."""
    return pb.Blocker(
        reason=BLOCKER_REASONS[blocker.reason],
        subject=blocker.subject,
        message=blocker.message,
        count=blocker.count,
        totals=[encode_total(each.asset_code, each.minor_units) for each in blocker.totals],
        examples=blocker.examples,
    )


def encode_total(asset_code: str, minor_units: int) -> pb.Total:
    """Encodes an amount that may be beyond 64 bits."""
    return pb.Total(asset_code=asset_code, minor_units=str(minor_units))


def encode_problem(problem: Problem) -> pb.Problem:
    """Encodes one thing that is wrong with a document."""
    return pb.Problem(path=problem.path, reason=problem.reason, message=problem.message)
