"""The shapes that ship: wallets as YAML, with no code between them.

A shape is a topology with the wallet policy, the policies and the provider
profiles that go with it. Start reading at `ruby.yaml`; `source.py` reads it.
"""

from functools import cache
from importlib.resources import files

from wallet_server.core.config.documents import Document
from wallet_server.shapes.source import SourceDocument, read_source

SUFFIX = ".yaml"


def shape_names() -> tuple[str, ...]:
    """Returns the names of the shapes that ship, in order."""
    names = (file.name for file in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def shape_source(name: str) -> tuple[SourceDocument, ...]:
    """Returns the documents of a shape that ships, with where each stands.

    Raises:
        KeyError: No shape of that name ships.
    """
    if name not in shape_names():
        raise KeyError(name)
    file = files(__name__).joinpath(name + SUFFIX)
    documents = read_source(file.read_bytes(), file=file.name)
    assert isinstance(documents, tuple), documents  # A test reads every shape that ships.
    return documents


@cache
def load_shape(name: str) -> tuple[Document, ...]:
    """Returns what the documents of a shape that ships say.

    Raises:
        KeyError: No shape of that name ships.
    """
    return tuple(document.value for document in shape_source(name))
