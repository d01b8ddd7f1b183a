"""What trouble with the database is to those who only read: a fault, and no bug."""

from collections.abc import Generator
from contextlib import contextmanager

from wallet_server.execution.errors import StorageUnavailableError
from wallet_server.storage.troubles import Trouble, trouble_of


@contextmanager
def faults_told() -> Generator[None]:
    """Makes a fault of trouble with the database. All else that is raised stays what it is."""
    try:
        yield
    except Exception as error:
        if trouble_of(error) is Trouble.BROKEN:
            raise
        raise StorageUnavailableError from error
