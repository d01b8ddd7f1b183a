"""Measures which faults in the core its tests would notice: `make mutation`.

mutmut plants one small fault after the other into a copy of the core and runs the tests that
reach it. Each argument is a package of `wallet_server/core`, or `modules` for the modules that
are in none and the refusals; without any, all of them. What is found is said as soon as a package
is done.

Exits with 1 if fewer than SHARE_KILLED_MIN of the faults are noticed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parent.parent
CORE = Path("wallet_server/core")
TESTS = Path("tests/core")
BIN = Path(sys.executable).parent
MODULES = "modules"
REFUSALS = "refusals"  # Hardly any code: nothing to measure by itself.
SHARE_KILLED_MIN = 0.85
PROCESSES_COUNT = 2

ALSO_TESTED_BY = (
    "test_batch.py",
    "test_batch_records.py",
    "test_policy_matrix.py",
    "test_decide.py",
)
TESTED_BY: dict[str, tuple[str, ...]] = {
    "audit": ("audit",),
    "bets": ("bets", "coupons", "rounds", *ALSO_TESTED_BY),
    "cashier": ("cashier", "test_account_status_table.py", *ALSO_TESTED_BY),
    "config": ("config", "bets/test_retired_buckets.py"),
    "rolling": ("rolling", "transfers", "cashier", "promotions", *ALSO_TESTED_BY),
    MODULES: ("test_*.py", "transfers", "cashier", "coupons", "rounds", "bets/test_correction*.py"),
}
"""What in `tests/core` is run for a package, where it is more or less than its own tests.

A fault that nothing notices costs a run of all that reach it, so that not everything is named.
"""

SETTINGS = """[mutmut]
source_paths=wallet_server/core
only_mutate=
{mutated}
also_copy=
{copied}
pytest_add_cli_args_test_selection=
{tests}
pytest_add_cli_args=
    -p
    no:cacheprovider
"""

# What mutmut's exit codes of a run of tests mean; timeouts, too, are noticed.
SURVIVED = 0
KILLED = frozenset({1, 3, 24, -24, 36, 152, 255})
UNTESTED = frozenset({None, 5, 33})


def main() -> int:
    """Measures each package and says what survived."""
    total = Counter[str]()
    for package in sys.argv[1:] or packages():
        print(f"{package}:", flush=True)
        started = monotonic()
        with tempfile.TemporaryDirectory() as folder:
            counts = measure(package, Path(folder))
        minutes = (monotonic() - started) / 60
        print(f"{package}: {summary(counts)}, in {minutes:.0f} minutes\n", flush=True)
        total.update(counts)
    print(summary(total))
    return 0 if share_killed(total) >= SHARE_KILLED_MIN else 1


def packages() -> list[str]:
    """Returns all that can be measured."""
    folders = sorted(each.parent.name for each in (ROOT / CORE).glob("*/__init__.py"))
    return [*(name for name in folders if name != REFUSALS), MODULES]


def measure(package: str, tree: Path) -> Counter[str]:
    """Measures one package in a copy of the project. Returns how many faults met which end."""
    copy_tree(tree)
    copied = sorted(each.name for each in tree.iterdir() if each.name != "setup.cfg")
    settings = SETTINGS.format(
        mutated=lines(modules_of(package)), copied=lines(copied), tests=lines(tests_of(package))
    )
    (tree / "setup.cfg").write_text(settings)
    run_mutmut(package, tree)
    return report(tree)


def copy_tree(tree: Path) -> None:
    """Copies what is under version control."""
    git = shutil.which("git")
    assert git is not None
    listed = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)


def modules_of(package: str) -> list[str]:
    """Returns the modules of a package by name: mutmut's `*` would reach into folders."""
    folders = [CORE, CORE / REFUSALS] if package == MODULES else [CORE / package]
    paths = [path for folder in folders for path in sorted((ROOT / folder).glob("*.py"))]
    found = [str(path.relative_to(ROOT)) for path in paths]
    if not found:
        sys.exit(f"there is no package {package} in {CORE}; there are {', '.join(packages())}")
    return found


def tests_of(package: str) -> list[str]:
    """Returns the tests that are to notice a fault in a package."""
    patterns = TESTED_BY.get(package, (package, *ALSO_TESTED_BY))
    found = [path for pattern in patterns for path in sorted((ROOT / TESTS).glob(pattern))]
    return [str(path.relative_to(ROOT)) for path in found]


def run_mutmut(package: str, tree: Path) -> None:
    """Lets mutmut work. It leaves its findings under `mutants`."""
    command = [str(BIN / "mutmut"), "run", "--max-children", str(PROCESSES_COUNT)]
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "mutation"}
    ran = subprocess.run(
        command, cwd=tree, env=environment, check=False, capture_output=True, text=True
    )
    if ran.returncode:
        sys.exit(f"mutmut failed on {package}:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")


def lines(names: list[str]) -> str:
    """Returns a list in the form of an ini file."""
    return "\n".join(f"    {name}" for name in names)


def report(tree: Path) -> Counter[str]:
    """Prints figures by module and the names of what nobody noticed. Returns their sum."""
    total = Counter[str]()
    for path in sorted((tree / "mutants").rglob("*.meta")):
        found = dict(findings(path))
        counts = Counter(found.values())
        if found:
            print(f"  {path.relative_to(tree / 'mutants').with_suffix('')}: {summary(counts)}")
        for mutant, what in found.items():
            if what != "killed":
                print(f"    {what}: {mutant}")
        total.update(counts)
    return total


def findings(path: Path) -> Iterator[tuple[str, str]]:
    """Yields what became of each fault: a test that fails, or never ends, has noticed it."""
    codes: dict[str, int | None] = json.loads(path.read_text())["exit_code_by_key"]
    for mutant, code in codes.items():
        if code == SURVIVED:
            yield mutant, "survived"
        elif code in KILLED:
            yield mutant, "killed"
        else:
            yield mutant, "untested" if code in UNTESTED else "unclear"


def summary(counts: Counter[str]) -> str:
    """Returns how many faults were noticed, and their share."""
    return f"{counts['killed']} of {counts.total()} noticed, {share_killed(counts):.1%}"


def share_killed(counts: Counter[str]) -> float:
    """Returns the share of faults that were noticed; all, where none could be planted."""
    return counts["killed"] / counts.total() if counts else 1.0


if __name__ == "__main__":
    sys.exit(main())
