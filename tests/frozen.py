"""Makes the core's values refuse, in tests, what at run time only the type checker forbids."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, FrozenInstanceError, fields, is_dataclass
from types import ModuleType
from typing import Any

import pytest

from wallet_server import core


def value_classes() -> list[type]:
    """Returns the dataclasses of the core that have a hash: only values do."""
    return [
        kind
        for module in modules_below(core)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == module.__name__ and is_dataclass(kind) and kind.__hash__ is not None
    ]


def modules_below(package: ModuleType) -> Iterator[ModuleType]:
    """Yields every module of a package."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


@contextmanager
def frozen_values() -> Generator[None]:
    """Lets every field of a value be set once, which is when the value is made."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in value_classes():
            patch.setattr(kind, "__setattr__", set_once)
            if hasattr(kind, "__slots__"):
                patch.setattr(kind, "__init__", quick_init(kind))
        yield


def quick_init(kind: Any) -> Callable[..., None]:
    """Returns what does the same as the own `__init__` of a class with slots, past `__setattr__`.

    Before it nothing is set, so that there is nothing to refuse, and most of what a test does to
    values is to make them.
    """
    assert not hasattr(kind, "__post_init__"), kind
    names: dict[str, Any] = {"MISSING": MISSING}
    parameters, body = ["self"], ["pass"]
    for field in fields(kind):
        assert (field.init, field.kw_only) == (True, False), (kind, field.name)
        name = content = parameter = field.name
        names[f"set_{name}"] = getattr(kind, name).__set__
        if field.default_factory is not MISSING:
            names[f"make_{name}"] = field.default_factory
            parameter = f"{name}=MISSING"
            content = f"make_{name}() if {name} is MISSING else {name}"
        elif field.default is not MISSING:
            names[f"default_{name}"] = field.default
            parameter = f"{name}=default_{name}"
        parameters.append(parameter)
        body.append(f"set_{name}(self, {content})")
    exec(f"def init({', '.join(parameters)}): {'; '.join(body)}", names)  # noqa: S102 - as dataclasses are made.
    return names["init"]


def set_once(value: object, name: str, content: object) -> None:
    """Sets an attribute that is not there yet.

    Raises:
        FrozenInstanceError: It is.
    """
    if hasattr(value, name):
        raise FrozenInstanceError(f"{type(value).__name__}.{name} is assigned to")
    object.__setattr__(value, name, content)
