"""`python -m wallet_server` and `wallet-server`: the command line."""

import os

from wallet_server.cli.main import main as command_line


def main() -> None:
    """Runs the command line, unless Python was told to skip assertions."""
    if not __debug__:
        raise SystemExit("Assertions are part of this program; do not run it with python -O.")
    # grpc's own lines say in its words what ours say in plain ones. It looks when it is loaded.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    command_line(prog_name="wallet-server")


if __name__ == "__main__":
    main()
