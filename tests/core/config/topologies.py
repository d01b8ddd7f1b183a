"""A small valid topology, written as a document so that tests can edit it."""

from copy import deepcopy
from typing import Any

from wallet_server.core.config.documents import Document, read_document
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.topology import Topology

TOPOLOGY: dict[str, Any] = {
    "kind": "Topology",
    "name": "small",
    "assets": [
        {"code": "EUR", "exponent": 2, "kind": "CURRENCY"},
        {"code": "PTS", "exponent": 0, "kind": "POINTS"},
    ],
    "wallet_groups": [{"code": "play"}, {"code": "club"}],
    "buckets": [
        {"code": "own", "wallet_group": "play", "bucket_class": "CASH", "depositable": True},
        {"code": "gift", "wallet_group": "play", "bucket_class": "RESTRICTED"},
        {"code": "stars", "wallet_group": "club", "bucket_class": "POINTS", "asset_code": "PTS"},
        {
            "code": "free",
            "wallet_group": "play",
            "bucket_class": "WITHDRAWABLE",
            "withdrawable": "ALWAYS",
        },
    ],
    "transfer_edges": [
        {"source": "own", "target": "free"},
        {
            "source": "stars",
            "target": "own",
            "rate_denominator": 10,
            "minimum": 100,
            "multiple_of": 100,
        },
    ],
    "recovery_order": ["own", "free"],
    "withdraw_order": ["free"],
    "retired_buckets": [{"code": "old", "successor": "own"}],
}

POLICY: dict[str, Any] = {
    "kind": "Policy",
    "provider_type": "GAMES",
    "auto_order": {"order": ["gift", "own"]},
    "destinations": [
        {"source": "gift", "destinations": {"stake_target": "", "profit_target": "own"}},
        {"source": "own", "destinations": {"stake_target": "own", "profit_target": "own"}},
    ],
}

REMOVE = object()
"""Stands for taking away what is at a path."""


def edited(document: dict[str, Any], *edits: tuple[str, Any]) -> dict[str, Any]:
    """Returns a copy of a document with other values at some paths, such as `buckets.0.code`.

    A list grows by the item that is put right after its last. Values are copied, so that an edit
    within one that was put there before does not change it for the next test.
    """
    copy = deepcopy(document)
    for path, value in edits:
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        at: Any = copy
        for part in parents:
            at = at[part]
        if value is REMOVE:
            del at[last]
        elif last == len(at) and not isinstance(at, dict):
            at.append(deepcopy(value))
        else:
            at[last] = deepcopy(value)
    return copy


def read(document: dict[str, Any]) -> Document:
    """Returns what a valid document says."""
    value = read_document(document)
    assert not isinstance(value, list), value
    return value


def topology(*edits: tuple[str, Any]) -> Topology:
    """Returns the small topology with edits."""
    value = read(edited(TOPOLOGY, *edits))
    assert isinstance(value, Topology)
    return value


def policy(*edits: tuple[str, Any]) -> Policy:
    """Returns a policy of the small topology with edits."""
    value = read(edited(POLICY, *edits))
    assert isinstance(value, Policy)
    return value


def found(problems: list[Problem]) -> list[tuple[str, str]]:
    """Returns the paths and reasons of problems."""
    return [(problem.path, problem.reason) for problem in problems]
