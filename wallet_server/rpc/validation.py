"""Whether a request obeys the rules that the protos write on its fields."""

from collections.abc import Sequence
from dataclasses import dataclass

import protovalidate
from google.protobuf.message import Message

from wallet_server.rpc.field_rules import quick_check

EXPLAINED_BYTES_MAX = 4_096
"""Finding everything wrong takes time that grows with the square of a list's length:
seconds for 100 KiB of bad list items. Of larger requests only the first is found."""

VIOLATIONS_MAX = 16
"""What is told at once; more would exceed what a status may carry."""


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """Where a request is wrong, why in words, and by which rule: `STRING_PATTERN`."""

    field: str
    description: str
    reason: str


class InvalidRequestError(Exception):
    """A request breaks rules of its proto."""

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        """Carries what is wrong, and says the first."""
        first = violations[0]
        super().__init__(f"{first.field or 'request'}: {first.description}")
        self.violations = violations


def validate(request: Message, *, is_explained: bool = True) -> None:
    """Checks a request against its proto.

    Raises:
        InvalidRequestError: It breaks a rule. Tells all that it breaks, up to the limits
            above, or only one if it is not to be explained.
    """
    if quick_check(type(request))(request):
        return
    found = protovalidate.collect_violations(request, fail_fast=True)
    if not found:
        return
    if is_explained and request.ByteSize() <= EXPLAINED_BYTES_MAX:
        found = protovalidate.collect_violations(request)
    raise InvalidRequestError([as_field_violation(each) for each in found[:VIOLATIONS_MAX]])


def as_field_violation(violation: protovalidate.Violation) -> FieldViolation:
    """Returns a violation in our own words."""
    proto = violation.proto
    return FieldViolation(
        field=path_of(proto.field),
        description=proto.message,
        reason=proto.rule_id.replace(".", "_").upper(),
    )


def path_of(path: protovalidate.FieldPathPb | None) -> str:
    """Returns a path such as `wallet.player_id` or `portion_refs[2]`."""
    if path is None:
        return ""
    return ".".join(
        f"{element.field_name}[{element.subscript.value}]"
        if element.subscript
        else element.field_name
        for element in path.elements
    )
