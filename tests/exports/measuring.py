"""What it takes to make a file of all entries of a tenant: by the program, and over gRPC."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.surroundings.machine import children_of, peak_memory_bytes
from tests.soak.server_process import ServerProcess, running_servers
from wallet.v1 import exports_pb2 as pb
from wallet_client import WalletClient

MIB = 2**20
POLL_SECONDS = 0.05

FORMATS = {
    "csv": pb.EXPORT_FORMAT_CSV,
    "xlsx": pb.EXPORT_FORMAT_XLSX,
    "pdf": pb.EXPORT_FORMAT_PDF,
}

CONNECTION_SECONDS_MAX = "3600"
"""A million entries may take longer than connections last as shipped."""


@dataclass(frozen=True)
class Exported:
    """What a file came to, and the most memory that each process had that took part, in MiB."""

    name: str
    house: list[str]
    entries_count: int
    size_mib: float
    seconds: float
    peaks_mib: Mapping[str, float]

    def __str__(self) -> str:
        """Returns it as a line for people."""
        peaks = ", ".join(f"{name} {peak:.1f} MiB" for name, peak in self.peaks_mib.items())
        file = f"{self.entries_count:,} entries, {self.size_mib:,.1f} MiB, {self.seconds:.1f} s"
        return f"{self.name}: {file}; {peaks}"


async def export_in_every_way(database_url: str, tenant_id: str, folder: Path) -> list[Exported]:
    """Makes a file in each format, by a program and by a server, all at once. None is left."""
    made = [
        way(database_url, tenant_id, folder / f"{name}.{form}")
        for name, way in (("program", run_export), ("server", call_export))
        for form in FORMATS
    ]
    return await asyncio.gather(*made)


async def run_export(database_url: str, tenant_id: str, path: Path) -> Exported:
    """Makes a file by a program of its own."""
    program = (sys.executable, "-m", "tests.exports.measured_program", "export", "entries")
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(*program, "--tenant", tenant_id, "-o", str(path)),
        env={**os.environ, "WALLET_DATABASE_URL": database_url},
        stdout=PIPE,
        stderr=PIPE,
    )
    stdout, stderr = await process.communicate()
    assert process.returncode == 0, stderr.decode()
    seconds = time.perf_counter() - began
    summary, _, *house = stdout.decode().splitlines()
    entries_count = int(summary.partition(" of ")[2].partition(" ")[0].replace(",", ""))
    peaks = {"program": int(stderr) / MIB}
    return told(Exported(path.name, house, entries_count, take_size_mib(path), seconds, peaks))


async def call_export(database_url: str, tenant_id: str, path: Path) -> Exported:
    """Has a server of its own make a file, and saves it."""
    folder = path.parent / path.suffix
    folder.mkdir()
    request = pb.ExportRequest(
        tenant_id=tenant_id,
        kind=pb.EXPORT_KIND_ENTRIES,
        format=FORMATS[path.suffix.removeprefix(".")],
    )
    async with running_servers(
        database_url, 1, folder, WALLET_CONNECTION_AGE_SECONDS_MAX=CONNECTION_SECONDS_MAX
    ) as [server]:
        began = time.perf_counter()
        async with WalletClient(server.target) as wallets, peaks_of_children(server) as peaks:
            summary = await wallets.save_export(request, path)
        seconds = time.perf_counter() - began
        every = {"server": peak_memory_bytes(server.process.pid), "process": max(peaks.values())}
    house = house_lines(tenant_id, summary)
    peaks_mib = {name: peak / MIB for name, peak in every.items()}
    size_mib = take_size_mib(path)
    return told(Exported(path.name, house, summary.entries_count, size_mib, seconds, peaks_mib))


def told(exported: Exported) -> Exported:
    """Prints it, for those who want to know, as soon as it is there."""
    print(exported, flush=True)
    return exported


@asynccontextmanager
async def peaks_of_children(server: ServerProcess) -> AsyncGenerator[Mapping[int, int]]:
    """Looks again and again, how much memory each process has had that the server has started."""
    peaks = Counter[int]()

    async def look() -> None:
        while True:
            for pid in children_of(server.process.pid):
                peaks[pid] = max(peaks[pid], peak_memory_bytes(pid))
            await asyncio.sleep(POLL_SECONDS)

    looking = asyncio.create_task(look())
    try:
        yield peaks
    finally:
        looking.cancel()


def house_lines(tenant_id: str, summary: pb.ExportSummary) -> list[str]:
    """Returns by how much the house's accounts have grown, as `verify` prints it."""
    net = Counter[tuple[str, str]]()
    for total in summary.totals:
        if total.account.startswith("H:"):
            amount = int(total.credits.minor_units) - int(total.debits.minor_units)
            net[total.account, total.credits.asset_code] += amount
    return [f"    {tenant_id} {' '.join(key)} {amount:+}" for key, amount in sorted(net.items())]


def take_size_mib(path: Path) -> float:
    """Removes a file, and returns how long it was."""
    size_bytes = path.stat().st_size
    path.unlink()
    return size_bytes / MIB
