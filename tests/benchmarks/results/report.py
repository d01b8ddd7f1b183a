"""Prints the figures, and writes them into a file."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.plan import Plan
from tests.benchmarks.results.figures import Figures
from tests.benchmarks.results.ratios import Direction, Ratio
from tests.benchmarks.trials import Trial

COLUMNS = (
    ("", "name"),
    ("callers", "callers"),
    ("commands/s", "commands_per_second"),
    ("p50 ms", "p50_ms"),
    ("p99 ms", "p99_ms"),
    ("p99.9 ms", "p999_ms"),
    ("batch", "batch_commands"),
    ("server µs", "server_us"),
    ("Postgres µs", "postgres_us"),
    ("load µs", "load_us"),
    ("transactions", "transactions_per_command"),
    ("WAL B/pair", "wal_bytes_per_pair"),
    ("table B/pair", "table_bytes_per_pair"),
    ("MiB", "peak_memory_mib"),
    ("retries", "retries"),
    ("again", "commands_again"),
)

SIGNS = {Direction.AT_LEAST: "≥", Direction.AT_MOST: "≤"}


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run has found. `left_out` are ratios with a target that were not measured."""

    plan_name: str
    plan: Plan
    machine: dict[str, object]
    trials: Sequence[Trial]
    figures: Sequence[Figures]
    ratios: Sequence[Ratio]
    left_out: Sequence[str]

    def as_document(self) -> dict[str, object]:
        """Returns the report as plain data. Every one of `ratios` has a target."""
        return {
            "plan": {"name": self.plan_name, **asdict(self.plan)},
            "machine": self.machine,
            "trials": [each.as_document() for each in self.trials],
            "figures": [each.as_document() for each in self.figures],
            "ratios": [each.as_document() for each in self.ratios if each.target],
            "comparisons": [each.as_document() for each in self.ratios if not each.target],
            "left_out": list(self.left_out),
        }

    def write(self, path: Path) -> None:
        """Writes it as JSON."""
        text = json.dumps(self.as_document(), indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")

    def print(self) -> None:
        """Prints a table of figures, a list of ratios, and which targets are missed."""
        print_table(table_of(self.figures))
        print()
        for each in self.ratios:
            print(describe(each))
        for name in self.left_out:
            print(f"  left out   {name}")


def table_of(figures: Sequence[Figures]) -> list[list[str]]:
    """Returns rows of cells, the titles first."""
    rows = [[title for title, _ in COLUMNS]]
    rows += [[cell(getattr(each, name)) for _, name in COLUMNS] for each in figures]
    return rows


def cell(value: object) -> str:
    """Returns what a cell says: nothing where nothing was measured."""
    match value:
        case None | 0:
            return ""
        case dict():
            return " ".join(f"{code}:{count}" for code, count in sorted(value.items()))
        case float() if value >= 100:
            return f"{value:,.0f}"
        case float():
            return f"{value:.3g}"
        case int():
            return f"{value:,}"
        case _:
            return str(value)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Prints rows in columns, all but the first to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for first, *rest in rows:
        cells = (text.rjust(width) for text, width in zip(rest, widths[1:], strict=True))
        print(first.ljust(widths[0]), *cells, sep="  ")


def describe(ratio: Ratio) -> str:
    """Returns a ratio in one line, with its target if it has one."""
    text = f"{number(ratio.value):>7}   {ratio.name}"
    if ratio.least != ratio.most:
        text += f" ({number(ratio.least)} to {number(ratio.most)})"
    if ratio.target is None:
        return f"             {text}"
    sign = SIGNS[ratio.target.direction]
    return f"  {'met' if ratio.is_met else 'MISSED':<8}   {text}, target {sign} {number(ratio.target.value)}"


def number(value: float) -> str:
    """Returns a ratio, or a count, as people write it; exact enough to see what is missed."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3f}"
