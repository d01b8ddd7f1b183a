"""The events of commands that leave no thing of their own behind: what their results say."""

from collections.abc import Iterator

from wallet_server.core.accounts import exchange
from wallet_server.core.answer import Answer
from wallet_server.core.commands import Command, DrainBucket, TransferFunds
from wallet_server.core.decision import APPLIED, Effects
from wallet_server.core.events.event import Done, EventType
from wallet_server.core.events.item_payloads import (
    BonusForfeited,
    BucketDrained,
    TransferCompleted,
)
from wallet_server.core.results import DrainResult, ForfeitResult, TransferResult


def result_events(command: Command, effects: Effects, answer: Answer) -> Iterator[Done]:
    """Yields what a command was about, where no item says it."""
    match effects.result:
        case TransferResult() as result:
            assert isinstance(command, TransferFunds)
            yield EventType.TRANSFER_COMPLETED, transfer(command, result, answer)
        case ForfeitResult() as result:
            forfeited = BonusForfeited(result.bucket, result.forfeited, result.cancelled_count)
            yield EventType.BONUS_FORFEITED, forfeited
        case DrainResult() as result if answer.outcome is APPLIED:
            assert isinstance(command, DrainBucket)
            yield EventType.BUCKET_DRAINED, drained(command, result)
        case _:
            return


def transfer(command: TransferFunds, result: TransferResult, answer: Answer) -> TransferCompleted:
    """Returns what is told of a transfer."""
    source_asset_code = command.amount.asset_code
    return TransferCompleted(
        command.source,
        command.target,
        source_asset_code,
        result.source_amount,
        target_asset(source_asset_code, answer),
        result.target_amount,
        result.requirement_id,
        result.moved_remaining,
    )


def target_asset(source_asset_code: str, answer: Answer) -> str:
    """Returns the asset that a transfer's target is in: another only if it came by exchange."""
    for entry in answer.entries:
        account = exchange(entry.asset_code)
        if entry.asset_code != source_asset_code and any(
            each.account == account for each in entry.changes
        ):
            return entry.asset_code
    return source_asset_code


def drained(command: DrainBucket, result: DrainResult) -> BucketDrained:
    """Returns what is told of a bucket that was emptied."""
    return BucketDrained(
        command.drain_id,
        command.bucket,
        command.successor,
        result.asset_code,
        result.drained,
        result.items_count,
    )
