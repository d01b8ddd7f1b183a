"""The canonical form: the text written out for some commands is that of the rule for all."""

from dataclasses import fields
from typing import get_type_hints

from hypothesis import given
from hypothesis import strategies as st

from wallet_server.core.canonical import WRITERS, canonical_json, canonical_text
from wallet_server.core.commands import COMMANDS, Command


def all_of(kind: type[Command]) -> st.SearchStrategy[Command]:
    """Draws commands of a kind, every field included."""
    hints = get_type_hints(kind)
    return st.builds(
        kind, **{field.name: st.from_type(hints[field.name]) for field in fields(kind)}
    )


@given(st.sampled_from(COMMANDS).flatmap(all_of))
def test_a_command_is_written_by_the_rule_for_all(command: Command) -> None:
    assert canonical_text(command) == canonical_json(command)


@given(st.sampled_from(COMMANDS).flatmap(all_of))
def test_the_form_is_ascii(command: Command) -> None:
    assert canonical_text(command).isascii()


def test_the_commands_that_come_most_are_written_out() -> None:
    assert {kind.__name__ for kind in WRITERS} == {"AuthorizeBet", "SettleBet"}
