"""No text is a formula, wherever a program that reads it thinks that a cell begins."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet_server.core.exports.formula import begins_a_formula, defuse, restore

TEXT = st.text(st.sampled_from("=+-@'ab ,;|\"\t\n\r1\uff1d\uff0b\uff0d\uff20"), max_size=12)


@pytest.mark.parametrize(
    ("text", "defused"),
    [
        ("", ""),
        ("player-7", "player-7"),
        ("a=b", "a=b"),
        ("it's", "it's"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "\t'=1"),
        ("\r=1", "\r'=1"),
        ("a;=1", "a;'=1"),  # Where semicolons part cells, the formula would be one.
        ('"=1', "\"'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("'=1", "''=1"),
        ("'quoted", "'quoted"),
    ],
)
def test_a_text(text: str, defused: str) -> None:
    assert defuse(text) == defused
    assert restore(defused) == text


@given(TEXT)
def test_what_is_defused_can_be_restored(text: str) -> None:
    assert restore(defuse(text)) == text


@given(TEXT, st.sampled_from([",", ";", "|", "\t", "\n", '"', r"\s"]))
def test_no_cell_begins_a_formula_however_the_file_is_parted(text: str, separator: str) -> None:
    pattern = separator if separator == r"\s" else re.escape(separator)

    for cell in re.split(pattern, defuse(text)):
        assert not cell.lstrip('\t\r\n "').startswith(("=", "+", "-", "@", "\uff1d", "\uff0b"))


@given(TEXT)
def test_nothing_begins_a_formula_once_it_is_defused(text: str) -> None:
    assert not re.match(r"[=+\-@\uff1d\uff0b\uff0d\uff20]", defuse(text))
    assert begins_a_formula(text) is (defuse(text)[:1] == "'" and defuse(text) != text)
