"""Starts a warden with its Postgres, and waits until that is ready."""

from collections.abc import Sequence
from pathlib import Path

from wallet_server.embedded import warden
from wallet_server.embedded.account import Account
from wallet_server.embedded.binaries import Binaries
from wallet_server.embedded.cluster import ENVIRONMENT
from wallet_server.embedded.data_dir import DataDir
from wallet_server.embedded.endpoint import Endpoint
from wallet_server.embedded.errors import StartError
from wallet_server.embedded.processes import cluster_name, is_process, read_pid_file
from wallet_server.embedded.wards import Warden, give_orders

LOG_LINES_MAX = 20


def start_warden(
    data: DataDir, account: Account, binaries: Binaries, endpoint: Endpoint, *, lock: int
) -> Warden:
    """Starts a warden, which starts Postgres and holds `lock` until Postgres has stopped."""
    orders: warden.Orders = {
        "command": _postgres_command(data, binaries),
        "user": account.user,
        "group": account.group,
        "extra_groups": None if account.extra_groups is None else list(account.extra_groups),
        "environment": ENVIRONMENT,
        "run_directory": str(endpoint.socket_directory),
    }
    return give_orders(orders, data.start_log, lock=lock)


def wait_until_ready(data: DataDir, guard: Warden, *, timeout_seconds: float) -> int:
    """Returns Postgres' pid as soon as it accepts connections.

    Raises:
        StartError: Postgres ended, or was not ready in time. The warden may live on.

    """
    pid = guard.wait_for(lambda: _find_ready(data), timeout_seconds=timeout_seconds)
    if pid is not None:
        return pid
    how = f"was not ready after {timeout_seconds:g} seconds"
    if not guard.is_running:
        how = "ended while it started"
    raise StartError(f"Postgres {how}:\n{last_log_lines(data)}")


def _find_ready(data: DataDir) -> int | None:
    """Returns Postgres' pid if it accepts connections."""
    pid, is_ready = read_pid_file(data)
    return pid if is_ready and pid is not None and is_process(pid, data.cluster) else None


def last_log_lines(data: DataDir) -> str:
    """Returns the end of what Postgres said, before and after it opened its own log."""
    own_logs = sorted(data.cluster.glob("log/*.log"), key=lambda path: path.stat().st_mtime)
    lines = [line for path in (data.start_log, *own_logs[-1:]) for line in _lines(path)]
    return "\n".join(lines[-LOG_LINES_MAX:]) or "(its log is empty)"


def _lines(path: Path) -> Sequence[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _postgres_command(data: DataDir, binaries: Binaries) -> list[str]:
    name = cluster_name(data.cluster)
    return [
        *(str(binaries.postgres), "-D", str(data.cluster)),
        *("-c", f"config_file={data.configuration}"),
        *("-c", f"cluster_name={name}"),  # By which processes.py knows it again.
    ]
