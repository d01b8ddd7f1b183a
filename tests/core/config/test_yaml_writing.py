"""Documents as YAML: one text for each, which reads back as the same."""

import pytest
from hypothesis import given

from tests.core.config.strategies import DOCUMENTS
from tests.core.config.topologies import policy
from wallet_server.core.config.documents import Document
from wallet_server.core.config.topology import Topology, WalletGroup
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.shapes import load_shape, shape_names
from wallet_server.shapes.source import read_source
from wallet_server.shapes.yaml_writing import write_yaml


def read_back(text: str) -> Document:
    documents = read_source(text.encode(), file="written")
    assert isinstance(documents, tuple), documents
    (document,) = documents
    return document.value


@pytest.mark.parametrize("name", shape_names())
def test_the_shapes_that_ship_read_back_as_they_are(name: str) -> None:
    for document in load_shape(name):
        text = write_yaml(document)
        assert read_back(text) == document
        assert max(map(len, text.splitlines())) <= 100


@given(DOCUMENTS)
def test_whatever_a_document_says_reads_back_as_it_is(document: Document) -> None:
    assert read_back(write_yaml(document)) == document


def test_what_is_short_stands_on_one_line_and_what_is_not_on_several() -> None:
    rules = policy(
        ("auto_order.order", ["gift", "own"]),
        ("win_destinations", [{"kind": "JACKPOT", "target": "own"}]),
    )

    assert write_yaml(rules) == (
        "kind: Policy\n"
        "provider_type: GAMES\n"
        "auto_order: {order: [gift, own]}\n"
        "destinations:\n"
        "  - {source: gift, destinations: {stake_target: '', profit_target: own}}\n"
        "  - {source: own, destinations: {stake_target: own, profit_target: own}}\n"
        "win_destinations:\n"
        "  - {kind: JACKPOT, target: own}\n"
    )


def test_what_goes_without_saying_is_left_out() -> None:
    assert write_yaml(WalletPolicy()) == "kind: WalletPolicy\n"


@pytest.mark.parametrize(
    "name", ["Off", "010", "1_000", "=", "<<", "# no", "a: b", "Ünïcode 🎰", " x "]
)
def test_names_that_yaml_would_take_for_something_else_stay_names(name: str) -> None:
    topology = Topology("t", (), (WalletGroup("g", name),), ())

    assert read_back(write_yaml(topology)) == topology
