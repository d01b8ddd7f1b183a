"""What policies say, as it is written, kept, told and compared over a real socket."""

from tests.rpc.administration import AUTHOR, Office
from tests.rpc.policy_versions import (
    ACME,
    ACTIVE,
    DRAFT,
    INVALID_ARGUMENT,
    KINDS,
    SPORTS,
    WALLETS,
    in_yaml,
    named,
    sports,
    states,
    told,
)
from wallet.v1 import diff_pb2
from wallet.v1.policy_admin_pb2 import PolicyDocument, PolicyName


async def test_yaml_of_every_kind_comes_back_byte_for_byte(office: Office) -> None:
    for _, text in KINDS:
        await office.ask("CreatePolicy", document=in_yaml(text))

    policy = await office.ask("GetPolicy", provider_type="SPORTS", version=2, with_yaml=True)
    wallets = await office.ask("GetWalletPolicy", version=2, with_yaml=True)
    profile = await office.ask(
        "GetProviderProfile", provider_id="acme-sports", version=2, with_yaml=True
    )
    plain = await office.ask("GetPolicy", provider_type="SPORTS", version=2)

    assert policy.policy.yaml == SPORTS
    assert wallets.wallet_policy.yaml == WALLETS
    assert profile.provider_profile.yaml == ACME
    assert plain.policy.yaml == ""


async def test_messages_of_every_kind_are_kept_as_what_they_say(office: Office) -> None:
    policy = (await office.ask("GetPolicy", provider_type="SLOTS")).policy
    wallets = (await office.ask("GetWalletPolicy")).wallet_policy
    profile = (await office.ask("GetProviderProfile", provider_id="lucky-slots")).provider_profile
    for document in (
        PolicyDocument(policy=policy),
        PolicyDocument(wallet_policy=wallets),
        PolicyDocument(provider_profile=profile),
    ):
        version = told(await office.ask("CreatePolicy", document=document))
        assert (version.version, version.state, version.author) == (2, DRAFT, AUTHOR)

    differences = [
        await office.ask("DiffPolicies", name=PolicyName(provider_type="SLOTS"), to_version=2),
        await office.ask("DiffPolicies", name=PolicyName(wallet_policy=True), to_version=2),
        await office.ask("DiffPolicies", name=PolicyName(provider_id="lucky-slots"), to_version=2),
    ]
    assert [len(each.changes) for each in differences] == [0, 0, 0]
    again = await office.ask("GetProviderProfile", provider_id="lucky-slots", with_yaml=True)
    assert again.provider_profile.yaml == (
        "kind: ProviderProfile\n"
        "provider_id: lucky-slots\n"
        "provider_type: SLOTS\n"
        "rollback_after_settle: true\n"
        "implicit_close_seconds: 86400\n"
    )


async def test_a_version_may_say_what_another_one_says(office: Office) -> None:
    await office.ask("CreatePolicy", document=in_yaml(SPORTS))

    copy = told(await office.ask("CreatePolicy", copy_of=sports(2)))
    missing = await office.refused("CreatePolicy", copy_of=sports(9))
    unknown = await office.refused(
        "CreatePolicy", copy_of=PolicyName(provider_id="nobody", version=1)
    )

    assert (copy.version, copy.state) == (3, DRAFT)
    same = await office.ask("DiffPolicies", name=sports(2), to_version=3)
    assert not same.changes
    assert missing.reason == "POLICY_NOT_FOUND"
    assert unknown.reason == "PROVIDER_PROFILE_NOT_FOUND"


async def test_two_versions_are_compared(office: Office) -> None:
    await office.ask("CreatePolicy", document=in_yaml(SPORTS))

    found = (await office.ask("DiffPolicies", name=sports(1), to_version=2)).changes

    assert [(each.path, each.kind) for each in found] == [
        ("auto_order.order", diff_pb2.CHANGE_KIND_CHANGED),
        ("destinations[sports_bonus]", diff_pb2.CHANGE_KIND_REMOVED),
        (
            "destinations[sports_normal].destinations.profit_target",
            diff_pb2.CHANGE_KIND_CHANGED,
        ),
        ("rolling", diff_pb2.CHANGE_KIND_REMOVED),
    ]
    assert found[0].after == '["COUPON", "sports_normal", "withdrawable"]'
    assert (found[2].before, found[2].after) == ('"sports_normal"', '"withdrawable"')


async def test_a_draft_stays_what_it_is_of(office: Office) -> None:
    draft = told(await office.ask("CreatePolicy", document=in_yaml(SPORTS)))

    failure = await office.refused(
        "UpdatePolicy", document=in_yaml(SPORTS.replace("SPORTS", "POOL")), **named(draft)
    )

    assert (failure.code, failure.reason) == (INVALID_ARGUMENT, "DOCUMENT_MISMATCH")


async def test_what_cannot_be_read_is_refused(office: Office) -> None:
    failure = await office.refused("CreatePolicy", document=in_yaml(f"{SPORTS}odds: 3\n"))
    topology = await office.refused("CreatePolicy", document=in_yaml("kind: Topology\nname: x\n"))

    assert (failure.code, failure.reason) == (INVALID_ARGUMENT, "DOCUMENT_UNREADABLE")
    assert failure.problems == (("odds", "UNKNOWN_FIELD"),)
    assert topology.reason == "DOCUMENT_UNREADABLE"
    assert await states(office) == [(1, ACTIVE)]
