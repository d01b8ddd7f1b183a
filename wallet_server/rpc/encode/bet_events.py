"""What is told of bets. Most events are of these kinds, so that each is written field by field."""

from collections.abc import Sequence
from typing import TypeAlias

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer

from wallet.v1 import bet_pb2, wallet_pb2
from wallet.v1 import event_pb2 as pb
from wallet_server.core.answer import AccountChange
from wallet_server.core.events.bet_payloads import (
    BetAuthorized,
    BetContribution,
    BetDeclined,
    BetReplanned,
    BetRolledBack,
    BetSettled,
    BetTombstoned,
    BetUnsettled,
)
from wallet_server.rpc.encode.bets import ORDERINGS, RESULT_KINDS, STATES

Changes: TypeAlias = "RepeatedCompositeFieldContainer[wallet_pb2.AccountChange]"

# By their names, as payloads have them.
STATE_BY_NAME = {state.value: number for state, number in STATES.items()}
RESULT_KIND_BY_NAME = {
    "": bet_pb2.RESULT_KIND_UNSPECIFIED,
    **{kind.value: number for kind, number in RESULT_KINDS.items()},
}
ORDERING_BY_NAME = {ordering.value: number for ordering, number in ORDERINGS.items()}


def encode_change(change: AccountChange) -> wallet_pb2.AccountChange:
    """Encodes a change of an account."""
    return wallet_pb2.AccountChange(
        account=change.account, change=change.change, balance_after=change.balance_after
    )


def fill_changes(messages: Changes, changes: Sequence[AccountChange]) -> None:
    """Writes changes of accounts."""
    add = messages.add
    for each in changes:
        message = add()
        message.account = each.account
        message.change = each.change
        if each.balance_after is not None:
            message.balance_after = each.balance_after


def fill_authorized(message: pb.BetAuthorized, payload: BetAuthorized) -> None:
    """Writes that a stake was taken."""
    message.provider_id = payload.provider_id
    message.bet_ref = payload.bet_ref
    message.provider_type = payload.provider_type
    message.revision = payload.revision
    message.stake = payload.stake
    for each in payload.funding:
        source = message.funding.add()
        source.source = each.source
        source.amount = each.amount
    message.topology_version = payload.topology_version
    message.policy_version = payload.policy_version
    message.round_ref = payload.round_ref
    message.selected_source = payload.selected_source
    message.free_round = payload.free_round


def fill_declined(message: pb.BetDeclined, payload: BetDeclined) -> None:
    """Writes that a stake was not taken."""
    message.provider_id = payload.provider_id
    message.bet_ref = payload.bet_ref
    message.revision = payload.revision
    message.stake = payload.stake
    message.reason = payload.reason


def fill_tombstoned(message: pb.BetTombstoned, payload: BetTombstoned) -> None:
    """Writes that a bet never may come."""
    message.provider_id = payload.provider_id
    message.bet_ref = payload.bet_ref
    message.revision = payload.revision


def fill_settled(message: pb.BetSettled, payload: BetSettled) -> None:
    """Writes the result of a portion."""
    message.provider_id = payload.provider_id
    message.bet_ref = payload.bet_ref
    message.provider_type = payload.provider_type
    message.revision = payload.revision
    message.state = STATE_BY_NAME[payload.state]
    message.bet_result_kind = RESULT_KIND_BY_NAME[payload.bet_result_kind]
    message.portion_ref = payload.portion_ref
    message.result_version = payload.result_version
    message.result_kind = RESULT_KIND_BY_NAME[payload.result_kind]
    message.stake = payload.stake
    message.payout = payload.payout
    message.refund = payload.refund
    message.previous_payout = payload.previous_payout
    message.previous_refund = payload.previous_refund
    fill_changes(message.changes, payload.changes)
    if payload.ordering:
        message.ordering = ORDERING_BY_NAME[payload.ordering]


def fill_unsettled(message: pb.BetUnsettled, payload: BetUnsettled) -> None:
    """Writes that a result was taken back."""
    message.provider_id = payload.provider_id
    message.bet_ref = payload.bet_ref
    message.provider_type = payload.provider_type
    message.revision = payload.revision
    message.state = STATE_BY_NAME[payload.state]
    message.portion_ref = payload.portion_ref
    message.result_version = payload.result_version
    message.previous_payout = payload.previous_payout
    message.previous_refund = payload.previous_refund
    fill_changes(message.changes, payload.changes)
    if payload.ordering:
        message.ordering = ORDERING_BY_NAME[payload.ordering]


def fill_rolled_back(message: pb.BetRolledBack, payload: BetRolledBack) -> None:
    """Writes that a bet was undone."""
    message.provider_id = payload.provider_id
    message.bet_ref = payload.bet_ref
    message.provider_type = payload.provider_type
    message.revision = payload.revision
    message.stake = payload.stake
    fill_changes(message.changes, payload.changes)


def fill_replanned(message: pb.BetReplanned, payload: BetReplanned) -> None:
    """Writes that a bet's money goes elsewhere."""
    message.provider_id = payload.provider_id
    message.bet_ref = payload.bet_ref
    message.provider_type = payload.provider_type
    message.revision = payload.revision
    message.replanned.update(payload.replanned)


def fill_contribution(message: pb.BetContribution, payload: BetContribution) -> None:
    """Writes what a bet counts for requirements."""
    message.provider_id = payload.provider_id
    message.bet_ref = payload.bet_ref
    message.revision = payload.revision
    message.provider_type = payload.provider_type
    message.topology_version = payload.topology_version
    message.policy_version = payload.policy_version
    for each in payload.requirements:
        counted = message.requirements.add()
        counted.requirement_id = each.requirement_id
        counted.source = each.source
        counted.counted_total = each.counted_total
        counted.weight_bp = each.weight_bp
        counted.wallet_group = each.wallet_group
