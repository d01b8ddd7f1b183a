"""What an event leaves out: a field that hardly any has, so that its absence costs no byte."""

from typing import TypeAlias

from msgspec import UNSET, UnsetType

UNSAID = UNSET
"""In the place of a value that is not said. It is false, and no document has it."""

Unsaid: TypeAlias = UnsetType
