"""Moving money along an edge."""

from dataclasses import replace
from datetime import datetime

from wallet_server.core.accounts import bucket, exchange
from wallet_server.core.amounts import check_asset
from wallet_server.core.commands import TransferFunds
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import BucketStatus, Topology, TransferEdge
from wallet_server.core.decision import APPLIED, Decision
from wallet_server.core.draft import Draft
from wallet_server.core.players.status_rules import forbids
from wallet_server.core.refusals import (
    AmountNotMultiple,
    BelowMinimum,
    BucketDraining,
    BucketFrozen,
    InsufficientFunds,
    Refusal,
    TransferCap,
    TransferEdgeNotAllowed,
)
from wallet_server.core.results import TransferResult
from wallet_server.core.rolling.inheritance import check_inheritance, hand_down, share_of
from wallet_server.core.rolling.open_requirement import find_excess, open_requirement
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rolling.requirement import RequirementOrigin, RollingTerms
from wallet_server.core.transfers.edge_usage import EdgeUsage, usage_key
from wallet_server.core.wallet import Wallet


def decide_transfer_funds(
    command: TransferFunds, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Moves money along an edge, with its part of what must still be wagered.

    Refuses, in this order: what no open edge connects, another asset than the source's,
    amounts that the edge does not transfer, the player's status, a frozen source, a target
    that is being emptied, requirements that hold the money, the cap of the day, what is not
    there, and more requirements than a wallet may have.
    """
    draft = Draft(wallet, configuration, now)
    edge = find_edge(command, configuration.topology.value)
    if edge is None:
        return TransferEdgeNotAllowed(command.source, command.target)
    amount = command.amount.minor_units
    if refusal := check_amount(command, edge, draft):
        return refusal
    if refusal := forbids(command, wallet.status, configuration.wallet_policy.value):
        return refusal
    if refusal := check_buckets(edge, draft) or check_inheritance(draft, edge):
        return refusal
    if refusal := check_cap(edge, amount, draft) or check_funds(edge, amount, draft):
        return refusal
    moved_remaining = hand_down(draft, edge, share_of(draft, edge, amount))
    post_transfer(draft, edge, amount)
    count_usage(draft, edge, amount)
    opened = open_on_target(draft, edge, amount)
    if refusal := opened if isinstance(opened, Refusal) else find_excess(draft):
        return refusal
    pass_on(draft)
    result = TransferResult(amount, target_amount(edge, amount), str(opened), moved_remaining)
    return draft.change(APPLIED, result=result)


def find_edge(command: TransferFunds, topology: Topology) -> TransferEdge | None:
    """Returns the open edge between two buckets, if there is one."""
    for edge in topology.transfer_edges:
        if (edge.source, edge.target) == (command.source, command.target) and edge.enabled:
            return edge
    return None


def check_amount(command: TransferFunds, edge: TransferEdge, draft: Draft) -> Refusal | None:
    """Refuses amounts of another asset, and those that the edge does not transfer whole.

    The least is the edge's minimum, and enough to become something on the other side.
    """
    source = draft.configuration.topology.value.bucket_by_code[edge.source]
    if mismatch := check_asset("amount", command.amount, source.asset_in(draft.currency)):
        return mismatch
    amount = command.amount.minor_units
    if amount % edge.multiple_of:
        return AmountNotMultiple(amount, edge.multiple_of)
    minimum = max(1, edge.minimum)
    if target_amount(edge, minimum) == 0:
        minimum = -(-edge.rate_denominator // edge.rate_numerator)
    return BelowMinimum(amount, minimum) if amount < minimum else None


def check_buckets(edge: TransferEdge, draft: Draft) -> Refusal | None:
    """Refuses to take from a frozen bucket, and to put into one that is being emptied."""
    if edge.source in draft.before.frozen_buckets:
        return BucketFrozen(edge.source)
    target = draft.configuration.topology.value.bucket_by_code[edge.target]
    return BucketDraining(edge.target) if target.status is BucketStatus.DRAINING else None


def check_cap(edge: TransferEdge, amount: int, draft: Draft) -> TransferCap | None:
    """Refuses what exceeds the edge's cap of the day, which begins at midnight UTC."""
    if edge.daily_cap is None:
        return None
    used = used_today(edge, draft)
    return TransferCap(edge.daily_cap, used) if used + amount > edge.daily_cap else None


def check_funds(edge: TransferEdge, amount: int, draft: Draft) -> InsufficientFunds | None:
    """Refuses more than the source holds."""
    held = draft.balance(bucket(edge.source))
    return InsufficientFunds(required=amount, available=held) if held < amount else None


def used_today(edge: TransferEdge, draft: Draft) -> int:
    """Returns what was transferred along an edge since midnight UTC, if it is counted."""
    usage = draft.item(usage_key(edge.source, edge.target), EdgeUsage)
    return 0 if usage is None or usage.day != draft.now.date() else usage.amount


def target_amount(edge: TransferEdge, amount: int) -> int:
    """Returns what an amount of the source becomes on the other side, rounded down."""
    return amount * edge.rate_numerator // edge.rate_denominator


def post_transfer(draft: Draft, edge: TransferEdge, amount: int) -> None:
    """Moves the money; between assets, out of one and into the other by way of the house."""
    types = draft.configuration.topology.value.bucket_by_code
    given = types[edge.source].asset_in(draft.currency)
    got = types[edge.target].asset_in(draft.currency)
    source, target = bucket(edge.source), bucket(edge.target)
    if given == got:
        assert target_amount(edge, amount) == amount
        draft.move(given, source, target, amount)
        return
    draft.move(given, source, exchange(given), amount)
    draft.move(got, exchange(got), target, target_amount(edge, amount))


def count_usage(draft: Draft, edge: TransferEdge, amount: int) -> None:
    """Counts a transfer towards the cap of the day, where the edge has one."""
    if edge.daily_cap is None:
        return
    used = used_today(edge, draft) + amount
    usage = draft.item(usage_key(edge.source, edge.target), EdgeUsage)
    if usage is None:
        usage = EdgeUsage(
            edge.source, edge.target, draft.now.date(), used, draft.sequence, draft.now
        )
    else:
        usage = replace(usage, day=draft.now.date(), amount=used, revision=usage.revision + 1)
    draft.put_item(usage)


def open_on_target(draft: Draft, edge: TransferEdge, amount: int) -> str | Refusal:
    """Opens the requirement that a transfer brings; returns its id, or an empty one for none."""
    if not edge.opens_rolling_bp:
        return ""
    target = draft.configuration.topology.value.bucket_by_code[edge.target]
    opened = open_requirement(
        draft,
        bucket=edge.target,
        asset_code=target.asset_in(draft.currency),
        amount=target_amount(edge, amount),
        terms=RollingTerms(edge.opens_rolling_bp),
        origin=RequirementOrigin.TRANSFER,
        origin_id=str(draft.sequence),
    )
    return opened if isinstance(opened, Refusal) else opened.requirement_id
