"""Events as they are told.

What is told of each type is read from its document, and written into the field of its name.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

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
from wallet_server.rpc.encode.values import numbers, since_epoch

TYPES = numbers(EventType, pb.EventType, prefix="EVENT_TYPE")


class Form(NamedTuple):
    """How events of a type are written: its number, the field of the payload, who reads that."""

    number: "pb.EventType.ValueType"
    field: str
    decoder: "msgspec.json.Decoder[Any]"


# Found at once, as Python 3.11 takes long to find what a member of an enum stands for. Decoders
# are made once: each call would make one.
FORMS: Mapping[EventType, Form] = {
    event_type: Form(
        TYPES[event_type], event_type.value.lower(), msgspec.json.Decoder(type=payload)
    )
    for event_type, payload in PAYLOAD_TYPES.items()
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


FILLERS: Mapping[type[Payload], Callable[[Any, Any], None]] = {
    bets.BetAuthorized: bet_events.fill_authorized,
    bets.BetDeclined: bet_events.fill_declined,
    bets.BetTombstoned: bet_events.fill_tombstoned,
    bets.BetSettled: bet_events.fill_settled,
    bets.BetUnsettled: bet_events.fill_unsettled,
    bets.BetRolledBack: bet_events.fill_rolled_back,
    bets.BetReplanned: bet_events.fill_replanned,
    bets.BetContribution: bet_events.fill_contribution,
}
"""What most events tell: written in place, as making a message from its fields takes longer."""

ENCODERS: Mapping[type[Payload], Callable[[Any], Message]] = {
    WalletOpened: encode_opened,
    CommandAnswered: encode_answered,
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
    items.BucketStatusChanged: item_events.encode_bucket_status,
    items.BucketRetired: item_events.encode_bucket_retired,
}
IN_CURRENCY: Mapping[type[Payload], Callable[[Any, str], Message]] = {
    items.WinChanged: item_events.encode_win_changed,
    items.CouponChanged: item_events.encode_coupon_changed,
}
"""Those whose things do not say their asset: it is the wallet's currency."""


def encode_event(told: ToldEvent) -> pb.Event:
    """Encodes an event with its place and its cause.

    Raises:
        ValueError: What it tells is no document of its type, as far as this release knows.
    """
    event = pb.Event()
    fill_event(event, told)
    return event


def fill_event(event: pb.Event, told: ToldEvent) -> None:
    """Writes an event into its empty message. A part is written in place: a copy takes as long.

    Raises:
        ValueError: What it tells is no document of its type.
    """
    ref, time = told.wallet, event.event_time
    number, field, decoder = FORMS[told.type]
    event.event_id = told.event_id
    event.tenant_id = told.tenant_id
    event.position = told.position
    event.sequence = told.sequence
    event.wallet_sequence = told.wallet_sequence
    event.type = number
    time.seconds, time.nanos = since_epoch(told.event_time)
    event.command = told.command
    event.request_id = told.request_id
    event.correlation_id = told.correlation_id
    currency_code = ""
    if ref is not None:
        wallet, currency_code = event.wallet, ref.currency_code
        wallet.tenant_id, wallet.player_id, wallet.currency_code = ref
    fill_payload(getattr(event, field), decoder.decode(told.document), currency_code)


def fill_payload(message: Message, payload: Payload, currency_code: str) -> None:
    """Writes what is told, of a wallet in a currency, into its empty message.

    Raises:
        ValueError: The name of a state or of a kind is not known, as a later release has more.
    """
    kind = type(payload)
    try:
        if (fill := FILLERS.get(kind)) is not None:
            fill(message, payload)
        elif (encode := ENCODERS.get(kind)) is not None:
            message.CopyFrom(encode(payload))
        else:
            message.CopyFrom(IN_CURRENCY[kind](payload, currency_code))
    except KeyError as error:
        raise ValueError(f"{error} is no name that this release knows") from error
