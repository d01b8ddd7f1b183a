"""What is kept as a document: the results of bets, and refusals."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from wallet_server.core.accounts import Account
from wallet_server.core.bets.bet import Bet, BetState, Portion, ResultOrdering
from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.registry import refusal_of
from wallet_server.core.rolling.requirement import Contribution
from wallet_server.storage.json_text import Document, from_json, to_json
from wallet_server.storage.particulars import read_wish, wish_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class BetGoneError(LookupError):
    """An answer tells of a bet that is not on record. It names the bet."""


def results_document(bet: Bet) -> dict[str, Any]:
    """Returns what became of a bet after it was authorized. What is empty is left out."""
    document: dict[str, Any] = {}
    if bet.portions:
        document["portions"] = [portion_to_document(portion) for portion in bet.portions]
    if bet.unsettled_versions:
        document["unsettled_versions"] = dict(bet.unsettled_versions)
    if bet.substitutions:
        document["substitutions"] = [[m.source, m.target, m.amount] for m in bet.substitutions]
    if bet.contributions:
        document["contributions"] = [
            [each.line, each.requirement_id, each.counted] for each in bet.contributions
        ]
    if bet.replanned:
        document["replanned"] = dict(bet.replanned)
    if bet.orderings:
        document["orderings"] = dict(bet.orderings)
    return document


def results_to_json(bet: Bet) -> str | None:
    """Returns the results of a bet as a document; none if it has none."""
    document = results_document(bet)
    return to_json(document) if document else None


def read_results(document: Document) -> dict[str, Any]:
    """Returns the fields of a bet that a document of results says, by their names."""
    return {
        "portions": tuple(portion_from_document(each) for each in document.get("portions", ())),
        "unsettled_versions": document.get("unsettled_versions", {}),
        "substitutions": tuple(
            Move(Account(source), Account(target), amount)
            for source, target, amount in document.get("substitutions", ())
        ),
        "contributions": tuple(
            Contribution(line, requirement_id, counted)
            for line, requirement_id, counted in document.get("contributions", ())
        ),
        "replanned": document.get("replanned", {}),
        "orderings": read_orderings(document["orderings"]) if "orderings" in document else {},
    }


def read_orderings(names: Mapping[str, str]) -> dict[str, ResultOrdering]:
    """Returns whose word the order of results is, where it is not the provider's."""
    return {ref: ResultOrdering(name) for ref, name in names.items()}


def answered_bet_to_json(bet: Bet) -> str:
    """Returns a bet as an answer keeps it: without what its row says for ever.

    The terms of a bet that took a stake never change, and its row has them. A bet
    that was declined may be tried anew, so the answer has all of it.
    """
    document: dict[str, Any] = {"state": bet.state, "revision": bet.revision}
    if bet.snapshot is None:
        document["sequence"] = bet.sequence
        document["create_time_us"] = (bet.create_time - EPOCH) // MICROSECOND
        document["round_ref"] = bet.round_ref
        document["selected_source"] = bet.selected_source
        document["stake"] = bet.stake
        document |= wish_of(bet)
        if bet.refusal is not None:
            document["refusal"] = refusal_to_document(bet.refusal)
    document.update(results_document(bet))
    return to_json(document)


def answered_bet_from_json(text: str, key: BetKey, row: Bet | None) -> Bet:
    """Returns the bet of an answer. `row` is the bet as its row has it now.

    Raises:
        BetGoneError: There is no row, and the answer needs it.
    """
    document: Document = from_json(text)
    named: dict[str, Any] = {
        "key": key,
        "state": BetState(document["state"]),
        "revision": document["revision"],
        **read_results(document),
    }
    if "sequence" in document:
        refusal = document.get("refusal")
        return Bet(
            **named,
            sequence=document["sequence"],
            create_time=EPOCH + document.get("create_time_us", 0) * MICROSECOND,
            round_ref=document.get("round_ref", ""),
            selected_source=document.get("selected_source", ""),
            stake=document.get("stake", 0),
            refusal=refusal and refusal_from_document(refusal),
            **read_wish(document),
        )
    if row is None:
        raise BetGoneError(key.bet_ref)
    return Bet(
        **named,
        sequence=row.sequence,
        create_time=row.create_time,
        round_ref=row.round_ref,
        selected_source=row.selected_source,
        stake=row.stake,
        lines=row.lines,
        snapshot=row.snapshot,
        coupon_grant_id=row.coupon_grant_id,
        free_round=row.free_round,
        context=row.context,
    )


def refusal_to_json(refusal: Refusal) -> str:
    """Returns a refusal as a document."""
    return to_json(refusal_to_document(refusal))


def refusal_from_json(text: str) -> Refusal:
    """Returns the refusal of a document."""
    return refusal_from_document(from_json(text))


def portion_to_document(portion: Portion) -> Document:
    """Returns a portion as a document. A name or a refund that is not there is left out."""
    document: dict[str, Any] = {
        "stake_shares": portion.stake_shares,
        "result_version": portion.result_version,
        "payout": portion.payout,
    }
    if portion.portion_ref:
        document["portion_ref"] = portion.portion_ref
    if portion.refund:
        document["refund"] = portion.refund
    if portion.is_cash_out:
        document["is_cash_out"] = True
    return document


def portion_from_document(document: Document) -> Portion:
    """Returns the portion of a document."""
    return Portion(
        document.get("portion_ref", ""),
        tuple(document["stake_shares"]),
        document["result_version"],
        document["payout"],
        document.get("refund", 0),
        document.get("is_cash_out", False),
    )


def refusal_to_document(refusal: Refusal) -> Mapping[str, Any]:
    """Returns a refusal as a document: its reason and its facts."""
    return {"reason": refusal.reason, "details": refusal.details()}


def refusal_from_document(document: Document) -> Refusal:
    """Returns the refusal of a document."""
    return refusal_of(document["reason"], document["details"])
