"""Makes the core's values refuse, in tests, what at run time only the type checker forbids."""

import importlib
import inspect
import pkgutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import FrozenInstanceError, is_dataclass
from types import ModuleType

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
        yield


def set_once(value: object, name: str, content: object) -> None:
    """Sets an attribute that is not there yet.

    Raises:
        FrozenInstanceError: It is.
    """
    if hasattr(value, name):
        raise FrozenInstanceError(f"{type(value).__name__}.{name} is assigned to")
    object.__setattr__(value, name, content)
