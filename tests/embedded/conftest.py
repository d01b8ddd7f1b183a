"""One cluster for the tests that only look, and a directory for each that does more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.clusters import open_directory, throwaway_postgres
from wallet_server.embedded.postgres import EmbeddedPostgres


@pytest.fixture(scope="module")
def postgres() -> Iterator[EmbeddedPostgres]:
    with throwaway_postgres() as started:
        yield started


@pytest.fixture
def directory() -> Iterator[Path]:
    with open_directory() as made:
        yield made


@pytest.fixture
def data_dir(directory: Path) -> Path:
    return directory / "data"
