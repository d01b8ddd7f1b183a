"""Where files that need not survive lie best: in memory, where there is enough of it."""

import os
import shutil
from pathlib import Path

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system; what lies in it is made by tempfile.
FREE_BYTES_MIN = 4 * 2**30
"""Containers often have no more than 64 MiB there."""


def folder_in_memory() -> Path | None:
    """Returns a folder whose files never reach a disk; none where there is none with room."""
    is_open = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK | os.X_OK)
    if is_open and shutil.disk_usage(IN_MEMORY).free >= FREE_BYTES_MIN:
        return IN_MEMORY
    return None
