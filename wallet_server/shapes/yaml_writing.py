"""Writes documents as YAML, in the one form that every equal document has.

Fields stand in the order of their form, and what goes without saying is left out. Reading what is
written gives an equal document. What is short stands on one line.
"""

from io import StringIO
from typing import Any, cast

import yaml

from wallet_server.core.config.documents import Document, write_document

WIDTH = 100
LINE_LENGTH_MAX = 80


class DocumentDumper(yaml.SafeDumper):
    """Indents lists below their field, as the documents that ship do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as yaml calls it.
        """Begins something that belongs to what is before it."""
        super().increase_indent(flow, False)  # noqa: FBT003 - as above.


def write_yaml(value: Document) -> str:
    """Returns a document as the text of a YAML file."""
    dumper = cast("Any", DocumentDumper(StringIO(), sort_keys=False))
    node = dumper.represent_data(write_document(value))
    node.flow_style = False
    for _, field in node.value:
        arrange(field)
    serialize = cast("Any", yaml).serialize  # Its type stubs leave it untyped in part.
    text: str = serialize(node, Dumper=DocumentDumper, allow_unicode=True, width=WIDTH)
    return text


def arrange(node: Any) -> int:  # noqa: ANN401 - of any type of node.
    """Puts what is short on one line, but for lists of records. Returns how long it is there."""
    if isinstance(node, yaml.ScalarNode):
        return len(node.value)
    parts: list[Any] = node.value
    if isinstance(node, yaml.MappingNode):
        parts = [part for pair in node.value for part in pair]
    length = sum(arrange(part) + len(", ") for part in parts)
    if isinstance(node, yaml.SequenceNode) and any(isinstance(p, yaml.MappingNode) for p in parts):
        length += LINE_LENGTH_MAX
    node.flow_style = length <= LINE_LENGTH_MAX
    return length
