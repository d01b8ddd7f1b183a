"""Values: alike by their content, and never assigned to."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from typing import Any, cast

import pytest

from tests.frozen import value_classes
from wallet_server.core.batch import Fold
from wallet_server.core.bets.bet import Bet
from wallet_server.core.bets.correction import Work
from wallet_server.core.commands import COMMANDS
from wallet_server.core.entry import Entry
from wallet_server.core.refusals.registry import REFUSALS
from wallet_server.core.value import value


@value
class Point:
    x: int
    y: int = 0


def test_values_are_alike_by_their_content() -> None:
    assert Point(1, 2) == Point(1, 2) != Point(2, 1)
    assert len({Point(1, 2), Point(1, 2), Point(2, 1)}) == 2


def test_a_value_has_nothing_but_its_fields() -> None:
    assert not hasattr(Point(1), "__dict__")


def test_all_that_a_command_passes_through_is_a_value() -> None:
    found = value_classes()

    assert {Bet, Entry, *COMMANDS, *REFUSALS} <= set(found)
    assert not {Fold, Work} & set(found)


@pytest.mark.parametrize("kind", value_classes(), ids=lambda kind: kind.__name__)
def test_in_tests_no_value_can_be_assigned_to(kind: type) -> None:
    made = cast("Callable[..., Any]", kind)(*(() for _ in fields(kind)))

    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(made, field.name, None)
