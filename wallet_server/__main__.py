"""`python -m wallet_server` and `wallet-server`: the command line."""

from wallet_server.cli.main import main as command_line


def main() -> None:
    """Runs the command line, unless Python was told to skip assertions."""
    if not __debug__:
        raise SystemExit("Assertions are part of this program; do not run it with python -O.")
    command_line(prog_name="wallet-server")


if __name__ == "__main__":
    main()
