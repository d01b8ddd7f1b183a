"""Nobody decides on what they gain by."""

from wallet_server.core.commands.actor import Actor
from wallet_server.core.draft import Draft
from wallet_server.core.refusals import SelfApproval


def check_player(actor: Actor, draft: Draft) -> SelfApproval | None:
    """Refuses who is known to be the wallet's player, whichever way the money goes."""
    is_player = actor.is_player(draft.before.ref.player_id)
    return SelfApproval(actor.name) if is_player else None
