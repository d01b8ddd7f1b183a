"""Pages of documentation whose commands a test carries out, in order and in one shell.

Of a page the blocks of `sh` are run, and each answer is held against the block below it: `json` is
a part of what is printed, `text` are lines of it.
"""

import asyncio
import json
import os
import re
import sys
import sysconfig
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from typing import Any, cast

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sysconfig.get_path("scripts"))
GRPCURL = SCRIPTS / "grpcurl"
BLOCK = re.compile(r"^( *)```(sh|json|text)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
FAULT = re.compile(r"(?i)error|usage|traceback|sh: ")
END = "-- end of a block --"
UNTIL = "# Again, until "
BLOCK_SECONDS_MAX = 60
PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Step:
    """Commands, and what a page says that they print: a part of it, by its language."""

    commands: str
    language: str = ""
    expected: str = ""

    def with_facts(self, facts: Mapping[str, str]) -> "Step":
        """Returns the step with what the page calls by a name put in."""
        commands = self.commands
        for name, fact in facts.items():
            commands = commands.replace(name, fact)
        return replace(self, commands=commands)

    @property
    def is_repeated(self) -> bool:
        """Whether the page says to run the commands until they print what is expected."""
        return self.commands.startswith(UNTIL)


def steps_of(page: Path) -> Iterator[Step]:
    """Yields the steps of a page."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    blocks = [(str(language), dedent(content)) for _, language, content in found]
    for number, (language, content) in enumerate(blocks):
        if language == "sh":
            below = blocks[number + 1] if number + 1 < len(blocks) else ("sh", "")
            yield Step(content) if below[0] == "sh" else Step(content, *below)


@dataclass
class Shell:
    """A shell that runs one block of commands after another, and keeps its variables."""

    process: asyncio.subprocess.Process

    async def run(self, commands: str) -> str:
        """Runs commands. Returns all that they print."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{commands}\necho '{END}'\n".encode())
        lines: list[str] = []
        async with asyncio.timeout(BLOCK_SECONDS_MAX):
            while True:
                line = (await self.process.stdout.readline()).decode()
                assert line, f"the shell ended: {''.join(lines)}"
                if line.rstrip("\n").endswith(END):
                    lines.append(line.rstrip("\n").removesuffix(END))
                    return "".join(lines)
                lines.append(line)


@asynccontextmanager
async def open_shell(folder: Path, database_url: str) -> AsyncGenerator[Shell]:
    """Opens a shell in a folder that knows `wallet-server`, its database, and `grpcurl`."""
    program = folder / "bin/wallet-server"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m wallet_server "$@"\n')
    program.chmod(0o755)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("WALLET_")}
    path = f"{program.parent}:{SCRIPTS}:{os.environ['PATH']}"
    sources = f"{ROOT}:{ROOT / 'clients/python'}"
    process = await asyncio.create_subprocess_exec(
        "sh",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={
            **inherited,
            "PATH": path,
            "PYTHONPATH": sources,
            "WALLET_DATABASE_URL": database_url,
        },
        cwd=folder,
    )
    try:
        yield Shell(process)
    finally:
        process.kill()
        await process.wait()


async def carry_out(shell: Shell, step: Step) -> str:
    """Runs the commands of a step, and compares what they print with what the page says.

    Returns what they printed.
    """
    printed = await shell.run(step.commands)
    async with asyncio.timeout(BLOCK_SECONDS_MAX):
        while step.is_repeated and differences(step, printed):
            await asyncio.sleep(PAUSE_SECONDS)
            printed = await shell.run(step.commands)
    found = differences(step, printed)
    assert not found, f"{step.commands}\n{found}\nIt printed:\n{printed}"
    return printed


def differences(step: Step, printed: str) -> list[str]:
    """Returns what a page says that was not printed; where it says nothing, what went wrong."""
    if not step.language:
        return [line for line in printed.splitlines() if FAULT.match(line)]
    if step.language == "json":
        try:
            return differences_in(json.loads(step.expected), json.loads(printed), "")
        except json.JSONDecodeError as error:
            return [f"no JSON: {error}"]
    lines = {" ".join(line.split()) for line in printed.splitlines()}
    expected = (" ".join(line.split()) for line in step.expected.splitlines())
    return [line for line in expected if line not in lines]


def differences_in(expected: object, actual: object, path: str) -> list[str]:
    """Returns where an answer is not as a part of it is expected: lists must be as long."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        fields, found = cast("dict[str, Any]", expected), cast("dict[str, Any]", actual)
        return [
            each
            for key, value in fields.items()
            for each in differences_in(value, found.get(key), f"{path}.{key}")
        ]
    if isinstance(expected, list) and isinstance(actual, list):
        left, right = cast("list[Any]", expected), cast("list[Any]", actual)
        if len(left) == len(right):
            pairs = enumerate(zip(left, right, strict=True))
            return [e for i, (a, b) in pairs for e in differences_in(a, b, f"{path}[{i}]")]
    return [] if expected == actual else [f"{path}: expected {expected}, got {actual}"]
