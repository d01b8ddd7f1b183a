"""Runs `wallet-server`, and says at its end how much memory it had at most.

What the kernel tells a parent of its child's peak has the parent's own in it.
"""

import os
import sys

from tests.benchmarks.surroundings.machine import peak_memory_bytes
from wallet_server.cli.main import main

if __name__ == "__main__":
    try:
        main()
    finally:
        print(peak_memory_bytes(os.getpid()), file=sys.stderr)
