"""What `make check` is told to do."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_to_name_the_checks_is_no_failure() -> None:
    ended = subprocess.run(
        [sys.executable, "tools/check.py", "--list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert {"format", "types"} <= {line.split()[0] for line in ended.stdout.splitlines()}
