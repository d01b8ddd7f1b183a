"""What the machine spends and what it can do. Processor time is known on Linux only."""

import os
import platform
import re
import time
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

SYNC_SECONDS = 0.3
SYNC_BYTES = 8_192
PARENT, USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM = 1, 11, 12, 13, 14
"""Fields of /proc/PID/stat, counted behind the name: see proc(5)."""

PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


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


def children_of(pid: int) -> list[int]:
    """Returns the processes that a process has started, and those that these have started."""
    by_parent = defaultdict[str, list[int]](list)
    for folder in Path("/proc").glob("[0-9]*"):
        if fields := _fields(int(folder.name)):
            by_parent[fields[PARENT]].append(int(folder.name))
    found = list(by_parent[str(pid)])
    for child in found:  # It grows meanwhile.
        found += by_parent[str(child)]
    return found


def peak_memory_bytes(pid: int) -> int:
    """Returns the most memory that a process has ever had resident; 0 where nobody knows."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = PEAK.search(text)
    return int(found[1]) * 1024 if found else 0


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
        "processor": processor_name(),
        "processors": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "grpcio": version("grpcio"),
        "load_before": round(os.getloadavg()[0], 2),
        "fsyncs_per_second": round(syncs_per_second(folder)),
    }


def processor_name() -> str:
    """Returns the model of the processor, as far as the system tells."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found[1] if found else platform.machine()


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
