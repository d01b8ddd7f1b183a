"""Reads and writes the records of a document: fields by name, each with its form."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, Generic, Protocol, TypeVar, cast

from wallet_server.core.config.documents_rejected import Rejected, reject, reject_type, show
from wallet_server.core.config.documents_values import Form
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import MISSING_FIELD, MORE_THAN_ONE, UNKNOWN_FIELD

T = TypeVar("T")


def join(path: str, name: str) -> str:
    """Returns the path of a field of the record at `path`."""
    return f"{path}.{name}" if path else name


class Part(Protocol):
    """One attribute of a record, and the field or fields that it is read from."""

    @property
    def names(self) -> frozenset[str]:
        """The fields it may be read from."""
        ...

    def read(self, record: Mapping[str, object], path: str) -> object:
        """Returns the attribute's value, or `Rejected`."""
        ...

    def write(self, value: object) -> dict[str, object]:
        """Returns the fields that the value is read from."""
        ...


class Single:
    """An attribute that is read from the field of its name.

    The attribute's default stands in for a field that is not there, and a value
    that equals the default is not written.
    """

    def __init__(self, name: str, form: Form, default: object) -> None:
        self.names = frozenset({name})
        self._name = name
        self._form = form
        self._default = default

    def read(self, record: Mapping[str, object], path: str) -> object:
        """Returns the attribute's value, or `Rejected`."""
        if self._name in record:
            return self._form.read(record[self._name], join(path, self._name))
        if self._default is MISSING:
            return reject(join(path, self._name), MISSING_FIELD, "is required")
        return self._default

    def write(self, value: object) -> dict[str, object]:
        """Returns the field, or none for the default."""
        return {} if value == self._default else {self._name: self._form.write(value)}


class OneOf:
    """An attribute that is read from exactly one of several fields, each a record."""

    def __init__(self, **records: "Record[object]") -> None:
        self.names = frozenset(records)
        self._records = records

    def read(self, record: Mapping[str, object], path: str) -> object:
        """Returns the attribute's value, or `Rejected`."""
        given = [name for name in self._records if name in record]
        if len(given) != 1:
            reason = MORE_THAN_ONE if given else MISSING_FIELD
            return reject(path, reason, f"must have exactly one of {', '.join(self._records)}")
        return self._records[given[0]].read(record[given[0]], join(path, given[0]))

    def write(self, value: object) -> dict[str, object]:
        """Returns the field for the value's type."""
        return next(
            {name: record.write(value)}
            for name, record in self._records.items()
            if isinstance(value, record.build)
        )


class Record(Generic[T]):
    """A dataclass, by the forms of its attributes. It has no others."""

    def __init__(self, build: type[T], **forms: Form | OneOf) -> None:
        defaults = {each.name: each.default for each in fields(cast("Any", build))}
        assert forms.keys() == defaults.keys(), build
        self.build = build
        self._parts: dict[str, Part] = {
            name: form if isinstance(form, OneOf) else Single(name, form, defaults[name])
            for name, form in forms.items()
        }
        self._names = frozenset[str]().union(*(part.names for part in self._parts.values()))

    def read(self, value: object, path: str) -> T | Rejected:
        """Returns the dataclass, or everything that is wrong with its fields."""
        if not isinstance(value, Mapping):
            return reject_type(path, "fields", value)
        record = cast("Mapping[str, object]", value)
        read = {name: part.read(record, path) for name, part in self._parts.items()}
        problems = self._unknown_fields(record, path)
        for each in read.values():
            if isinstance(each, Rejected):
                problems.extend(each.problems)
        if problems:
            return Rejected(tuple(problems))
        return cast("Callable[..., T]", self.build)(**read)

    def write(self, value: object) -> dict[str, object]:
        """Returns the fields of the dataclass, but for those with their default."""
        written: dict[str, object] = {}
        for name, part in self._parts.items():
            written |= part.write(getattr(value, name))
        return written

    def _unknown_fields(self, record: Mapping[str, object], path: str) -> list[Problem]:
        allowed = ", ".join(sorted(self._names))
        return [
            Problem(join(path, show(name)), UNKNOWN_FIELD, f"is not one of {allowed}")
            for name in record
            if name not in self._names
        ]
