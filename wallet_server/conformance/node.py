"""A value of a scenario file that knows where it stands."""

from collections.abc import Collection, Mapping
from typing import TypeVar, cast

from wallet_server.core.config.problem import Problem

T = TypeVar("T")


class Node:
    """A value with its path. Notes what is wrong with it instead of raising.

    Every reading method returns something harmless after noting a problem, so one
    pass over a file finds all of them. What was read is to be thrown away if there
    are any.
    """

    def __init__(self, value: object, path: str, problems: list[Problem]) -> None:
        """Wraps the value; all nodes of a file share `problems`."""
        self.value = value
        self.path = path
        self._problems = problems

    def note(self, reason: str, message: str) -> None:
        """Notes a problem with this value."""
        self._problems.append(Problem(self.path, reason, message))

    @property
    def is_sound(self) -> bool:
        """Tells whether nothing in the whole file has been noted so far."""
        return not self._problems

    def child(self, key: str, value: object) -> "Node":
        """Returns the node of a key's value."""
        path = f"{self.path}.{key}" if self.path else key
        return Node(value, path, self._problems)

    def copy(self, number: int, value: object) -> "Node":
        """Returns one of several nodes that are made of this one, with its number."""
        return Node(value, f"{self.path}#{number}", self._problems)

    def entries(self) -> "dict[str, Node]":
        """Reads a mapping with keys of any name."""
        value = self._typed(Mapping, "a mapping", cast("Mapping[object, object]", {}))
        for key in value:
            if not isinstance(key, str):
                self.note("WRONG_TYPE", f"key {key!r} must be text")
        return {key: self.child(key, each) for key, each in value.items() if isinstance(key, str)}

    def fields(self, known: Collection[str], required: Collection[str] = ()) -> "dict[str, Node]":
        """Reads a mapping that may have only known keys and must have the required."""
        nodes = self.entries()
        for key, node in nodes.items():
            if key not in known:
                node.note("UNKNOWN_KEY", f"must be one of: {', '.join(known)}")
        for key in required:
            if key not in nodes:
                self.child(key, None).note("MISSING", "must be given")
        return {key: node for key, node in nodes.items() if key in known}

    def items(self) -> "list[Node]":
        """Reads a list that is not empty."""
        value = self._typed(list, "a list", cast("list[object]", []))
        if value == [] and isinstance(self.value, list):
            self.note("EMPTY", "must not be empty")
        return [
            Node(each, f"{self.path}[{index}]", self._problems) for index, each in enumerate(value)
        ]

    def text(self) -> str:
        """Reads text that is not empty."""
        text = self._typed(str, "text", "")
        if text == "" and isinstance(self.value, str):
            self.note("EMPTY", "must not be empty")
        return text

    def integer(self) -> int:
        """Reads a whole number."""
        if isinstance(self.value, bool):
            self.note("WRONG_TYPE", "must be a whole number")
            return 0
        return self._typed(int, "a whole number", 0)

    def boolean(self) -> bool:
        """Reads true or false."""
        return self._typed(bool, "true or false", default=False)

    def integers(self) -> dict[str, int]:
        """Reads a mapping to whole numbers."""
        return {key: node.integer() for key, node in self.entries().items()}

    def one_of(self, names: Collection[str], reason: str) -> str:
        """Reads text that must be one of the names."""
        text = self.text()
        if text and text not in names:
            self.note(reason, f"{text} is not one of: {', '.join(names)}")
        return text

    def _typed(self, kind: type[T], name: str, default: T) -> T:
        if isinstance(self.value, kind):
            return self.value
        self.note("WRONG_TYPE", f"must be {name}")
        return default
