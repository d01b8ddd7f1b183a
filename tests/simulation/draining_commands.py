"""Random commands on buckets that are being emptied."""

from typing import TYPE_CHECKING

from tests.simulation.cashier_commands import draw_adjustment_id, pending
from tests.simulation.persons import draw_person
from wallet_server.core.bets.bet import BetState
from wallet_server.core.cashier.adjustment import AdjustmentKind
from wallet_server.core.commands import DrainBucket, ReplanAuthorization
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.ids import BetKey, WalletRef

if TYPE_CHECKING:
    from tests.simulation.commands import CommandSource

OPEN = frozenset({BetState.AUTHORIZED, BetState.PARTIALLY_SETTLED})


def draw_drain(source: "CommandSource", ref: WalletRef) -> DrainBucket | None:
    """Draws a drain of a bucket that is being emptied, more likely than not."""
    code = draw_emptied(source, ref)
    return None if code is None else DrainBucket("drain-1", code, source.bucket(ref))


def draw_replan(source: "CommandSource", ref: WalletRef) -> ReplanAuthorization | None:
    """Draws another plan for an open bet: a new one, or one that waits for a second person."""
    random = source.random
    waiting = [each for each in pending(source, ref) if each.kind is AdjustmentKind.PLAN]
    if waiting and random.random() < 0.7:
        found = random.choice(waiting)
        return ReplanAuthorization(
            BetKey(found.provider_id, found.bet_ref),
            found.bucket,
            found.successor if random.random() < 0.95 else source.bucket(ref),
            found.adjustment_id,
            found.reason_code,
            actor=draw_person(random),
        )
    code = draw_emptied(source, ref)
    records = source.store.records.get(ref)
    bets = [each for each in records.bets.values() if each.state in OPEN] if records else []
    fit = [each.key for each in bets if code in {*each.named_buckets, *each.replanned.values()}]
    if code is None or (not fit and random.random() < 0.9):
        return None
    return ReplanAuthorization(
        random.choice(fit) if fit else source.bet(ref),
        code,
        source.bucket(ref),
        draw_adjustment_id(source),
        "TEST",
        actor=draw_person(random),
    )


def draw_emptied(source: "CommandSource", ref: WalletRef) -> str | None:
    """Draws a bucket that is being emptied; any bucket, now and then."""
    configuration = source.rules.configurations.get(ref.tenant_id)
    buckets = configuration.topology.value.buckets if configuration else ()
    emptied = [each.code for each in buckets if each.status is BucketStatus.DRAINING]
    if emptied and source.random.random() < 0.95:
        return source.random.choice(emptied)
    return source.bucket(ref) if source.random.random() < 0.2 else None
