"""Lets a process end when the one that started it does, whatever way that ends. Linux only.

`python leash.py PROGRAM ARGUMENT…` becomes that program, on the leash.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""See prctl(2). It outlasts becoming another program."""


def end_with_parent() -> None:
    """Has the kernel send this process SIGTERM when its parent is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    end_with_parent()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - what the bench itself has given.
