"""What the pages say about the command line is so."""

import re
from pathlib import Path

from wallet_server.cli.main import COMMANDS, CommandLine, main
from wallet_server.core.audit.difference import Check

ROOT = Path(__file__).parents[2]


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_every_kind_of_difference_is_explained_once_and_in_order() -> None:
    explained = re.findall(r"^\| `([A-Z_]+)` \|", read("docs/operating/verify.md"), re.MULTILINE)

    assert explained == [check.value for check in Check]


def test_every_command_has_its_module() -> None:
    assert isinstance(main, CommandLine)
    for name in COMMANDS:
        command = main.get_command(
            main.make_context("wallet-server", ["--help"], resilient_parsing=True), name
        )
        assert command is not None
        assert command.name == name


def test_the_readme_links_and_names_only_what_there_is() -> None:
    readme = read("README.md")

    for link in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (ROOT / link).exists(), link
    tree = readme.partition("## The tree")[2]
    for folder in re.findall(r"^(\S+/)", tree, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder
