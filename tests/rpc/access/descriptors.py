"""A process that has no file descriptors left, as a busy one may be for a moment."""

import resource
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def no_more_files() -> Generator[None]:
    """Lets this process open nothing while the block lasts. What is open stays so."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
