"""Draws what a run has found."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from tests.benchmarks.results.figures import Figures
from tests.benchmarks.results.ratios import Direction, Ratio

SIZE_INCHES = (7.5, 3.6)

STYLE: Any = {  # By matplotlib's own names.
    "svg.hashsalt": "bench",  # The same figures give the same file.
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
}

DRAWN_MAX = 3

CURVES = ("grpc", "echo", "workers", "echo_workers")

SIDES = (("server_us", "servers"), ("postgres_us", "Postgres"), ("load_us", "callers"))


def draw_all(folder: Path, figures: Sequence[Figures], ratios: Sequence[Ratio]) -> None:
    """Writes all plots into a folder, as SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        save(folder / "throughput.svg", lambda axes: draw_throughput(axes, figures))
        save(folder / "latency.svg", lambda axes: draw_latency(axes, figures))
        save(folder / "processor-time.svg", lambda axes: draw_processor_time(axes, figures))
        save(folder / "ratios.svg", lambda axes: draw_ratios(axes, ratios))


def save(path: Path, draw: Callable[[Any], None]) -> None:
    """Draws one plot and writes it."""
    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    draw(figure.subplots())
    figure.savefig(path, metadata={"Date": None})


def draw_throughput(axes: Any, figures: Sequence[Figures]) -> None:
    """Draws commands a second by the number of callers; bars reach from round to round."""
    for name in CURVES:
        curve = [each for each in figures if each.name == name]
        rates = [each.commands_per_second for each in curve]
        down = [each.commands_per_second - min(each.rounds) for each in curve]
        up = [max(each.rounds) - each.commands_per_second for each in curve]
        callers = [each.callers for each in curve]
        axes.errorbar(callers, rates, yerr=(down, up), marker="o", capsize=3, label=name)
    set_callers(axes, figures)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("commands per second")
    axes.legend()


def draw_latency(axes: Any, figures: Sequence[Figures]) -> None:
    """Draws p50 and p99 by the number of callers."""
    for color, name in enumerate(CURVES):
        curve = [each for each in figures if each.name == name]
        callers = [each.callers for each in curve]
        looks = {"marker": "o", "color": f"C{color}"}
        axes.plot(callers, [each.p50_ms for each in curve], label=f"{name} p50", **looks)
        axes.plot(callers, [each.p99_ms for each in curve], "--", label=f"{name} p99", **looks)
    set_callers(axes, figures)
    axes.set_yscale("log")
    axes.set_ylabel("milliseconds")
    axes.legend(ncols=2)


def set_callers(axes: Any, figures: Sequence[Figures]) -> None:
    """Makes the number of callers the horizontal axis."""
    numbers = sorted({each.callers for each in figures if each.name in CURVES})
    axes.set_xscale("log", base=2)
    axes.set_xticks(numbers, labels=[str(each) for each in numbers])
    axes.minorticks_off()
    axes.set_xlabel("callers")


def draw_processor_time(axes: Any, figures: Sequence[Figures]) -> None:
    """Draws where the processor time of a command goes, on each side."""
    shown = [each for each in figures if each.server_us]
    names = [f"{each.name} {each.callers or ''}".strip() for each in shown]
    lefts = [0] * len(shown)
    for field, label in SIDES:
        widths = [getattr(each, field) or 0 for each in shown]
        axes.barh(names, widths, left=lefts, label=label)
        lefts = [left + width for left, width in zip(lefts, widths, strict=True)]
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=6)
    axes.set_xlabel("processor time of a command, microseconds")
    axes.legend()


def draw_ratios(axes: Any, ratios: Sequence[Ratio]) -> None:
    """Draws each ratio as a part of its target: right of the line is better, whatever it is."""
    for each in ratios:
        if each.target is None:
            continue
        at_most = each.target.direction is Direction.AT_MOST
        met = (
            each.target.value / max(each.value, 1e-9) if at_most else each.value / each.target.value
        )
        axes.barh(each.name, min(met, DRAWN_MAX), color="C2" if each.is_met else "C3")
    axes.axvline(1, color="black", linewidth=1)
    axes.invert_yaxis()
    axes.set_xlabel(f"part of the target that is reached (drawn up to {DRAWN_MAX})")
