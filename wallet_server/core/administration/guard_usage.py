"""What of wallets keeps buckets from being removed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from wallet_server.core.administration.blocker import EXAMPLES_MAX, Blocker, BlockerReason, Total
from wallet_server.core.administration.circumstances import References
from wallet_server.core.administration.drain import Drain
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind

REASON_BY_KIND = {
    UsageKind.BALANCE: BlockerReason.NONZERO_BALANCE,
    UsageKind.OPEN_BET: BlockerReason.OPEN_AUTH_REFERENCE,
    UsageKind.COUPON: BlockerReason.COUPON_DESTINATION,
    UsageKind.REQUIREMENT: BlockerReason.OPEN_ROLLING_SOURCE,
    UsageKind.WITHDRAWAL: BlockerReason.PENDING_WITHDRAWAL,
    UsageKind.DEPOSIT: BlockerReason.PENDING_DEPOSIT,
}

MESSAGE_BY_KIND = {
    UsageKind.BALANCE: "wallets with a balance in {bucket}: {count}",
    UsageKind.OPEN_BET: "open bets paid from {bucket}, or paying out to it: {count}",
    UsageKind.COUPON: "coupon grants that may still pay out to {bucket}: {count}",
    UsageKind.REQUIREMENT: "rolling requirements on {bucket}, or releasing to it: {count}",
    UsageKind.WITHDRAWAL: "withdrawals under way with money of {bucket}: {count}",
    UsageKind.DEPOSIT: "deposits to {bucket} that wait for approval: {count}",
}


def usage_blockers(removed: frozenset[str], references: References) -> Iterator[Blocker]:
    """Yields the buckets that something refers to, by kind; or that nobody has counted that."""
    if not references.is_counted:
        for bucket in removed:
            message = f"it is not known what refers to {bucket}; run wallet-server recount"
            yield Blocker(BlockerReason.USAGE_NOT_COUNTED, bucket, message)
        return
    for (bucket, kind), by_asset in by_bucket(references.usage).items():
        count = sum(each.count for each in by_asset.values())
        totals = tuple(Total(asset, each.total) for asset, each in sorted(by_asset.items()))
        if bucket in removed and (count or any(each.minor_units for each in totals)):
            yield Blocker(
                reason=REASON_BY_KIND[kind],
                subject=bucket,
                message=MESSAGE_BY_KIND[kind].format(bucket=bucket, count=count),
                count=count,
                totals=tuple(each for each in totals if each.minor_units),
                examples=references.examples.get((bucket, kind), ())[:EXAMPLES_MAX],
            )


def by_bucket(
    usage: Mapping[UsageKey, Usage],
) -> dict[tuple[str, UsageKind], dict[str, Usage]]:
    """Returns usage by asset, by bucket and kind."""
    found: defaultdict[tuple[str, UsageKind], dict[str, Usage]] = defaultdict(dict)
    for key, each in usage.items():
        found[key.bucket, key.kind][key.asset_code] = each
    return found


def drain_blockers(removed: frozenset[str], drains: Sequence[Drain]) -> Iterator[Blocker]:
    """Yields the buckets that a drain which is not over empties, or fills."""
    for bucket in removed:
        names = tuple(each.drain_id for each in drains if bucket in {each.bucket, each.successor})
        if names:
            message = f"drains of {bucket}, or into it, that are not over: {len(names)}"
            yield Blocker(
                reason=BlockerReason.DRAIN_UNDER_WAY,
                subject=bucket,
                message=message,
                count=len(names),
                examples=names[:EXAMPLES_MAX],
            )
