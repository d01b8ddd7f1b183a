"""What is wrong with settings, told without their values: some are secret."""

import re
from collections.abc import Iterable

from pydantic import ValidationError

ENVIRONMENT_PREFIX = "WALLET_"
CONFIG_NAME = f"{ENVIRONMENT_PREFIX}CONFIG"

OF_KUBERNETES = re.compile(r".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_.*)?)")
"""What Kubernetes gives every process of a namespace that has a service called wallet."""


def describe_problems(error: ValidationError) -> str:
    """Returns what is wrong, one setting a line."""
    return "\n".join(
        f"{'.'.join(str(part) for part in problem['loc']) or 'settings'}:"
        f" {describe_problem(problem['type'], problem['msg'])}"
        for problem in error.errors(include_url=False, include_input=False)
    )


def describe_problem(kind: str, message: str) -> str:
    """Returns what is wrong with one setting, in our words where pydantic's are its own."""
    if kind == "extra_forbidden":
        return "unknown setting"
    return message.removeprefix("Value error, ")


def find_unknown_names(environment: Iterable[str], settings: Iterable[str]) -> list[str]:
    """Returns the names in an environment that look like settings and are none."""
    known = {CONFIG_NAME, *(ENVIRONMENT_PREFIX + name.upper() for name in settings)}
    return sorted(
        name
        for name in environment
        if name.upper().startswith(ENVIRONMENT_PREFIX)
        and name.upper() not in known
        and not OF_KUBERNETES.fullmatch(name.upper())
    )
