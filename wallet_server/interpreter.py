"""Other interpreters that a program starts for parts of itself."""

import os
import sys
from collections.abc import Mapping


def environment() -> Mapping[str, str]:
    """Returns this process' environment, such that another interpreter imports the same program."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
