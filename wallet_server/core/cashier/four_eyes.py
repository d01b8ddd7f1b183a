"""Adjustments that take a second person."""

from dataclasses import replace

from wallet_server.core.accounts import ADJUST, Account
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.adjustment import (
    Adjustment,
    AdjustmentKind,
    AdjustmentState,
    adjustment_key,
)
from wallet_server.core.commands import AdjustBalance, WriteOffDebt
from wallet_server.core.commands.actor import Actor
from wallet_server.core.decision import APPLIED, Decision, Decline, Effects, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import (
    ActorRequired,
    ApprovalRequired,
    Refusal,
    SelfApproval,
    TransactionPayloadMismatch,
)
from wallet_server.core.results import AdjustmentResult
from wallet_server.core.self_approval import check_player


def find_adjustment(draft: Draft, adjustment_id: str) -> Adjustment | None:
    """Returns the adjustment of that id, if it is known; one without an id never is."""
    return draft.item(adjustment_key(adjustment_id), Adjustment) if adjustment_id else None


def new_adjustment(
    command: AdjustBalance | WriteOffDebt, kind: AdjustmentKind, draft: Draft
) -> Adjustment:
    """Returns an adjustment as its author says it: PENDING."""
    return Adjustment(
        adjustment_id=command.adjustment_id,
        kind=kind,
        state=AdjustmentState.PENDING,
        asset_code=command.amount.asset_code,
        amount=command.amount.minor_units,
        reason_code=command.reason_code,
        sequence=draft.sequence,
        create_time=draft.now,
        bucket=command.bucket if isinstance(command, AdjustBalance) else "",
        comment=command.comment,
        author=command.actor.name,
    )


def answer_again(said: Adjustment, known: Adjustment) -> Decision | None:
    """Answers an adjustment that is known: as when it was made, if it says the same.

    One that waits for a second person has no answer yet.
    """
    if mismatch := find_difference(said, known):
        return mismatch
    if known.state is AdjustmentState.PENDING:
        return None
    return Replay(known.apply_sequence, result=result_of(known))


def find_difference(said: Adjustment, known: Adjustment) -> TransactionPayloadMismatch | None:
    """Refuses an adjustment that says otherwise than the one of its id. Comments may differ."""
    same = {
        "kind": said.kind is known.kind,
        "amount": (said.asset_code, said.amount) == (known.asset_code, known.amount),
        "bet": (said.provider_id, said.bet_ref) == (known.provider_id, known.bet_ref),
        "bucket": said.bucket == known.bucket,
        "successor": said.successor == known.successor,
        "reason_code": said.reason_code == known.reason_code,
    }
    for field, is_same in same.items():
        if not is_same:
            return TransactionPayloadMismatch(known.adjustment_id, field)
    return None


def result_of(adjustment: Adjustment) -> AdjustmentResult:
    """Returns what is told of an adjustment that was made."""
    return AdjustmentResult(adjustment.adjustment_id, adjustment.state.value)


def apply(
    said: Adjustment,
    known: Adjustment | None,
    actor: Actor,
    draft: Draft,
    *,
    source: Account,
    target: Account,
) -> Decision:
    """Makes an adjustment, or keeps its author's word until a second person says the same.

    Which of the two, its amount decides, whichever way it goes; once it waits, it takes two. None
    of them, nor the one who is enough for a small one, is the player.
    """
    four_eyes_from = draft.configuration.wallet_policy.value.adjustments.four_eyes_from
    is_large = four_eyes_from is not None and abs(said.amount) >= four_eyes_from
    takes_two = is_large or known is not None
    refusal = check_actor(actor, known, draft) if takes_two else check_player(actor, draft)
    if refusal is not None:
        return refusal
    if known is None and is_large:
        assert four_eyes_from is not None
        return ask_for_second(said, four_eyes_from)
    amount = abs(said.amount)
    assert ADJUST in {source, target}
    draft.move(said.asset_code, source, target, amount)
    return made(said, known, draft)


def check_actor(actor: Actor, known: Adjustment | None, draft: Draft) -> Refusal | None:
    """Refuses who is not known, who gains by it, and who has said so already."""
    if not actor.name:
        return ActorRequired()
    if known is not None and actor.goes_by(known.author):
        return SelfApproval(actor.name)
    return check_player(actor, draft)


def ask_for_second(said: Adjustment, four_eyes_from: int) -> Decision:
    """Refuses an adjustment for want of a second person, and keeps it if it has a name."""
    refusal = ApprovalRequired(four_eyes_from, said.adjustment_id)
    if not said.adjustment_id:
        return refusal
    return Decline(refusal, effects=Effects(items=(said,)))


def made(
    said: Adjustment, known: Adjustment | None, draft: Draft, *, bet: Bet | None = None
) -> Decision:
    """Answers an adjustment that was made, and keeps it if it has a name.

    `bet` is the one that it was about, if it was about one.
    """
    if not said.adjustment_id:
        return draft.change(APPLIED)
    kept = said
    if known is not None:
        kept = replace(known, approver=said.author, revision=known.revision + 1)
    kept = replace(kept, state=AdjustmentState.APPLIED, apply_sequence=draft.sequence)
    draft.put_item(kept)
    return draft.change(APPLIED, bet=bet, result=result_of(kept))
