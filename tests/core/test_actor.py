"""Who counts as the same person."""

import pytest

from wallet_server.core.commands.actor import Actor


@pytest.mark.parametrize(
    ("name", "is_same"),
    [("ada", True), ("Ada", True), ("ADA", True), ("adam", False), ("office/ada", False)],
)
def test_nobody_is_two_persons_by_capital_letters(name: str, *, is_same: bool) -> None:
    assert Actor("ada").goes_by(name) is is_same


@pytest.mark.parametrize(
    ("actor", "is_player"),
    [
        (Actor("p1"), True),
        (Actor("tom", player_id="p1"), True),
        (Actor("office/p1"), True),
        (Actor("office/p12"), False),
        (Actor("office/tom"), False),
        (Actor(), False),
    ],
)
def test_a_clerk_is_known_as_a_player_whoever_vouches_for_them(
    actor: Actor, *, is_player: bool
) -> None:
    assert actor.is_player("p1") is is_player
