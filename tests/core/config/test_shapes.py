"""The shapes that ship, a shape of our own, and where a YAML file is wrong."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

import wallet_server
from tests.core.config.topologies import found
from wallet_server.core.access.permission import ROLES
from wallet_server.core.config.documents import Document, read_document, title_of, write_document
from wallet_server.core.config.policy import COUPON_SLOT, AutoOrder, Policy, RollingRules
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation import find_configuration_problems
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.shapes import load_shape, shape_names, shape_source
from wallet_server.shapes.source import locate_problem, read_source
from wallet_server.shapes.yaml_text import LEVELS_MAX, TEXT_BYTES_MAX, LineProblem, parse_yaml

PACKAGE = Path(wallet_server.__file__).parent
REFERENCE = PACKAGE.parent / "docs" / "reference" / "documents.md"

ARCADE = b"""\
# An arcade: tokens are bought and played; tickets are won, and never leave.
kind: Topology
name: arcade
assets:
  - {code: SEK, exponent: 2, kind: CURRENCY}
  - {code: TIX, exponent: 0, kind: POINTS}
wallet_groups: [{code: hall}, {code: prizes}]
buckets:
  - {code: tokens, wallet_group: hall, bucket_class: CASH, depositable: true}
  - {code: welcome, wallet_group: hall, bucket_class: RESTRICTED, promo_creditable: true}
  - {code: tickets, wallet_group: prizes, bucket_class: POINTS, asset_code: TIX}
recovery_order: [tokens]
---
kind: WalletPolicy
---
kind: Policy
provider_type: CABINET
proportional: {sources: [{source: tokens, weight: 3}, {source: welcome, weight: 1}]}
destinations:
  - {source: tokens, destinations: {stake_target: tokens, profit_target: tokens}}
  - {source: welcome, destinations: {stake_target: '', profit_target: tokens, profit_cap: 5000}}
