"""What is done about items whose time has come."""

import pytest

from wallet_server.core.commands import CancelRolling, CloseRound, Command, ExpireCoupons
from wallet_server.core.due_commands import DUE_COMMANDS, due_command
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.rounds.round import own_round_ref, round_key


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (ItemKey(ItemKind.COUPON, "grant-1"), ExpireCoupons("grant-1")),
        (ItemKey(ItemKind.REQUIREMENT, "WIN:w 1"), CancelRolling("WIN:w 1", expired=True)),
        (round_key("acme-slots", "round/1"), CloseRound("acme-slots", "round/1", implicit=True)),
        (round_key("slots", own_round_ref("b1")), CloseRound("slots", "bet b1", implicit=True)),
    ],
)
def test_an_item_that_is_due_has_its_command(key: ItemKey, command: Command) -> None:
    assert due_command(key) == command


def test_only_items_that_are_never_due_have_none() -> None:
    assert set(ItemKind) - set(DUE_COMMANDS) == {ItemKind.EDGE_USAGE, ItemKind.PROMOTION}
