"""The rolling requirement that a win opens, and what becomes of it when the win is undone."""

from dataclasses import replace

from wallet_server.core.draft import Draft
from wallet_server.core.items import ItemKey, ItemKind
from wallet_server.core.refusals import Refusal
from wallet_server.core.rolling.open_requirement import open_requirement
from wallet_server.core.rolling.requirement import (
    Requirement,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)
from wallet_server.core.rounds.win import Win


def open_for_win(draft: Draft, win: Win, target: str, terms: RollingTerms) -> str | Refusal:
    """Opens the requirement of a win on the bucket that it is paid to. Returns its id."""
    opened = open_requirement(
        draft,
        bucket=target,
        asset_code=draft.currency,
        amount=win.amount,
        terms=terms,
        origin=RequirementOrigin.WIN,
        origin_id=f"{win.key.provider_id}/{win.key.bet_ref}",
    )
    return opened if isinstance(opened, Refusal) else opened.requirement_id


def cancel_for_win(draft: Draft, win: Win) -> None:
    """Ends the requirement of a win that is undone, if it is not over: its money is gone."""
    if not win.requirement_id:
        return
    key = ItemKey(ItemKind.REQUIREMENT, win.requirement_id)
    found = draft.item(key, Requirement)
    if found is not None and found.is_open:
        draft.put_item(
            replace(
                found,
                state=RequirementState.CANCELLED,
                end_sequence=draft.sequence,
                revision=found.revision + 1,
            )
        )
