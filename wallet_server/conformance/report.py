"""What people see of a run."""

from collections import Counter
from collections.abc import Sequence

from wallet_server.conformance.runner import Result, Verdict

INDENT = "    "


def result_lines(result: Result) -> list[str]:
    """Returns one line for a scenario, and below it every difference if it failed."""
    head = f"{result.scenario.id} {result.verdict.value:<4} {result.scenario.title}"
    match result.verdict:
        case Verdict.PASSED:
            return [head]
        case Verdict.SKIPPED:
            return [f"{head} ({'; '.join(result.details)})"]
        case Verdict.FAILED:
            return [head, *(INDENT + detail for detail in result.details)]


def summary_line(results: Sequence[Result]) -> str:
    """Returns the last line of a run."""
    counts = Counter(result.verdict for result in results)
    parts = [f"{counts[Verdict.PASSED]} passed", f"{counts[Verdict.FAILED]} failed"]
    if counts[Verdict.SKIPPED]:
        parts.append(f"{counts[Verdict.SKIPPED]} skipped")
    return ", ".join(parts)
