"""What is wrong with where wins go that need no bet."""

from collections.abc import Iterator

from wallet_server.core.config.policy import Policy, WinDestination
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import DUPLICATE, ROUND_WINS_FOLLOW_BETS
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation_names import find_draining_bucket, find_unsuitable_bucket
from wallet_server.core.config.validation_rolling import find_terms_problems
from wallet_server.core.rounds.win_kind import WinKind


def find_win_destination_problems(policy: Policy, topology: Topology) -> Iterator[Problem]:
    """Yields what is wrong with the destinations of wins, each and together."""
    seen = set[WinKind]()
    for i, each in enumerate(policy.win_destinations):
        path = f"win_destinations[{i}]"
        if each.kind is WinKind.ROUND:
            message = "a ROUND win goes where the sources of its bets say"
            yield Problem(f"{path}.kind", ROUND_WINS_FOLLOW_BETS, message)
        elif each.kind in seen:
            yield Problem(f"{path}.kind", DUPLICATE, f"{each.kind.value} is there before")
        seen.add(each.kind)
        yield from win_target_problems(each, topology, path)


def win_target_problems(
    destination: WinDestination, topology: Topology, path: str
) -> Iterator[Problem]:
    """Yields what is wrong with where the wins of one kind go, and what they open there."""
    code = destination.target
    yield from find_unsuitable_bucket(code, topology, f"{path}.target")
    yield from find_draining_bucket(code, topology, f"{path}.target")
    bucket = topology.bucket_by_code.get(code)
    if destination.rolling is not None:
        buckets = [bucket] if bucket else []
        yield from find_terms_problems(destination.rolling, buckets, topology, f"{path}.rolling")
