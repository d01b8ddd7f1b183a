"""Documents, as the messages that say what they say, or as YAML.

A message is read as the plain document of the same fields, so that what is wrong with it is told
by the paths of documents, whichever way it came.
"""

import re
from typing import Any, cast

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from wallet.v1 import policy_admin_pb2 as policies
from wallet_server.core.config.documents import KIND, Document, kind_of, read_document
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import (
    EMPTY,
    MORE_THAN_ONE,
    OUT_OF_RANGE,
    UNKNOWN_VALUE,
)
from wallet_server.core.refusals.administration import DocumentUnreadable
from wallet_server.core.value import value
from wallet_server.execution.errors import RefusedError
from wallet_server.shapes.source import SourceProblem, read_source
from wallet_server.shapes.yaml_writing import write_yaml

POLICY_KINDS = ("Policy", "WalletPolicy", "ProviderProfile")
TOPOLOGY_KINDS = ("Topology",)

YAML_LENGTH_MAX = 131_072
"""How many characters the YAML of a document may have, as requests say too."""

LIFE = frozenset(
    {
        *("tenant_id", "version", "state", "etag", "author", "approver", "comment", "yaml"),
        *("create_time", "update_time", "effective_time", "activate_time"),
    }
)
"""The fields of a version that are no part of its document."""

EMPTY_TEXTS = frozenset({("Destinations", "stake_target")})
"""The texts that a document says even where they are empty."""

NUMBERS_WITHOUT_ZERO = frozenset(
    {
        ("WithdrawalRules", "pending_max"),
        ("ApprovalLevel", "approvals"),
        ("AutoApproval", "window_seconds"),
        ("LimitRules", "increase_delay_seconds"),
        ("LimitRules", "confirm_within_seconds"),
    }
)
"""The numbers for whose default zero stands, as no document can say it."""

WORD_END = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@value
class Written:
    """What a document says, and the text it was written as; none where it came as a message."""

    document: Document
    source: str | None = None


def policy_document(message: policies.PolicyDocument) -> Written:
    """Decodes a policy, a wallet policy or a provider profile.

    Raises:
        RefusedError: It cannot be read.
    """
    given = message.WhichOneof("document")
    if given is None or given == "yaml":
        return from_yaml(message.yaml, POLICY_KINDS)
    return from_message(getattr(message, given))


def from_message(sent: Message) -> Written:
    """Decodes a document that came as a message.

    It is no larger than one that comes as YAML may be: what is exported can be sent back.

    Raises:
        RefusedError: It cannot be read.
    """
    fields = {name: each for name, each in plain_of(sent).items() if name not in LIFE}
    read = read_document({KIND: descriptor_of(sent).name, **fields})
    if isinstance(read, list):
        raise unreadable(*read)
    if len(write_yaml(read)) > YAML_LENGTH_MAX:
        message = f"must have at most {YAML_LENGTH_MAX} characters as YAML"
        raise unreadable(Problem("", OUT_OF_RANGE, message))
    return Written(read)


def from_yaml(text: str, kinds: tuple[str, ...]) -> Written:
    """Decodes a document that came as YAML: the only one in the text, and of one of the kinds.

    Raises:
        RefusedError: It cannot be read. Messages of problems begin with the line.
    """
    read = read_source(text.encode(), file="")
    if isinstance(read, list):
        raise unreadable(*map(with_line, read))
    if not read:
        raise unreadable(Problem("", EMPTY, "there is no document"))
    first, *others = read
    if others:
        line = others[0].yaml.line_of("")
        raise unreadable(Problem("", MORE_THAN_ONE, f"line {line}: there is another document"))
    kind = kind_of(first.value)
    if kind not in kinds:
        message = f"line {first.yaml.line_of(KIND)}: {kind!r} is not one of {', '.join(kinds)}"
        raise unreadable(Problem(KIND, UNKNOWN_VALUE, message))
    return Written(first.value, text)


def unreadable(*problems: Problem) -> RefusedError:
    """Returns the refusal of a document that cannot be read."""
    return RefusedError(DocumentUnreadable(problems))


def with_line(found: SourceProblem) -> Problem:
    """Returns a problem that says the line it is on."""
    problem = found.problem
    return Problem(problem.path, problem.reason, f"line {found.line}: {problem.message}")


def plain_of(message: Message) -> dict[str, object]:
    """Returns what a message says, as a document says it.

    What a message cannot say is left out: absent parts, unspecified choices and empty texts.
    """
    plain = dict[str, object]()
    for field in descriptor_of(message).fields:
        held: Any = getattr(message, field.name)
        if field.is_repeated:
            plain[field.name] = [plain_item(field, item) for item in held]
        elif message.HasField(field.name) if field.has_presence else is_said(field, held):
            plain[field.name] = plain_item(field, held)
    return plain


def is_said(field: FieldDescriptor, held: object) -> bool:
    """Tells whether a field that always has a value says something by it."""
    if held:
        return True
    assert field.containing_type is not None
    name = (field.containing_type.name, field.name)
    if field.type == FieldDescriptor.TYPE_STRING:
        return name in EMPTY_TEXTS
    return field.enum_type is None and name not in NUMBERS_WITHOUT_ZERO


def plain_item(field: FieldDescriptor, item: Any) -> object:
    """Returns a value of a field, as a document says it."""
    if field.message_type is not None:
        return plain_of(item)
    choices = field.enum_type
    return item if choices is None else choice_of(choices, item)


def choice_of(choices: EnumDescriptor, number: int) -> str:
    """Returns what a document calls a choice; one that is not known, by its number."""
    names = {known.number: name for name, known in choices.values_by_name.items()}
    prefix = WORD_END.sub("_", choices.name).upper() + "_"
    return names.get(number, str(number)).removeprefix(prefix)


def descriptor_of(message: Message) -> Descriptor:
    """Returns what a message's type is made of."""
    return cast("Descriptor", message.DESCRIPTOR)
