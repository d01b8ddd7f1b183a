"""A program to kill: starts Postgres on a directory, says so, and waits for ever.

With `--fork`, a forked child that never execs outlives it.
"""

import json
import os
import signal
import sys
from pathlib import Path

from tests.embedded.clusters import FAST_SETTINGS
from wallet_server.embedded.postgres import EmbeddedPostgres
from wallet_server.embedded.roles import Role


def main() -> None:
    with EmbeddedPostgres.start(Path(sys.argv[1]), settings=FAST_SETTINGS) as postgres:
        child = os.fork() if "--fork" in sys.argv else None
        if child == 0:
            signal.pause()
        started = {
            "pid": postgres.pid,
            "warden_pid": postgres.warden_pid,
            "child_pid": child,
            "uid": os.geteuid(),
            "url": postgres.url(Role.OWNER),
        }
        print(json.dumps(started), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
