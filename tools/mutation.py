"""Measures which faults in the core its tests would notice: `make mutation`.

mutmut plants one small fault after the other into a copy of a package and runs the tests that
reach it. Each argument is a package of `wallet_server/core`; without any, all of ARGUMENTS.

Exits with 1 if fewer than SHARE_KILLED_MIN of the faults are noticed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
ARGUMENTS = ("bets", "coupons", "rounds", "rolling", "promotions", "transfers", "cashier")
SHARE_KILLED_MIN = 0.85
PROCESSES_COUNT = 2

ALSO_TESTED_BY = (
    "tests/core/test_batch.py",
    "tests/core/test_batch_records.py",
    "tests/core/test_policy_matrix.py",
    "tests/core/test_decide.py",
)
SETTINGS = """[mutmut]
source_paths=wallet_server/core/{package}
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
    for package in sys.argv[1:] or ARGUMENTS:
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder)
            copy_tree(tree)
            measure(package, tree)
            total.update(report(tree))
    share = total["killed"] / max(1, sum(total.values()))
    print(f"\n{total['killed']} of {sum(total.values())} noticed: {share:.1%}")
    return 0 if share >= SHARE_KILLED_MIN else 1


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


def measure(package: str, tree: Path) -> None:
    """Lets mutmut work on a package. It leaves its findings under `mutants`."""
    tests = [t for t in (f"tests/core/{package}", *ALSO_TESTED_BY) if (ROOT / t).exists()]
    copied = sorted(each.name for each in tree.iterdir() if each.name != "setup.cfg")
    settings = SETTINGS.format(package=package, copied=lines(copied), tests=lines(tests))
    (tree / "setup.cfg").write_text(settings)
    command = [str(BIN / "mutmut"), "run", "--max-children", str(PROCESSES_COUNT)]
    ran = subprocess.run(command, cwd=tree, check=False, capture_output=True, text=True)
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
            name = path.relative_to(tree / "mutants").with_suffix("")
            print(f"{name}: {counts['killed']} of {len(found)} noticed")
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


if __name__ == "__main__":
    sys.exit(main())
