"""From a file to a scenario; everything that is wrong with a file is found at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wallet_server.conformance.documents import read_configuration
from wallet_server.conformance.node import Node
from wallet_server.conformance.reading_given import read_given, stand_in
from wallet_server.conformance.reading_steps import read_steps
from wallet_server.conformance.scenario import GivenWallet, Scenario
from wallet_server.core.config.problem import Problem
from wallet_server.shapes.yaml_text import parse_yaml

FIELDS = ("id", "title", "topology", "policies", "given", "steps", "final")
REQUIRED = ("id", "title", "topology", "given", "steps", "final")
ID = re.compile(r"[A-Z][A-Za-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing that is wrong with a file, and the line it is on."""

    file: Path
    line: int
    problem: Problem

    def __str__(self) -> str:
        """Returns one line for people, which editors know how to follow."""
        return f"{self.file}:{self.line}: {self.problem}"


def read_scenarios(paths: Sequence[Path]) -> tuple[list[Scenario], list[FileProblem]]:
    """Reads files. Of a file with problems there is no scenario."""
    scenarios: list[Scenario] = []
    problems: list[FileProblem] = []
    file_by_id: dict[str, Path] = {}
    for path in paths:
        scenario = read_file(path)
        if isinstance(scenario, list):
            problems += scenario
        elif scenario.id in file_by_id:
            message = f"{file_by_id[scenario.id].name} has it too"
            problems.append(FileProblem(path, 1, Problem("id", "DUPLICATE", message)))
        else:
            file_by_id[scenario.id] = path
            scenarios.append(scenario)
    return scenarios, problems


def read_file(path: Path) -> Scenario | list[FileProblem]:
    """Reads a file, or finds everything that is wrong with it."""
    try:
        documents = parse_yaml(path.read_bytes())
    except OSError as error:
        problem = Problem("", "UNREADABLE", error.strerror or str(error))
        return [FileProblem(path, 1, problem)]
    if isinstance(documents, list):
        return [FileProblem(path, each.line, each.problem) for each in documents]
    if len(documents) != 1:
        problem = Problem("", "WRONG_NUMBER", f"{len(documents)} documents; must be one")
        return [FileProblem(path, 1, problem)]

    scenario, problems = parse_scenario(documents[0].data, path.parent)
    stem = path.stem
    if not problems and stem != scenario.id and not stem.startswith(f"{scenario.id}-"):
        problems = [Problem("id", "WRONG_FILE", f"{scenario.id} is no start of the file's name")]
    found = [FileProblem(path, documents[0].line_of(each.path), each) for each in problems]
    return found or scenario


def parse_scenario(value: object, folder: Path = Path()) -> tuple[Scenario, list[Problem]]:
    """Reads a scenario from a document. It is of no use if there are problems.

    Files that it names are looked for from `folder` on.
    """
    problems: list[Problem] = []
    fields = Node(value, "", problems).fields(FIELDS, REQUIRED)
    nothing = Node(None, "", [])
    topology, policies = fields.get("topology", nothing), fields.get("policies")
    shape, documents = read_configuration(topology, policies, folder)
    wallets = read_given(fields.get("given", nothing))
    scenario = Scenario(
        id=_read_id(fields.get("id", nothing)),
        title=fields.get("title", nothing).text(),
        shape=shape,
        documents=documents,
        wallets=wallets,
        steps=read_steps(fields.get("steps", nothing), stand_in(wallets)),
        final=_read_final(fields.get("final", nothing), wallets),
    )
    return scenario, sorted(problems)


def _read_id(node: Node) -> str:
    text = node.text()
    if text and not ID.fullmatch(text):
        node.note("WRONG_ID", "must look like E05 or R-bucket-draining")
    return text


def _read_final(node: Node, wallets: Mapping[str, GivenWallet]) -> dict[str, dict[str, int]]:
    entries = node.entries()
    for name, each in entries.items():
        if name not in wallets:
            each.note("UNKNOWN_WALLET", "is not given")
    for name, wallet in wallets.items():
        if wallet.opened and name not in entries:
            node.child(name, None).note("MISSING", "must be given; {} if all is zero")
    return {name: each.integers() for name, each in entries.items()}
