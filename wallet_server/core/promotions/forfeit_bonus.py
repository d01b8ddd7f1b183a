"""Giving up bonus money."""

from datetime import datetime

from wallet_server.core.accounts import PROMO, bucket
from wallet_server.core.commands import ForfeitBonus
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import BucketClass
from wallet_server.core.decision import APPLIED, Decision
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import BucketFrozen, BucketNotForfeitable, BucketUnknownInTopology
from wallet_server.core.results import ForfeitResult
from wallet_server.core.rolling.cancel_rolling import end_early
from wallet_server.core.rolling.pass_on import pass_on
from wallet_server.core.rolling.requirement import Requirement, RequirementState
from wallet_server.core.wallet import Wallet


def decide_forfeit_bonus(
    command: ForfeitBonus, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Gives up what a bucket of restricted money holds, and ends the requirements on it.

    What open bets return to the bucket later is forfeited then, by the requirements that end
    here.
    """
    bucket_type = configuration.topology.value.bucket_by_code.get(command.bucket)
    if bucket_type is None:
        return BucketUnknownInTopology(command.bucket)
    if bucket_type.bucket_class is not BucketClass.RESTRICTED:
        return BucketNotForfeitable(command.bucket)
    if command.bucket in wallet.frozen_buckets:
        return BucketFrozen(command.bucket)
    draft = Draft(wallet, configuration, now)
    held = draft.balance(bucket(command.bucket))
    cancelled_count = cancel_requirements(command.bucket, draft)
    left = draft.balance(bucket(command.bucket))
    draft.move(draft.currency, bucket(command.bucket), PROMO, left)
    pass_on(draft)
    return draft.change(APPLIED, result=ForfeitResult(command.bucket, held, cancelled_count))


def cancel_requirements(code: str, draft: Draft) -> int:
    """Cancels the open requirements on a bucket, with its money. Returns how many there were."""
    ended = [each for each in draft.items_of(Requirement) if each.bucket == code and each.is_open]
    for each in ended:
        end_early(draft, each, RequirementState.CANCELLED, forfeits=True)
    return len(ended)
