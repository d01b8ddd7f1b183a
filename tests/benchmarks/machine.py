"""What the machine spends and what it can do. Processor time is known on Linux only."""

import os
import platform
import time
from pathlib import Path
from tempfile import NamedTemporaryFile

SYNC_SECONDS = 0.3
SYNC_BYTES = 8_192
PARENT, USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM = 1, 11, 12, 13, 14
"""Fields of /proc/PID/stat, counted behind the name: see proc(5)."""


def processor_seconds(pid: int) -> float:
    """Returns the processor time of a process."""
    return _seconds(_fields(pid), USER, SYSTEM)


def processor_seconds_with_children(pid: int) -> float:
    """Returns the processor time of a process and of its children, those that ended included."""
    total = _seconds(_fields(pid), USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM)
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _fields(int(folder.name))
        if fields and fields[PARENT] == str(pid):
            total += _seconds(fields, USER, SYSTEM)
    return total


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except (OSError, ValueError):
        return []  # It has ended, or this is not Linux.


def _seconds(fields: list[str], *wanted: int) -> float:
    return sum(int(fields[each]) for each in wanted) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def describe(folder: Path) -> dict[str, object]:
    """Returns what figures of this machine depend on."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "fsyncs_per_second": round(syncs_per_second(folder)),
    }


def syncs_per_second(folder: Path) -> float:
    """Returns how often a file in the folder can be written and made safe, one by one."""
    count = 0
    with NamedTemporaryFile(dir=folder) as file:
        started = time.monotonic()
        while time.monotonic() - started < SYNC_SECONDS:
            file.seek(0)
            file.write(bytes(SYNC_BYTES))
            file.flush()
            os.fdatasync(file.fileno())
            count += 1
        return count / (time.monotonic() - started)
