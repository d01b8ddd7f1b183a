"""Reads documents from the text of a YAML file, and says where in it a problem is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from wallet_server.core.config.documents import Document, read_document
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import WRONG_TYPE
from wallet_server.shapes.yaml_text import YamlDocument, parse_yaml


@dataclass(frozen=True, slots=True)
class SourceProblem:
    """A problem and where it is; without a file, in what was there before."""

    file: str
    line: int
    problem: Problem

    def __str__(self) -> str:
        """Returns one line for people, which editors know how to follow."""
        return f"{self.file}:{self.line}: {self.problem}" if self.file else str(self.problem)


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """What a document of a file says, and where it stands."""

    value: Document
    file: str
    yaml: YamlDocument


def read_source(text: bytes, *, file: str) -> tuple[SourceDocument, ...] | list[SourceProblem]:
    """Returns the documents of a file, or everything that keeps them from being read."""
    parsed = parse_yaml(text)
    if isinstance(parsed, list):
        return [SourceProblem(file, each.line, each.problem) for each in parsed]

    documents: list[SourceDocument] = []
    problems: list[SourceProblem] = []
    for document in parsed:
        value = read_yaml_document(document)
        if isinstance(value, list):
            problems += [SourceProblem(file, document.line_of(p.path), p) for p in value]
        else:
            documents.append(SourceDocument(value, file, document))
    return problems or tuple(documents)


def read_yaml_document(document: YamlDocument) -> Document | list[Problem]:
    """Returns what one document says, or everything that keeps it from being read."""
    data = document.data
    if not isinstance(data, Mapping):
        return [Problem("", WRONG_TYPE, "a document must be fields with their values")]
    return read_document(cast("Mapping[str, object]", data))


def locate_problem(
    problem: Problem, document_by_title: Mapping[str, SourceDocument]
) -> SourceProblem:
    """Returns a problem with the place it is at.

    It is one of `find_configuration_problems`; what it is about is in one of the
    documents or, with no file to name, in none.
    """
    title, _, path = problem.path.partition(": ")
    document = document_by_title.get(title)
    if document is None:
        return SourceProblem("", 0, problem)
    return SourceProblem(document.file, document.yaml.line_of(path), problem)
