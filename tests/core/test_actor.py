"""Who counts as the same person."""

import pytest

from wallet_server.core.commands.actor import Actor


@pytest.mark.parametrize(
    ("name", "is_same"),
    [
        *(("ada", True), ("Ada", True), ("ADA", True), ("adam", False), ("", False)),
        *(
            ("office/ada", True),
            ("Office/Ada", True),
            ("office/adam", False),
            ("ada/office", False),
        ),
        *(("CN=ada", True), ("CN=office/ada", True), ("CN=adam", False)),
        *(("office/CN=ada", True), ("CN=office/cn=Ada", True), ("office/CN=adam", False)),
    ],
)
def test_nobody_is_two_persons_by_how_they_prove_who_they_are(name: str, *, is_same: bool) -> None:
    """By a token, by a certificate, or through an office that vouches for them."""
    assert Actor("ada").goes_by(name) is is_same
    assert Actor(name).goes_by("ada") is is_same


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("office/ada", "desk/ada", True),
        ("office/ada", "Desk/CN=Ada", True),
        ("spiffe://acme/office/ada", "desk/ada", True),
        ("spiffe://acme/staff/ada", "spiffe://acme/night/ada", True),
        ("1f2e/ada", "office/ada", True),
        ("office/ada/", "desk/ada", True),
        ("office/ada", "office/bea", False),
        ("office/ada", "ada/office", False),
        ("office/malta-17", "office/riga-17", False),
        ("office", "desk", False),
        ("", "", True),
        ("", "/", False),
        ("/", "office/ada", False),
    ],
)
def test_a_person_has_one_name_whoever_vouches_for_it(
    one: str, other: str, *, is_same: bool
) -> None:
    assert Actor(one).goes_by(other) is is_same
    assert Actor(other).goes_by(one) is is_same


@pytest.mark.parametrize(
    ("actor", "is_player"),
    [
        (Actor("p1"), True),
        (Actor("tom", player_id="p1"), True),
        (Actor("office/p1"), True),
        *((Actor("CN=p1"), True), (Actor("office/CN=p1"), True), (Actor("CN=p12"), False)),
        (Actor("office/p12"), False),
        (Actor("office/tom"), False),
        (Actor(), False),
    ],
)
def test_a_clerk_is_known_as_a_player_whoever_vouches_for_them(
    actor: Actor, *, is_player: bool
) -> None:
    assert actor.is_player("p1") is is_player
