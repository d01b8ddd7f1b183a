"""Events as they are told.

What is told of each type is read from its document, and written into the field of its name.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from google.protobuf.message import Message

from wallet.v1 import event_pb2 as pb
from wallet_server.core.events import bet_payloads as bets
from wallet_server.core.events import item_payloads as items
from wallet_server.core.events.event import (
    PAYLOAD_TYPES,
    CommandAnswered,
    EventType,
    Payload,
    WalletOpened,
)
from wallet_server.core.events.told import ToldEvent
from wallet_server.rpc.encode import bet_events, item_events
from wallet_server.rpc.encode.values import numbers, timestamp

TYPES = numbers(EventType, pb.EventType, prefix="EVENT_TYPE")
FIELDS = {event_type: event_type.value.lower() for event_type in EventType}
# Made once: each call would make one.
DECODERS: Mapping[EventType, "msgspec.json.Decoder[Any]"] = {
    event_type: msgspec.json.Decoder(type=payload) for event_type, payload in PAYLOAD_TYPES.items()
}


def encode_answered(payload: CommandAnswered) -> pb.CommandAnswered:
    """Encodes that a command changed nothing."""
    return pb.CommandAnswered(
        command=payload.command, outcome=payload.outcome, reason=payload.reason
    )


def encode_opened(payload: WalletOpened) -> pb.WalletOpened:
    """Encodes that a wallet was opened."""
    del payload  # It says nothing but that.
    return pb.WalletOpened()


ENCODERS: Mapping[type[Payload], Callable[[Any], Message]] = {
    WalletOpened: encode_opened,
    CommandAnswered: encode_answered,
    bets.BetAuthorized: bet_events.encode_authorized,
    bets.BetDeclined: bet_events.encode_declined,
    bets.BetTombstoned: bet_events.encode_tombstoned,
    bets.BetSettled: bet_events.encode_settled,
    bets.BetUnsettled: bet_events.encode_unsettled,
    bets.BetRolledBack: bet_events.encode_rolled_back,
    bets.BetReplanned: bet_events.encode_replanned,
    bets.BetContribution: bet_events.encode_contributions,
    items.RoundChanged: item_events.encode_round_changed,
    items.TransferCompleted: item_events.encode_transfer,
    items.RequirementChanged: item_events.encode_requirement_changed,
    items.RollingSplit: item_events.encode_split,
    items.PromotionChanged: item_events.encode_promotion_changed,
    items.BonusForfeited: item_events.encode_bonus_forfeited,
    items.DepositChanged: item_events.encode_deposit_changed,
    items.WithdrawalChanged: item_events.encode_withdrawal_changed,
    items.AdjustmentChanged: item_events.encode_adjustment_changed,
    items.DebtChanged: item_events.encode_debt,
    items.AccountStatusChanged: item_events.encode_status_changed,
    items.LimitChanged: item_events.encode_limit_changed,
    items.BucketDrained: item_events.encode_drained,
    items.EntryPosted: item_events.encode_posted,
    items.VersionActivated: item_events.encode_activated,
}
IN_CURRENCY: Mapping[type[Payload], Callable[[Any, str], Message]] = {
    items.WinChanged: item_events.encode_win_changed,
    items.CouponChanged: item_events.encode_coupon_changed,
}
"""Those whose things do not say their asset: it is the wallet's currency."""


def encode_event(told: ToldEvent) -> pb.Event:
    """Encodes an event with its place and its cause.

    Raises:
        ValueError: What it tells is no document of its type.
    """
    ref, event_type = told.wallet, told.type
    event = pb.Event(
        event_id=told.event_id,
        tenant_id=told.tenant_id,
        position=told.position,
        sequence=told.sequence,
        wallet_sequence=told.wallet_sequence,
        type=TYPES[event_type],
        event_time=timestamp(told.event_time),
        command=told.command,
        request_id=told.request_id,
        correlation_id=told.correlation_id,
    )
    if ref is not None:
        wallet = event.wallet
        wallet.tenant_id, wallet.player_id, wallet.currency_code = ref
    payload = read_payload(event_type, told.document)
    encoded = encode_payload(payload, ref.currency_code if ref is not None else "")
    getattr(event, FIELDS[event_type]).CopyFrom(encoded)
    return event


def read_payload(event_type: EventType, document: str) -> Payload:
    """Returns what a document tells.

    Raises:
        ValueError: It is no document of the type.
    """
    payload: Payload = DECODERS[event_type].decode(document)
    return payload


def encode_payload(payload: Payload, currency_code: str) -> Message:
    """Encodes what is told, of a wallet in a currency."""
    encode = ENCODERS.get(type(payload))
    return encode(payload) if encode else IN_CURRENCY[type(payload)](payload, currency_code)
