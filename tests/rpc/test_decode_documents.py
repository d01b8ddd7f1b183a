"""Documents, read from the messages and the YAML that say them."""

from dataclasses import fields

import pytest
from buf.validate import validate_pb2
from google.protobuf.message import Message
from hypothesis import given, settings

from tests.core.config.strategies import DOCUMENTS
from tests.rpc.values import TIME
from wallet.v1 import policy_admin_pb2, policy_pb2, topology_pb2
from wallet_server.core.config.configuration import StoredVersion, VersionState
from wallet_server.core.config.documents import Document
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.provider_profile import ProviderProfile
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.refusals.administration import DocumentUnreadable
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.decode.documents import (
    LIFE,
    POLICY_KINDS,
    TOPOLOGY_KINDS,
    YAML_LENGTH_MAX,
    Written,
    from_message,
    from_yaml,
    policy_document,
)
from wallet_server.rpc.encode.policies import encode_policy, encode_provider_profile
from wallet_server.rpc.encode.topologies import encode_topology
from wallet_server.rpc.encode.wallet_policies import encode_wallet_policy
from wallet_server.shapes.yaml_writing import write_yaml

MESSAGES = {
    Topology: topology_pb2.Topology,
    WalletPolicy: policy_pb2.WalletPolicy,
    Policy: policy_pb2.Policy,
    ProviderProfile: policy_pb2.ProviderProfile,
}
PROFILE = "kind: ProviderProfile  # How acme behaves.\nprovider_id: acme\nprovider_type: SPORTS\n"


def message_of(document: Document) -> Message:
    """Returns a version of a document, as the message that tells of it."""
    match document:
        case Topology():
            return encode_topology(StoredVersion("demo", 3, VersionState.DRAFT, document, TIME))
        case WalletPolicy():
            return encode_wallet_policy(
                StoredVersion("demo", 3, VersionState.DRAFT, document, TIME)
            )
        case Policy():
            return encode_policy(StoredVersion("demo", 3, VersionState.DRAFT, document, TIME))
        case ProviderProfile():
            return encode_provider_profile(
                StoredVersion("demo", 3, VersionState.DRAFT, document, TIME)
            )


def problems_of(error: RefusedError) -> tuple[Problem, ...]:
    """Returns what is wrong with a document that was not read."""
    assert isinstance(error.refusal, DocumentUnreadable)
    return error.refusal.problems


def unread_yaml(text: str, kinds: tuple[str, ...] = POLICY_KINDS) -> list[tuple[str, str, str]]:
    """Returns what is wrong with a text: paths, reasons and messages."""
    with pytest.raises(RefusedError) as caught:
        from_yaml(text, kinds)
    return [(each.path, each.reason, each.message) for each in problems_of(caught.value)]


# --- Messages


@given(DOCUMENTS)
@settings(deadline=None)
def test_what_a_message_says_is_read_as_the_document_that_it_was_made_of(value: Document) -> None:
    assert from_message(message_of(value)) == Written(value)


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_messages_have_the_fields_of_documents_and_of_a_versions_life(
    kind: type[Document],
) -> None:
    descriptor = MESSAGES[kind].DESCRIPTOR
    modes = descriptor.oneofs_by_name.get("funding_mode")
    told = {
        field.name for field in descriptor.fields if field not in (modes.fields if modes else ())
    }
    own = {field.name for field in fields(kind)} - {"funding_mode"}

    assert told - LIFE == own
    assert bool(modes) == (kind is Policy)


def test_what_became_of_a_version_is_no_part_of_what_it_says() -> None:
    profile = policy_pb2.ProviderProfile(provider_id="acme", provider_type="SPORTS")
    profile.version, profile.etag, profile.yaml = 7, "x", "no YAML: ["

    assert from_message(profile) == from_message(
        policy_pb2.ProviderProfile(provider_id="acme", provider_type="SPORTS")
    )


def test_what_a_message_cannot_say_takes_its_default_and_what_it_can_does_not() -> None:
    read = from_message(
        policy_pb2.WalletPolicy(
            withdrawals=policy_pb2.WithdrawalRules(
                approval_levels=[policy_pb2.ApprovalLevel(minimum=5)],
                auto_approval=policy_pb2.AutoApproval(request_max=1),
            ),
            limits=policy_pb2.LimitRules(time_zone="Europe/Malta"),
        )
    ).document

    assert isinstance(read, WalletPolicy)
    assert read.recovery_scope is WalletPolicy().recovery_scope
    assert (read.withdrawals.pending_max, read.withdrawals.minimum) == (5, 0)
    assert read.withdrawals.approval_levels[0].approvals == 1
    assert read.withdrawals.auto_approval is not None
    assert read.withdrawals.auto_approval.window_seconds == 86_400
    assert read.withdrawals.auto_approval.review_seconds == 0
    assert not read.withdrawals.reversible
    assert (read.limits.time_zone, read.limits.increase_delay_seconds) == ("Europe/Malta", 86_400)
    assert (read.limits.confirm_within_seconds, read.limits.reconfirm) == (604_800, False)
    assert (read.deposits, read.adjustments) == (
        WalletPolicy().deposits,
        WalletPolicy().adjustments,
    )


