"""Parses YAML text into plain data that knows its lines.

It is stricter than YAML: a field may be there once, its name is text, whole
numbers are plain decimals (YAML would read `010` as 8), and there are limits to
the size and to how deeply values are nested. What the data means is not known here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import yaml
from yaml.composer import ComposerError

from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    BAD_NUMBER,
    DUPLICATE,
    NOT_YAML,
    OUT_OF_RANGE,
    WRONG_TYPE,
)

TEXT_BYTES_MAX = 1_048_576
LEVELS_MAX = 64
"""How deeply values may be nested. PyYAML takes longer with each level that is open."""

INT_TAG = "tag:yaml.org,2002:int"
STR_TAG = "tag:yaml.org,2002:str"
PLAIN_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
PATH_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True, order=True)
class LineProblem:
    """A problem with the line, from 1, that it is on."""

    line: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One document of a text: its data, and its nodes, which know their lines."""

    data: object
    node: yaml.Node

    def line_of(self, path: str) -> int:
        """Returns the line of what is at a path such as `buckets[2].code`.

        Of a path that is not there, it is the line of what it is missing from.
        """
        node, line = self.node, line_at(self.node)
        for index, name in cast("list[tuple[str, str]]", PATH_PART.findall(path)):
            found = item_at(node, int(index)) if index else field_at(node, name)
            if found is None:
                break
            line, node = found
        return line


class LevelLoader(yaml.SafeLoader):
    """Composes nodes up to a depth that no document has."""

    def __init__(self, text: bytes) -> None:
        """Takes the text to read."""
        super().__init__(text)
        self._levels_count = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401 - as in PyYAML.
        """Composes a node with all that is in it.

        Raises:
            ComposerError: That is nested too deeply.

        """
        if self._levels_count == LEVELS_MAX:
            mark = cast("Any", self).peek_event().start_mark
            raise ComposerError(None, None, "nested too deeply", mark)
        self._levels_count += 1
        node = cast("Any", super()).compose_node(parent, index)
        self._levels_count -= 1
        return node


def parse_yaml(text: bytes) -> tuple[YamlDocument, ...] | list[LineProblem]:
    """Returns the documents of a text, or what keeps it from being read.

    Documents with nothing in them are left out.
    """
    if len(text) > TEXT_BYTES_MAX:
        return [LineProblem(1, Problem("", OUT_OF_RANGE, f"more than {TEXT_BYTES_MAX} bytes"))]
    try:
        loader = LevelLoader(text)
        nodes = list(nodes_of(loader))
        problems = [problem for node in nodes for problem in find_node_problems(node)]
        return sorted(problems) or tuple(
            YamlDocument(data_of(loader, node), node) for node in nodes
        )
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return [LineProblem(line, Problem("", NOT_YAML, str(error.problem or error.context)))]
    except (yaml.YAMLError, ValueError) as error:
        return [LineProblem(1, Problem("", NOT_YAML, " ".join(str(error).split())))]
    except (AttributeError, LookupError):  # So PyYAML says that a text is not what its tag says.
        message = "a value is not of the kind that its tag says"
        return [LineProblem(1, Problem("", NOT_YAML, message))]


def nodes_of(loader: yaml.SafeLoader) -> Iterator[yaml.Node]:
    """Yields the top node of each document that has something in it."""
    while loader.check_node():
        node = loader.get_node()
        if node is not None and not (isinstance(node, yaml.ScalarNode) and not node.value):
            yield node


def data_of(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    """Returns the plain data that a document's top node stands for."""
    return cast("Any", loader).construct_document(node)  # Its type stubs leave it untyped.


def find_node_problems(top: yaml.Node) -> Iterator[LineProblem]:
    """Yields what YAML would let pass and we do not, in every node once."""
    waiting, seen = [top], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield from key_problems(node)
            waiting += [value for _, value in pairs_of(node)]
        elif isinstance(node, yaml.SequenceNode):
            waiting += items_of(node)
        elif node.tag == INT_TAG and not PLAIN_DECIMAL.fullmatch(str(node.value)):
            message = f"write {node.value} as a plain decimal, or in quotes if it is text"
            yield LineProblem(line_at(node), Problem("", BAD_NUMBER, message))


def key_problems(node: yaml.MappingNode) -> Iterator[LineProblem]:
    """Yields the keys of a mapping that are no text, or are there before."""
    seen = set[str]()
    for key, _ in pairs_of(node):
        name = str(key.value) if key.tag == STR_TAG else None
        if name is None:
            message = "the name of a field must be text; merging with << is not known"
            yield LineProblem(line_at(key), Problem("", WRONG_TYPE, message))
        elif name in seen:
            yield LineProblem(line_at(key), Problem(name, DUPLICATE, "is there before"))
        else:
            seen.add(name)


def field_at(node: yaml.Node, name: str) -> tuple[int, yaml.Node] | None:
    """Returns the line and the value of a mapping's field, if it has it."""
    pairs = pairs_of(node) if isinstance(node, yaml.MappingNode) else []
    return next(((line_at(key), value) for key, value in pairs if key.value == name), None)


def item_at(node: yaml.Node, index: int) -> tuple[int, yaml.Node] | None:
    """Returns the line and the value of a sequence's item, if it has it."""
    items = items_of(node) if isinstance(node, yaml.SequenceNode) else []
    return (line_at(items[index]), items[index]) if index < len(items) else None


def pairs_of(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    """Returns the keys and values of a mapping."""
    return cast("list[tuple[yaml.Node, yaml.Node]]", node.value)


def items_of(node: yaml.SequenceNode) -> list[yaml.Node]:
    """Returns the items of a sequence."""
    return cast("list[yaml.Node]", node.value)


def line_at(node: yaml.Node) -> int:
    """Returns the line that a node begins on."""
    return node.start_mark.line + 1