---
kind: ProviderProfile
provider_id: pinball-7
provider_type: CABINET
"""


def test_the_shapes_that_ship() -> None:
    assert shape_names() == ("booking", "ruby")


def test_a_shape_that_does_not_ship_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        load_shape("emerald")


@pytest.mark.parametrize("name", shape_names())
def test_nothing_is_wrong_with_a_shape_that_ships(name: str) -> None:
    documents = load_shape(name)

    assert find_configuration_problems(documents) == []
    assert [read_document(write_document(each)) for each in documents] == list(documents)


def test_a_shape_of_our_own_needs_no_code() -> None:
    assert find_configuration_problems(values_of(ARCADE)) == []


def values_of(text: bytes) -> list[Document]:
    documents = read_source(text, file="test.yaml")
    assert isinstance(documents, tuple), documents
    return [document.value for document in documents]


def codes_that_ship() -> set[str]:
    """Returns the codes of all buckets and groups of the shapes that ship."""
    topologies = [
        each for name in shape_names() for each in load_shape(name) if isinstance(each, Topology)
    ]
    buckets = {bucket.code for topology in topologies for bucket in topology.buckets}
    return buckets | {group.code for topology in topologies for group in topology.wallet_groups}


def python_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_no_bucket_code_in_python() -> None:
    """A code that is no English word is nowhere; one that is, is nowhere a text by itself.

    A wallet group may be called as one of the roles is, which the code must know.
    """
    codes = codes_that_ship() - ROLES.keys()
    words = "|".join(code for code in codes if "_" in code)
    assert words

    for file in python_files():
        text = file.read_text()
        assert not re.findall(rf"\b({words})\b", text), file
        assert not codes.intersection(texts_in(text)), file


def texts_in(source: str) -> Iterator[str]:
    """Yields every string constant of a Python source, and the parts of such as `a,b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
            yield from re.split(r"\s*,\s*", node.value)


def test_the_reference_shows_documents_that_work() -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", REFERENCE.read_text(), re.DOTALL | re.MULTILINE)

    documents = values_of("---\n".join(blocks).encode())

    assert {type(each).__name__ for each in documents} == {
        "Topology",
        "WalletPolicy",
        "Policy",
        "ProviderProfile",
    }
    assert len({type(each.funding_mode) for each in documents if isinstance(each, Policy)}) == 3
    assert find_configuration_problems(documents) == []


def test_the_reference_names_every_reason() -> None:
    reasons = (PACKAGE / "core" / "config" / "reasons.py").read_text()
    text = REFERENCE.read_text()

    missing = [
        reason
        for reason in re.findall(r'^([A-Z_]+) = "', reasons, re.MULTILINE)
        if f"`{reason}`" not in text
    ]

    assert missing == []


def lines_of(text: str) -> list[tuple[int, str, str]]:
    """Returns line, path and reason of what is wrong with a text."""
    problems = read_source(text.encode(), file="test.yaml")
    assert isinstance(problems, list), problems
    return [(each.line, each.problem.path, each.problem.reason) for each in problems]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("kind: [", [(1, "", "NOT_YAML")]),
        ("kind: !!python/object:os.system {}", [(1, "", "NOT_YAML")]),
        ("\n\tkind: x", [(2, "", "NOT_YAML")]),
        ("kind: \x07", [(1, "", "NOT_YAML")]),
        ("x: 2020-99-99", [(1, "", "NOT_YAML")]),
        ("x: " + "9" * 5000, [(1, "", "NOT_YAML")]),
        ("x: " + "[" * 5000, [(1, "", "NOT_YAML")]),
        ("x: !!bool maybe", [(1, "", "NOT_YAML")]),
        ("x: !!timestamp soon", [(1, "", "NOT_YAML")]),
        ("x: !!float ''", [(1, "", "NOT_YAML")]),
        ("#" * (TEXT_BYTES_MAX + 1), [(1, "", "OUT_OF_RANGE")]),
        ("kind: WalletPolicy\nkind: Policy", [(2, "kind", "DUPLICATE")]),
        ("a:\n  - b: 1\n    b: 2\na: 3", [(3, "b", "DUPLICATE"), (4, "a", "DUPLICATE")]),
        ("kind: WalletPolicy\n1: 2", [(2, "", "WRONG_TYPE")]),
        ("kind: WalletPolicy\n<<: {a: 1}", [(2, "", "WRONG_TYPE")]),
        ("kind: Policy\nmax_stake_with_bonus: 010", [(2, "", "BAD_NUMBER")]),
        ("kind: Policy\nmax_stake_with_bonus: 1:30", [(2, "", "BAD_NUMBER")]),
        ("- kind", [(1, "", "WRONG_TYPE")]),
        ("kind: WalletPolicy\n---\nkind: Wallet", [(3, "kind", "UNKNOWN_VALUE")]),
        ("provider_id: acme", [(1, "kind", "MISSING_FIELD")]),
    ],
)
def test_where_a_file_is_wrong(text: str, problems: list[tuple[int, str, str]]) -> None:
    assert lines_of(text) == problems


def test_values_are_nested_no_deeper_than_the_limit() -> None:
    def parse(levels: int) -> object:
        return parse_yaml(b"[" * levels + b"]" * levels)

    assert isinstance(parse(LEVELS_MAX), tuple)
    [problem] = cast("list[LineProblem]", parse(LEVELS_MAX + 1))
    assert str(problem.problem).endswith("nested too deeply")


def test_a_problem_is_on_the_line_of_its_field_or_of_what_it_is_missing_from() -> None:
    text = ARCADE.decode().replace("weight: 3", "wait: 3").replace("{code: prizes}", "{}")

    assert lines_of(text) == [
        (7, "wallet_groups[1].code", "MISSING_FIELD"),
        (18, "proportional.sources[0].wait", "UNKNOWN_FIELD"),
    ]


def test_documents_without_content_are_left_out() -> None:
    assert values_of(b"---\n---\n# nothing\n") == []
    assert len(values_of(ARCADE + b"---\n")) == 4


def test_an_alias_stands_for_what_it_names_however_often() -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)
    )

    assert len(lines_of("kind: WalletPolicy\n" + bomb)) == 11


def test_a_problem_of_the_whole_configuration_finds_its_line() -> None:
    text = ARCADE.replace(b"profit_cap: 5000", b"profit_cap: -1").replace(
        b"kind: WalletPolicy\n", b""
    )
    documents = read_source(text, file="arcade.yaml")
    assert isinstance(documents, tuple)

    problems = find_configuration_problems([document.value for document in documents])
    by_title = {title_of(document.value): document for document in documents}
    located = [locate_problem(problem, by_title) for problem in problems]

    assert found([each.problem for each in located]) == [
        ("WalletPolicy", "MISSING_DOCUMENT"),
        ("Policy CABINET: destinations[1].destinations.profit_cap", "NEGATIVE"),
    ]
    assert [(each.file, each.line) for each in located] == [("", 0), ("arcade.yaml", 20)]
    assert str(located[1]).startswith("arcade.yaml:20: Policy CABINET: destinations[1]")


def test_every_document_of_a_shape_knows_its_line() -> None:
    lines = [document.yaml.line_of("kind") for document in shape_source("ruby")]

    assert lines == sorted(set(lines))


def policy_of(name: str, provider_type: str) -> Policy:
    shape = load_shape(name)
    return next(
        each for each in shape if isinstance(each, Policy) and each.provider_type == provider_type
    )


def test_what_ruby_counts_where_coupons_pay_and_where_wins_go() -> None:
    sports, slots, live = (policy_of("ruby", name) for name in ("SPORTS", "SLOTS", "LIVE"))

    assert sports.rolling == RollingRules(10_000, odds_milli_min=1_500)
    assert (slots.rolling, live.rolling) == (RollingRules(10_000), RollingRules(1_000))
    for policy in (sports, slots):
        assert isinstance(policy.funding_mode, AutoOrder)
        assert policy.funding_mode.order[0] == COUPON_SLOT
    assert sports.win_destinations == ()
    assert live.win_destinations == slots.win_destinations
    by_kind = {each.kind: (each.target, each.rolling) for each in slots.win_destinations}
    released = RollingTerms(
        50_000, release_target="withdrawable", release_mode=ReleaseMode.AUTOMATIC
    )
    assert by_kind == {
        WinKind.FREE_ROUND: ("casino_bonus", released),
        WinKind.JACKPOT: ("casino_normal", None),
        WinKind.PROMO_WIN: ("casino_normal", None),
    }


def test_a_purchase_is_no_wager() -> None:
    assert policy_of("booking", "COMMERCE").rolling.weight_bp == 0
