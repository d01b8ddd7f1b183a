"""The documents that a scenario's tenant is set up with, by name and inline."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from wallet_server.conformance.node import Node
from wallet_server.core.config.documents import Document, read_document, title_of
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.validation import find_configuration_problems
from wallet_server.shapes import SUFFIX, load_shape, shape_names
from wallet_server.shapes.source import SourceDocument, SourceProblem, read_source


def read_configuration(
    topology: Node, policies: Node | None, folder: Path
) -> tuple[str, list[Document]]:
    """Reads what a scenario's tenant is set up with. Files are looked for from `folder` on.

    Returns the name of the shape if nothing but a shipped shape is asked for, and
    the documents. A later document takes the place of an earlier one for the same.
    """
    if isinstance(topology.value, str) and topology.value.endswith(SUFFIX):
        shape = ""
        base = _read_file(topology, folder / topology.value)
    elif isinstance(topology.value, str):
        shape = topology.value
        base = _read_shape(topology)
    else:
        shape = ""
        base = _read_inline(topology, {"kind": "Topology", **_plain(topology)})
    if policies is None or policies.value == topology.value:
        own = []
    else:
        shape, own = "", list(_read_policies(policies))
    documents = list({title_of(each): each for each in [*base, *own]}.values())
    _check(topology, documents)
    return shape, documents


def read_applied(node: Node) -> list[Document]:
    """Reads documents that a step makes active."""
    return [each for item in node.items() for each in _read_inline(item, _plain(item))]


def _read_policies(node: Node) -> Iterable[Document]:
    for item in [node] if isinstance(node.value, str) else node.items():
        if isinstance(item.value, str):
            yield from (each for each in _read_shape(item) if not isinstance(each, Topology))
        else:
            yield from _read_inline(item, _plain(item))


@cache
def _documents_of(shape: str) -> tuple[Document, ...]:
    return load_shape(shape)


def _read_shape(node: Node) -> Sequence[Document]:
    name = node.one_of(shape_names(), "UNKNOWN_SHAPE")
    return _documents_of(name) if name in shape_names() else []


def _read_file(node: Node, path: Path) -> Sequence[Document]:
    try:
        found = _source_of(path.read_bytes(), path.name)
    except OSError as error:
        node.note("UNREADABLE", error.strerror or str(error))
        return []
    if isinstance(found, tuple):
        return [each.value for each in found]
    for problem in found:
        node.note(problem.problem.reason, str(problem))
    return []


@cache
def _source_of(text: bytes, file: str) -> tuple[SourceDocument, ...] | list[SourceProblem]:
    return read_source(text, file=file)


def _read_inline(node: Node, document: Mapping[str, object]) -> list[Document]:
    found = read_document(document)
    if not isinstance(found, list):
        return [found]
    for problem in found:
        node.child(problem.path, None).note(problem.reason, problem.message)
    return []


def _plain(node: Node) -> dict[str, object]:
    return {key: each.value for key, each in node.entries().items()}


def _check(node: Node, documents: Sequence[Document]) -> None:
    """Notes what is wrong with the documents taken together, unless some could not be read."""
    if node.is_sound and documents:
        for problem in find_configuration_problems(documents):
            node.note(problem.reason, f"{problem.path}: {problem.message}")
