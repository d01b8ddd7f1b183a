"""Where new ids come from. Nothing else in the server may make one up."""

from uuid import uuid4


def new_id() -> str:
    """Returns an id that no one has used before: 32 hexadecimal digits."""
    return uuid4().hex