def test_a_message_that_cannot_be_read_is_refused_with_everything_that_is_wrong() -> None:
    topology = topology_pb2.Topology(
        name="ruby",
        assets=[topology_pb2.Asset(code="eur", exponent=10, kind=topology_pb2.ASSET_KIND_CURRENCY)],
        buckets=[topology_pb2.BucketType(code="cash", wallet_group="sports")],
    )
    topology.buckets[0].lock_mode = 17  # pyright: ignore[reportAttributeAccessIssue] - unknown.

    with pytest.raises(RefusedError) as caught:
        from_message(topology)

    assert [(each.path, each.reason) for each in problems_of(caught.value)] == [
        ("assets[0].code", "BAD_CODE"),
        ("assets[0].exponent", "OUT_OF_RANGE"),
        ("buckets[0].bucket_class", "MISSING_FIELD"),
        ("buckets[0].lock_mode", "UNKNOWN_VALUE"),
    ]


def test_a_policy_without_a_funding_mode_is_refused() -> None:
    message = policy_admin_pb2.PolicyDocument(policy=policy_pb2.Policy(provider_type="SPORTS"))

    with pytest.raises(RefusedError) as caught:
        policy_document(message)

    assert [(each.path, each.reason) for each in problems_of(caught.value)] == [
        ("", "MISSING_FIELD")
    ]


# --- YAML


@given(DOCUMENTS)
@settings(deadline=None)
def test_what_is_written_as_yaml_reads_back_as_the_same_value(value: Document) -> None:
    text = write_yaml(value)

    assert from_yaml(text, (*TOPOLOGY_KINDS, *POLICY_KINDS)) == Written(value, text)


def test_a_message_is_no_larger_than_its_yaml_may_be() -> None:
    """What is exported can be sent back."""
    policy = policy_pb2.Policy(provider_type="SPORTS")
    codes = [f"a_bucket_with_a_name_too_long_{i:02d}" for i in range(64)]
    for i in range(64):
        policy.player_selected.choices.add(name=f"C{i}", sources=codes)

    with pytest.raises(RefusedError) as caught:
        from_message(policy)
    del policy.player_selected.choices[40:]
    written = write_yaml(from_message(policy).document)

    limit = "must have at most 131072 characters as YAML"
    assert caught.value.refusal == DocumentUnreadable((Problem("", "OUT_OF_RANGE", limit),))
    rules = policy_admin_pb2.PolicyDocument.DESCRIPTOR.fields_by_name["yaml"].GetOptions()
    assert len(written) < rules.Extensions[validate_pb2.field].string.max_len == YAML_LENGTH_MAX
    assert from_yaml(written, POLICY_KINDS).document == from_message(policy).document


def test_yaml_is_kept_as_it_was_written() -> None:
    read = policy_document(policy_admin_pb2.PolicyDocument(yaml=PROFILE))

    assert read == Written(ProviderProfile("acme", "SPORTS"), PROFILE)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ("", "EMPTY", "there is no document")),
        ("# Nothing.\n", ("", "EMPTY", "there is no document")),
        (
            f"{PROFILE}---\n{PROFILE}",
            ("", "MORE_THAN_ONE", "line 5: there is another document"),
        ),
        ("[1", ("", "NOT_YAML", "line 1: expected ',' or ']', but got '<stream end>'")),
        (
            "# First.\nkind: Topology\nname: x\nassets: []\nwallet_groups: []\nbuckets: []\n",
            (
                "kind",
                "UNKNOWN_VALUE",
                "line 2: 'Topology' is not one of Policy, WalletPolicy, ProviderProfile",
            ),
        ),
        (
            f"{PROFILE}win_window_seconds: -1\n",
            ("win_window_seconds", "OUT_OF_RANGE", "line 4: must be from 0 to 316224000"),
        ),
        (
            "kind: Thing\n",
            (
                "kind",
                "UNKNOWN_VALUE",
                "line 1: 'Thing' is not one of Topology, WalletPolicy, Policy, ProviderProfile",
            ),
        ),
    ],
)
def test_a_text_that_cannot_be_read_is_refused(text: str, problem: tuple[str, str, str]) -> None:
    assert unread_yaml(text) == [problem]


def test_everything_that_is_wrong_with_a_text_is_told_with_its_line() -> None:
    text = f"{PROFILE}payout_basis: NET\nodds: 3\n"

    assert [problem[:2] for problem in unread_yaml(text)] == [
        ("odds", "UNKNOWN_FIELD"),
        ("payout_basis", "UNKNOWN_VALUE"),
    ]
    assert {problem[2].split(":")[0] for problem in unread_yaml(text)} == {"line 4", "line 5"}


def test_a_topology_is_not_taken_for_a_policy_nor_the_other_way() -> None:
    assert [problem[1] for problem in unread_yaml(PROFILE, TOPOLOGY_KINDS)] == ["UNKNOWN_VALUE"]
