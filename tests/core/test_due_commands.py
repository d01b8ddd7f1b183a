"""What is done about items and limits whose time has come."""

import pytest

from wallet_server.core.commands import (
    ApproveWithdrawal,
    CancelRolling,
    CloseRound,
    Command,
    ConfirmLimitIncrease,
    DeclineDeposit,
    ExpireCoupons,
)
from wallet_server.core.due_commands import (
    DUE_COMMANDS,
    DueKey,
    LimitKey,
    due_command,
    due_name,
)
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.rounds.round import own_round_ref, round_key


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (ItemKey(ItemKind.COUPON, "grant-1"), ExpireCoupons("grant-1")),
        (ItemKey(ItemKind.DEPOSIT, "d 1"), DeclineDeposit("d 1", expired=True)),
        (ItemKey(ItemKind.REQUIREMENT, "WIN:w 1"), CancelRolling("WIN:w 1", expired=True)),
        (round_key("acme-slots", "round/1"), CloseRound("acme-slots", "round/1", implicit=True)),
        (ItemKey(ItemKind.WITHDRAWAL, "w 1"), ApproveWithdrawal("w 1", automatic=True)),
        (
            LimitKey(LimitKind.DEPOSIT, LimitPeriod.DAY),
            ConfirmLimitIncrease(LimitKind.DEPOSIT, LimitPeriod.DAY, lapsed=True),
        ),
        (round_key("slots", own_round_ref("b1")), CloseRound("slots", "bet b1", implicit=True)),
    ],
)
def test_an_item_that_is_due_has_its_command(key: DueKey, command: Command) -> None:
    assert due_command(key) == command


def test_only_items_that_are_never_due_have_none() -> None:
    assert set(ItemKind) - set(DUE_COMMANDS) == {
        ItemKind.ADJUSTMENT,
        ItemKind.EDGE_USAGE,
        ItemKind.PROMOTION,
    }


def test_a_limit_is_never_called_as_an_item_is() -> None:
    limit = LimitKey(LimitKind.DEPOSIT, LimitPeriod.DAY)

    assert due_name(limit) == ("LIMIT", "DEPOSIT DAY")
    assert due_name(ItemKey(ItemKind.DEPOSIT, "DAY")) == ("DEPOSIT", "DAY")
    assert "LIMIT" not in set(ItemKind)
