"""What is told of bets. Most events are of these kinds, so that each is written field by field."""

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
from wallet_server.rpc.encode.bets import RESULT_KINDS, STATES

# By their names, as payloads have them.
STATE_BY_NAME = {state.value: number for state, number in STATES.items()}
RESULT_KIND_BY_NAME = {
    "": bet_pb2.RESULT_KIND_UNSPECIFIED,
    **{kind.value: number for kind, number in RESULT_KINDS.items()},
}


def encode_change(change: AccountChange) -> wallet_pb2.AccountChange:
    """Encodes a change of an account."""
    return wallet_pb2.AccountChange(
        account=change.account, change=change.change, balance_after=change.balance_after
    )


def encode_authorized(payload: BetAuthorized) -> pb.BetAuthorized:
    """Encodes that a stake was taken."""
    return pb.BetAuthorized(
        provider_id=payload.provider_id,
        bet_ref=payload.bet_ref,
        provider_type=payload.provider_type,
        revision=payload.revision,
        stake=payload.stake,
        funding=[pb.SourceAmount(source=e.source, amount=e.amount) for e in payload.funding],
        topology_version=payload.topology_version,
        policy_version=payload.policy_version,
        round_ref=payload.round_ref,
        selected_source=payload.selected_source,
        free_round=payload.free_round,
    )


def encode_declined(payload: BetDeclined) -> pb.BetDeclined:
    """Encodes that a stake was not taken."""
    return pb.BetDeclined(
        provider_id=payload.provider_id,
        bet_ref=payload.bet_ref,
        revision=payload.revision,
        stake=payload.stake,
        reason=payload.reason,
    )


def encode_tombstoned(payload: BetTombstoned) -> pb.BetTombstoned:
    """Encodes that a bet never may come."""
    return pb.BetTombstoned(
        provider_id=payload.provider_id, bet_ref=payload.bet_ref, revision=payload.revision
    )


def encode_settled(payload: BetSettled) -> pb.BetSettled:
    """Encodes the result of a portion."""
    return pb.BetSettled(
        provider_id=payload.provider_id,
        bet_ref=payload.bet_ref,
        provider_type=payload.provider_type,
        revision=payload.revision,
        state=STATE_BY_NAME[payload.state],
        bet_result_kind=RESULT_KIND_BY_NAME[payload.bet_result_kind],
        portion_ref=payload.portion_ref,
        result_version=payload.result_version,
        result_kind=RESULT_KIND_BY_NAME[payload.result_kind],
        stake=payload.stake,
        payout=payload.payout,
        refund=payload.refund,
        previous_payout=payload.previous_payout,
        previous_refund=payload.previous_refund,
        changes=[encode_change(each) for each in payload.changes],
    )


def encode_unsettled(payload: BetUnsettled) -> pb.BetUnsettled:
    """Encodes that a result was taken back."""
    return pb.BetUnsettled(
        provider_id=payload.provider_id,
        bet_ref=payload.bet_ref,
        provider_type=payload.provider_type,
        revision=payload.revision,
        state=STATE_BY_NAME[payload.state],
        portion_ref=payload.portion_ref,
        result_version=payload.result_version,
        previous_payout=payload.previous_payout,
        previous_refund=payload.previous_refund,
        changes=[encode_change(each) for each in payload.changes],
    )


def encode_rolled_back(payload: BetRolledBack) -> pb.BetRolledBack:
    """Encodes that a bet was undone."""
    return pb.BetRolledBack(
        provider_id=payload.provider_id,
        bet_ref=payload.bet_ref,
        provider_type=payload.provider_type,
        revision=payload.revision,
        stake=payload.stake,
        changes=[encode_change(each) for each in payload.changes],
    )


def encode_replanned(payload: BetReplanned) -> pb.BetReplanned:
    """Encodes that a bet's money goes elsewhere."""
    return pb.BetReplanned(
        provider_id=payload.provider_id,
        bet_ref=payload.bet_ref,
        provider_type=payload.provider_type,
        revision=payload.revision,
        replanned=payload.replanned,
    )


def encode_contributions(payload: BetContribution) -> pb.BetContribution:
    """Encodes what a bet counts for requirements."""
    return pb.BetContribution(
        provider_id=payload.provider_id,
        bet_ref=payload.bet_ref,
        revision=payload.revision,
        provider_type=payload.provider_type,
        topology_version=payload.topology_version,
        policy_version=payload.policy_version,
        requirements=[
            pb.CountedTotal(
                requirement_id=each.requirement_id,
                source=each.source,
                counted_total=each.counted_total,
                weight_bp=each.weight_bp,
            )
            for each in payload.requirements
        ],
    )
