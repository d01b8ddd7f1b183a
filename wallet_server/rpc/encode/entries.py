"""Entries of the journal."""

from wallet.v1 import wallet_pb2 as pb
from wallet_server.core.answer import PostedEntry
from wallet_server.rpc.encode.values import timestamp


def fill_entry(message: pb.Entry, entry: PostedEntry) -> None:
    """Writes an entry into an empty message. What is empty is left so."""
    message.sequence = entry.sequence
    if entry.ordinal:
        message.ordinal = entry.ordinal
    message.asset_code = entry.asset_code
    add_change = message.changes.add
    for each in entry.changes:
        change = add_change()
        change.account = each.account
        change.change = each.change
        if each.balance_after is not None:
            change.balance_after = each.balance_after
    message.entry_time.CopyFrom(timestamp(entry.entry_time))
    message.request_id = entry.request_id
    message.command = entry.command
    message.provider_id = entry.provider_id
    message.bet_ref = entry.bet_ref
    if entry.correlation_id:
        message.correlation_id = entry.correlation_id


def encode_entry(entry: PostedEntry) -> pb.Entry:
    """Encodes an entry."""
    message = pb.Entry()
    fill_entry(message, entry)
    return message
