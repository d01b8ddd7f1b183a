"""Bets and refusals as JSON documents, and back.

A bet's document is complete: the columns beside it repeat what statements look at.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from wallet_server.core.accounts import Account
from wallet_server.core.bets.bet import Bet, BetState, FundingLine, Portion, Snapshot
from wallet_server.core.config.policy import Destinations, RecoveryScope
from wallet_server.core.config.provider_profile import CorrectionShortfall, PayoutBasis
from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import Refusal, refusal_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Document = Mapping[str, Any]

# Made once: `json.dumps` makes one for every call that wants no spaces.
ENCODER = json.JSONEncoder(separators=(",", ":"))


def bet_to_json(bet: Bet) -> str:
    """Returns a bet as a document. What is empty is left out."""
    document: dict[str, Any] = {
        "provider_id": bet.key.provider_id,
        "bet_ref": bet.key.bet_ref,
        "state": bet.state,
        "sequence": bet.sequence,
        "create_time_us": (bet.create_time - EPOCH) // MICROSECOND,
        "revision": bet.revision,
        "round_ref": bet.round_ref,
        "selected_source": bet.selected_source,
        "stake": bet.stake,
        "lines": [line_to_document(line) for line in bet.lines],
        "snapshot": bet.snapshot and snapshot_to_document(bet.snapshot),
        "portions": [portion_to_document(portion) for portion in bet.portions],
        "unsettled_versions": dict(bet.unsettled_versions),
        "substitutions": [[m.source, m.target, m.amount] for m in bet.substitutions],
        "refusal": bet.refusal and refusal_to_document(bet.refusal),
    }
    return to_json({name: value for name, value in document.items() if value})


def bet_from_json(text: str) -> Bet:
    """Returns the bet of a document."""
    document: Document = json.loads(text)
    snapshot = document.get("snapshot")
    refusal = document.get("refusal")
    return Bet(
        key=BetKey(document["provider_id"], document["bet_ref"]),
        state=BetState(document["state"]),
        sequence=document["sequence"],
        create_time=EPOCH + document.get("create_time_us", 0) * MICROSECOND,
        revision=document["revision"],
        round_ref=document.get("round_ref", ""),
        selected_source=document.get("selected_source", ""),
        stake=document.get("stake", 0),
        lines=tuple(line_from_document(each) for each in document.get("lines", ())),
        snapshot=snapshot and snapshot_from_document(snapshot),
        portions=tuple(portion_from_document(each) for each in document.get("portions", ())),
        unsettled_versions=document.get("unsettled_versions", {}),
        substitutions=tuple(
            Move(Account(source), Account(target), amount)
            for source, target, amount in document.get("substitutions", ())
        ),
        refusal=refusal and refusal_from_document(refusal),
    )


def refusal_to_json(refusal: Refusal) -> str:
    """Returns a refusal as a document."""
    return to_json(refusal_to_document(refusal))


def refusal_from_json(text: str) -> Refusal:
    """Returns the refusal of a document."""
    return refusal_from_document(json.loads(text))


def to_json(document: Document) -> str:
    """Returns a document as text, without needless spaces."""
    return ENCODER.encode(document)


def line_to_document(line: FundingLine) -> Document:
    """Returns a funding line as a document."""
    return {
        "source": line.source,
        "amount": line.amount,
        "stake_target": line.destinations.stake_target,
        "profit_target": line.destinations.profit_target,
        "profit_cap": line.destinations.profit_cap,
    }


def line_from_document(document: Document) -> FundingLine:
    """Returns the funding line of a document."""
    destinations = Destinations(
        stake_target=document["stake_target"],
        profit_target=document["profit_target"],
        profit_cap=document["profit_cap"],
    )
    return FundingLine(document["source"], document["amount"], destinations)


def snapshot_to_document(snapshot: Snapshot) -> Document:
    """Returns a snapshot as a document."""
    return {
        "topology_version": snapshot.topology_version,
        "wallet_policy_version": snapshot.wallet_policy_version,
        "policy_version": snapshot.policy_version,
        "profile_version": snapshot.profile_version,
        "provider_type": snapshot.provider_type,
        "payout_basis": snapshot.payout_basis,
        "rollback_after_settle": snapshot.rollback_after_settle,
        "correction_shortfall": snapshot.correction_shortfall,
        "recovery_scope": snapshot.recovery_scope,
        "recovery_order": list(snapshot.recovery_order),
    }


def snapshot_from_document(document: Document) -> Snapshot:
    """Returns the snapshot of a document."""
    return Snapshot(
        topology_version=document["topology_version"],
        wallet_policy_version=document["wallet_policy_version"],
        policy_version=document["policy_version"],
        profile_version=document["profile_version"],
        provider_type=document["provider_type"],
        payout_basis=PayoutBasis(document["payout_basis"]),
        rollback_after_settle=document["rollback_after_settle"],
        correction_shortfall=CorrectionShortfall(document["correction_shortfall"]),
        recovery_scope=RecoveryScope(document["recovery_scope"]),
        recovery_order=tuple(document["recovery_order"]),
    )


def portion_to_document(portion: Portion) -> Document:
    """Returns a portion as a document."""
    return {
        "portion_ref": portion.portion_ref,
        "stake_shares": list(portion.stake_shares),
        "result_version": portion.result_version,
        "payout": portion.payout,
        "refund": portion.refund,
    }


def portion_from_document(document: Document) -> Portion:
    """Returns the portion of a document."""
    return Portion(
        portion_ref=document["portion_ref"],
        stake_shares=tuple(document["stake_shares"]),
        result_version=document["result_version"],
        payout=document["payout"],
        refund=document["refund"],
    )


def refusal_to_document(refusal: Refusal) -> Document:
    """Returns a refusal as a document: its reason and its facts."""
    return {"reason": refusal.reason, "details": refusal.details()}


def refusal_from_document(document: Document) -> Refusal:
    """Returns the refusal of a document."""
    return refusal_of(document["reason"], document["details"])
