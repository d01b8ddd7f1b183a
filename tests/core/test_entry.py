"""Moves and what they add up to."""

import pytest

from wallet_server.core.accounts import Account
from wallet_server.core.entry import Move, minus, net, plus

A, B, C = Account("A"), Account("B"), Account("C")


def test_moves_add_up_to_what_they_changed() -> None:
    assert net([Move(A, B, 30), Move(B, C, 10)]) == {A: -30, B: 20, C: 10}


def test_what_balances_out_is_left_out() -> None:
    assert net([Move(A, B, 30), Move(B, A, 30)]) == {}
    assert net([Move(A, B, 30), Move(B, C, 30)]) == {A: -30, C: 30}


def test_moving_nothing_or_to_itself_changes_nothing() -> None:
    assert net([Move(A, B, 0), Move(C, C, 5)]) == {}


def test_a_move_is_never_negative() -> None:
    with pytest.raises(AssertionError):
        net([Move(A, B, -1)])


def test_vectors_are_added_and_taken_from_one_another() -> None:
    left, right = {A: -30, B: 30}, {A: 30, C: -30}

    assert plus(left, right) == {B: 30, C: -30}
    assert minus(left, right) == {A: -60, B: 30, C: 30}
    assert minus(left, left) == {}
    assert plus({}, right) == right
    assert left == {A: -30, B: 30}
