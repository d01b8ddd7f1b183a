"""Writes docs/reference/settings.md: `python -m wallet_server.settings_table > …`."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, SecretStr

from wallet_server.settings import GROUPS
from wallet_server.settings_problems import ENVIRONMENT_PREFIX

INTRODUCTION = """# Settings

Every setting of `wallet-server`. Each is taken from the first of these that has it:

1. an option of the command line (`wallet-server serve --help`; not all have one),
2. the environment: `WALLET_` and the name in capitals, such as `WALLET_LANES_COUNT`,
3. the file that `--config` or `WALLET_CONFIG` names, TOML or YAML, by the names below,
4. the default.

A value out of its range and a name that is misspelt in the file keep the program from starting. One
that is misspelt in the environment is ignored; `serve` and `dev` then log a warning that names it.
The unit of a number is the last word of its name, before `max`.

This page is made by `python -m wallet_server.settings_table`; a test holds it equal to the code.
"""

TABLE_HEAD = """| Setting | Environment | Default | Range | Meaning |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """Returns the page."""
    return INTRODUCTION + "".join(section(group) for group in GROUPS)


def section(group: type[BaseModel]) -> str:
    """Returns a group of settings under its heading."""
    heading = (group.__doc__ or "").rstrip(".")
    return f"\n## {heading}\n\n{TABLE_HEAD}" + "".join(f"{row}\n" for row in rows(group))


def rows(group: type[BaseModel]) -> Iterator[str]:
    """Yields a row of the table for each setting, in their order."""
    properties: Mapping[str, Mapping[str, Any]] = group.model_json_schema()["properties"]
    for name, field in group.model_fields.items():
        cells = (
            f"`{name}`",
            f"`{ENVIRONMENT_PREFIX}{name.upper()}`",
            describe_default(field.default),
            describe_range(properties[name]),
            field.description or "",
        )
        yield f"| {' | '.join(cells)} |"


def describe_default(default: object) -> str:
    """Returns a default as it would be written in the environment."""
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, bool):
        default = str(default).lower()
    return "(empty)" if default is None or default == "" else f"`{default}`"


def describe_range(schema: Mapping[str, Any]) -> str:
    """Returns the least and the greatest value, where there are such."""
    schema = next(iter(schema.get("anyOf", ())), schema)  # The other one is null.
    if "maximum" not in schema:
        return ""
    if "exclusiveMinimum" in schema:
        return f"above {schema['exclusiveMinimum']:g}, to {schema['maximum']:g}"
    return f"{schema['minimum']:g} to {schema['maximum']:.10g}"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - what it is for.
