"""`wallet-server` in a process that had loaded it before anybody asked for it.

Imported by the process that all such programs are copies of, and by those who start them.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from wallet_server import __main__ as program

# As the program has it before it loads grpc.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")


@dataclass(frozen=True)
class Call:
    """How the program is called, and where it is to write."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path | None
    stdout: Connection
    stderr: Connection


def run_program(call: Call) -> None:
    """Makes this process what it would be had it just been started, and runs the program."""
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for descriptor, output in ((1, call.stdout), (2, call.stderr)):
        os.dup2(output.fileno(), descriptor)
        output.close()
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - it is open to the end.
    sys.argv = ["wallet-server", *call.arguments]
    os.environ.clear()
    os.environ.update(call.environment)
    if call.folder is not None:
        os.chdir(call.folder)
    program.main()
