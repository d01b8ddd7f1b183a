"""Runs every check that is not a test, and reports all that fail, not the first.

    python tools/check.py            runs all
    python tools/check.py NAME…      runs those; `--list` names them

A check that cannot run here says so under its name; it is never left out in silence.
"""

from __future__ import annotations

import argparse
import filecmp
import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import generate
from vendored import find_differences

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sysconfig.get_path("scripts"))
SHOWN_BYTES = 100
GOLDEN_EVENTS = Path("tests/rpc/golden_events.jsonl")
YAML_FOLDERS = (".", "deploy", "docs", "tests", "wallet_server")


@dataclass(frozen=True)
class Outcome:
    """What a check found: whether it is content, and what it has to say."""

    passed: bool
    report: str = ""
    skipped: bool = False


def run(command: Sequence[str | Path]) -> Outcome:
    """Runs one tool of .venv from the root of the repository."""
    program, *arguments = command
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return Outcome(passed=done.returncode == 0, report=done.stdout.strip())


def check_format() -> Outcome:
    """Python is formatted: `make format` does it."""
    return run(["ruff", "format", "--check", "."])


def check_lint() -> Outcome:
    """Python obeys the rules in pyproject.toml."""
    return run(["ruff", "check", "."])


def check_types() -> Outcome:
    """Types add up."""
    return run(["pyright", "--warnings"])


def check_layers() -> Outcome:
    """Imports only go down."""
    return run(["lint-imports", "--no-logo"])


def check_proto_lint() -> Outcome:
    """The protos obey the rules in buf.yaml."""
    return run(["buf", "lint"])


def check_proto_format() -> Outcome:
    """The protos are formatted: `make format` does it."""
    return run(["buf", "format", "protos", "--diff", "--exit-code"])


def check_breaking() -> Outcome:
    """The API breaks no caller of the main branch."""
    main = find_main()
    if main is None:
        return Outcome(passed=True, skipped=True, report="no main branch with protos to compare to")
    with tempfile.TemporaryDirectory() as folder:
        extract(main, Path(folder))
        return run(["buf", "breaking", "--against", folder])


def check_generated() -> Outcome:
    """The generated code is what the protos say now: `make generate` does it."""
    with tempfile.TemporaryDirectory() as folder:
        generate.generate(Path(folder))
        stale = list(find_stale(Path(folder)))
    return Outcome(passed=not stale, report="\n".join(stale))


def check_errors() -> Outcome:
    """docs/reference/errors.md is what error_reason.proto says: `make generate` does it."""
    return run(["python", "tools/errors_reference.py", "--check"])


def check_permissions() -> Outcome:
    """docs/reference/permissions.md is what protos and roles say: `make generate` does it."""
    return run(["python", "tools/permissions_reference.py", "--check"])


def check_events() -> Outcome:
    """docs/reference/events.md is what the protos say: `make generate` does it."""
    return run(["python", "tools/events_reference.py", "--check"])


def check_golden_events() -> Outcome:
    """Golden events of the main branch are all there, as they were: they may only grow."""
    main = find_main()
    was = git("show", f"{main}:{GOLDEN_EVENTS}") if main else None
    if was is None or was.returncode:
        return Outcome(passed=True, skipped=True, report="no main branch with golden events")
    there = set((ROOT / GOLDEN_EVENTS).read_bytes().splitlines())
    gone = [line for line in was.stdout.splitlines() if line not in there]
    shown = [line[:SHOWN_BYTES].decode(errors="replace") for line in gone]
    return Outcome(passed=not gone, report="\n".join(f"gone: {each}…" for each in shown))


def check_vendored() -> Outcome:
    """The vendored protos are those of the installed packages."""
    differences = find_differences()
    return Outcome(passed=not differences, report="\n".join(differences))


def check_yaml() -> Outcome:
    """YAML is well formed and has no duplicate keys."""
    files = [
        path
        for folder in YAML_FOLDERS
        for path in sorted((ROOT / folder).glob("*.yaml" if folder == "." else "**/*.yaml"))
    ]
    return run(["yamllint", "--strict", *files])


CHECKS: dict[str, Callable[[], Outcome]] = {
    "format": check_format,
    "lint": check_lint,
    "types": check_types,
    "layers": check_layers,
    "proto-lint": check_proto_lint,
    "proto-format": check_proto_format,
    "breaking": check_breaking,
    "generated": check_generated,
    "errors": check_errors,
    "permissions": check_permissions,
    "events": check_events,
    "golden-events": check_golden_events,
    "vendored": check_vendored,
    "yaml": check_yaml,
}


def find_main() -> str | None:
    """Finds the commit to compare the API with: MAIN=…, here or at origin, if it has protos."""
    name = os.environ.get("MAIN") or "main"
    for revision in (name, f"origin/{name}"):
        if git("cat-file", "-e", f"{revision}:protos").returncode == 0:
            return revision
    return None


def extract(revision: str, folder: Path) -> None:
    """Lays out the protos of a revision under `folder`, beside what is vendored now.

    buf compares as many modules on both sides; what is vendored is not ours to judge.
    """
    archive = git("archive", "--format=tar", revision, "protos")
    archive.check_returncode()
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    shutil.copy(ROOT / "buf.yaml", folder)
    shutil.copytree(ROOT / "third_party", folder / "third_party")


def git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Asks git, or answers no where there is none."""
    program = shutil.which("git") or "false"
    return subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, check=False)


def find_stale(fresh: Path) -> Iterator[str]:
    """Compares generated folders with freshly generated ones, file by file."""
    for folder in generate.GENERATED:
        have, want = names(ROOT / folder), names(fresh / folder)
        for name in sorted(have | want):
            path = folder / name
            if name not in want:
                yield f"{path}: no proto makes it any more"
            elif name not in have:
                yield f"{path}: missing"
            elif not filecmp.cmp(ROOT / path, fresh / path, shallow=False):
                yield f"{path}: out of date"


def names(folder: Path) -> set[str]:
    """Names the files of a folder, without what Python leaves there."""
    return {path.name for path in folder.glob("*") if path.is_file()}


def timed(check: Callable[[], Outcome]) -> tuple[Outcome, float]:
    """Runs a check and measures it, in seconds."""
    start = time.monotonic()
    return check(), time.monotonic() - start


def main() -> None:
    """Runs the chosen checks side by side and reports them in their order."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="which checks; all if none")
    parser.add_argument("--list", action="store_true", help="name the checks")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(f"{name:13} {check.__doc__}" for name, check in CHECKS.items()))
        return
    chosen: list[str] = arguments.names or list(CHECKS)
    if unknown := set(chosen) - set(CHECKS):
        parser.error(f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")

    failed: list[str] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, result in zip(chosen, pool.map(timed, (CHECKS[n] for n in chosen)), strict=True):
            outcome, seconds = result
            word = "skipped" if outcome.skipped else "ok" if outcome.passed else "FAILED"
            print(f"{name:13} {word:8} {seconds:5.1f} s", flush=True)
            if outcome.report and (outcome.skipped or not outcome.passed):
                print("    " + outcome.report.replace("\n", "\n    "), flush=True)
            if not outcome.passed:
                failed.append(name)
    if failed:
        sys.exit(f"make check: failed: {', '.join(failed)}")
    print("make check: all well")


if __name__ == "__main__":
    main()
