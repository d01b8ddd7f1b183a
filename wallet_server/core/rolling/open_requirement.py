"""Opening a rolling requirement."""

from datetime import timedelta

from wallet_server.core.accounts import bucket as bucket_account
from wallet_server.core.amounts import INT64_MAX
from wallet_server.core.config.topology import OWN_MONEY
from wallet_server.core.draft import Draft
from wallet_server.core.items import LIVE_ITEMS_MAX
from wallet_server.core.refusals import (
    AmountOutOfRange,
    BucketUnknownInTopology,
    DestinationUnknown,
    ItemLimit,
    Refusal,
)
from wallet_server.core.rolling.requirement import (
    Requirement,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)

WHOLE_BP = 10_000


def open_requirement(
    draft: Draft,
    *,
    bucket: str,
    asset_code: str,
    amount: int,
    terms: RollingTerms,
    origin: RequirementOrigin,
    origin_id: str,
) -> Requirement | Refusal:
    """Opens a requirement on a bucket for a value that reaches it with the same command.

    What must be wagered is the multiple of the value, rounded up. Bets placed after the
    command count. A multiple of nothing is fulfilled at once.

    Refuses, in this order: a bucket that the topology does not have, a release target that is
    none of the player's own money in that asset, what is out of range, and one more than a
    wallet may have.
    """
    assert amount > 0
    topology = draft.configuration.topology
    bucket_type = topology.value.bucket_by_code.get(bucket)
    if bucket_type is None:
        return BucketUnknownInTopology(bucket)
    if refusal := check_target(draft, terms.release_target, asset_code):
        return refusal
    required = multiple_of(amount, terms.multiplier_bp)
    if required > INT64_MAX:
        return AmountOutOfRange(bucket_account(bucket))
    opened = Requirement(
        requirement_id=f"{origin.value}:{origin_id}",
        state=RequirementState.ACTIVE if required else RequirementState.FULFILLED,
        bucket=bucket,
        wallet_group=bucket_type.wallet_group,
        asset_code=asset_code,
        required=required,
        terms=terms,
        origin=origin,
        origin_id=origin_id,
        topology_version=topology.version,
        wallet_policy_version=draft.configuration.wallet_policy.version,
        sequence=draft.sequence,
        opened_sequence=draft.sequence,
        create_time=draft.now,
        expire_time=(
            None
            if terms.expires_after_seconds is None
            else draft.now + timedelta(seconds=terms.expires_after_seconds)
        ),
        amount=amount,
    )
    draft.put_item(opened)
    return find_excess(draft) or opened


def multiple_of(amount: int, multiplier_bp: int) -> int:
    """Returns a multiple of an amount, in hundredths of a percent, rounded up."""
    return -(-amount * multiplier_bp // WHOLE_BP)


def check_target(draft: Draft, target: str, asset_code: str) -> DestinationUnknown | None:
    """Refuses a release target that cannot take the bucket's asset. Empty is none.

    What is released is the player's own, and wherever a transfer takes the requirement later,
    no release ever makes restricted money of it.
    """
    if not target:
        return None
    found = draft.configuration.topology.value.bucket_by_code.get(target)
    if (
        found is None
        or found.asset_in(draft.currency) != asset_code
        or found.bucket_class not in OWN_MONEY
    ):
        return DestinationUnknown(target)
    return None


def find_excess(draft: Draft) -> ItemLimit | None:
    """Refuses more live items than a wallet may have, if the command makes more than there were."""
    live_before = sum(each.is_live for each in draft.before.items.values())
    live_count = sum(each.is_live for each in draft.wallet.items.values())
    is_excess = live_count > max(LIVE_ITEMS_MAX, live_before)
    return ItemLimit(LIVE_ITEMS_MAX) if is_excess else None
