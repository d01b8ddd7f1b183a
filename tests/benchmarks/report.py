"""Prints the figures, and writes them into a file."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.figures import Figures, Ratio

COLUMNS = (
    ("", "name"),
    ("callers", "callers"),
    ("commands/s", "commands_per_second"),
    ("p50 ms", "p50_ms"),
    ("p99 ms", "p99_ms"),
    ("batch", "batch_commands"),
    ("server µs", "server_us"),
    ("postgres µs", "postgres_us"),
    ("load µs", "load_us"),
    ("WAL B/pair", "wal_bytes_per_pair"),
    ("retries", "retries"),
)


def print_report(figures: Sequence[Figures], ratios: Sequence[Ratio]) -> None:
    """Prints a table of figures and a list of ratios."""
    rows = [[title for title, _ in COLUMNS]]
    rows += [[write(getattr(each, name)) for _, name in COLUMNS] for each in figures]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    for row in rows:
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print(first.strip().ljust(widths[0]), *rest, sep="  ")
    print()
    for each in ratios:
        print(f"{each.value:6.2f}  {each.name}")


def write(value: object) -> str:
    """Returns a cell of the table."""
    if isinstance(value, dict):
        return " ".join(f"{code}:{count}" for code, count in sorted(value.items())) or "-"
    return "-" if value == 0 else str(value)


def write_report(
    path: Path, machine: dict[str, object], figures: Sequence[Figures], ratios: Sequence[Ratio]
) -> None:
    """Writes machine, figures and ratios."""
    document = {
        "machine": machine,
        "figures": [each.as_document() for each in figures],
        "ratios": [asdict(each) for each in ratios],
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
