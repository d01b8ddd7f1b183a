"""Which buckets stand in for one that cannot give what is taken back."""

from collections.abc import Iterable, Iterator

from wallet_server.core.config.topology import OWN_MONEY, Topology
from wallet_server.core.config.wallet_policy import RecoveryScope


def stand_ins(
    code: str, order: Iterable[str], scope: RecoveryScope, topology: Topology
) -> Iterator[str]:
    """Yields the buckets that may give for another, first to last, as `order` has them.

    Only the player's own money of the same asset does, and never what a promotion restricts.
    """
    if scope is RecoveryScope.DESTINATION_ONLY:
        return
    wanting = topology.bucket_by_code[code]
    for other in order:
        found = topology.bucket_by_code.get(other)
        if found is None or other == code or found.bucket_class not in OWN_MONEY:
            continue
        if found.asset_code != wanting.asset_code:
            continue
        if scope is RecoveryScope.ALL_CASH or found.wallet_group == wanting.wallet_group:
            yield other
