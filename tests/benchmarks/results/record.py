"""Writes a run into docs/performance.md, between two marks, and its plots beside it.

What people have written above and below the marks stays as it is.
"""

from pathlib import Path

from tests.benchmarks.results.plots import draw_all
from tests.benchmarks.results.ratios import Ratio
from tests.benchmarks.results.report import SIGNS, Report, number, table_of

PAGE = Path("docs/performance.md")
PLOTS = Path("docs/performance")

BEGIN = "<!-- Written by `make bench`: from here … -->"
END = "<!-- … to here. -->"

TITLES = {
    "throughput.svg": "Commands per second by the number of callers",
    "latency.svg": "Latency by the number of callers",
    "processor-time.svg": "Processor time of a command, by side",
    "ratios.svg": "Ratios against their targets",
}


class MarksError(Exception):
    """The page does not have the two marks, once each and in order."""


def write_record(root: Path, report: Report) -> None:
    """Writes the plots and the part of the page between the marks."""
    page = root / PAGE
    text = replaced(page.read_text(encoding="utf-8"), section_of(report))
    draw_all(root / PLOTS, report.figures, report.ratios)
    page.write_text(text, encoding="utf-8")


def replaced(text: str, section: str) -> str:
    """Returns a page with what is between its marks replaced.

    Raises:
        MarksError: There are no such marks.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise MarksError(f"{PAGE} needs the lines {BEGIN!r} and {END!r}, once each, in this order")
    return f"{before}{BEGIN}\n\n{section}\n{END}{after}"


def section_of(report: Report) -> str:
    """Returns machine, ratios, plots and figures as Markdown."""
    machine = ", ".join(f"{name} {value}" for name, value in report.machine.items())
    trials = "".join(f"- {each}\n" for each in report.trials)
    plots = "".join(f"![{title}](performance/{name})\n\n" for name, title in TITLES.items())
    rows = [ratio_cells(each) for each in report.ratios]
    rows += [["", name, "", "", "not measured"] for name in report.left_out]
    ratios = markdown([["", "Ratio", "Value", "Rounds", "Target"], *rows])
    return (
        f"One run ({report.plan_name}). Machine: {machine}.\n\nTried before:\n\n{trials}\n"
        f"{ratios}\n{plots}{markdown(table_of(report.figures))}"
    )


def ratio_cells(ratio: Ratio) -> list[str]:
    """Returns the cells of a ratio."""
    rounds = f"{number(ratio.least)} to {number(ratio.most)}" if ratio.least != ratio.most else ""
    if ratio.target is None:
        return ["", ratio.name, number(ratio.value), rounds, ""]
    sign = SIGNS[ratio.target.direction]
    target = f"{sign} {number(ratio.target.value)}"
    return ["met" if ratio.is_met else "missed", ratio.name, number(ratio.value), rounds, target]


def markdown(rows: list[list[str]]) -> str:
    """Returns a table, the titles in its first row."""
    titles, *others = rows
    lines = [titles, ["---"] * len(titles), *others]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)
