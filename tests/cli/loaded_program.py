"""A program in a process that had loaded it before anybody asked for it.

The first that is loaded by the process that all such programs are copies of.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

# As the program has it before it loads grpc.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")


@dataclass(frozen=True)
class Call:
    """What is called, with what, and where it is to write."""

    main: Callable[[], object]
    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path | None
    stdout: Connection
    stderr: Connection


def run_program(call: Call) -> None:
    """Makes this process what it would be had it just been started, and runs the program."""
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(call.stdout.fileno(), 1)
    os.dup2(call.stderr.fileno(), 2)
    call.stdout.close()
    call.stderr.close()
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - it is open to the end.
    sys.argv = ["wallet-server", *call.arguments]
    os.environ.clear()
    os.environ.update(call.environment)
    if call.folder is not None:
        os.chdir(call.folder)
    call.main()
