"""The scenario files of the repository, as data and as scenarios."""

from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from wallet_server.conformance.reading import parse_scenario, read_file
from wallet_server.conformance.scenario import Scenario

DIRECTORY = Path(__file__).parents[1] / "conformance"
PATHS = sorted(DIRECTORY.glob("*.yaml"))

Document = dict[str, Any]


def document_of(path: Path) -> Document:
    return cast("Document", yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))


def path_of(scenario_id: str) -> Path:
    first_line = f"id: {scenario_id}\n"
    return next(path for path in PATHS if path.read_text(encoding="utf-8").startswith(first_line))


def scenario_of(document: Document) -> Scenario:
    scenario, problems = parse_scenario(document, DIRECTORY)
    assert problems == []
    return scenario


@cache
def read(path: Path) -> Scenario:
    scenario = read_file(path)
    assert isinstance(scenario, Scenario), scenario
    return scenario
