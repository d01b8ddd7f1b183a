"""What the documents of each kind look like, field by field.

The fields are those of the proto messages of the same names. How many there may
be is bounded, so that a document cannot be larger than the engine is built for.
"""

from collections.abc import Mapping
from typing import Any

from wallet_server.core.config.documents_records import OneOf, Record
from wallet_server.core.config.documents_values import (
    Choice,
    Code,
    CodeOrEmpty,
    Flag,
    Line,
    ListOf,
    Whole,
)
from wallet_server.core.config.policy import (
    AutoOrder,
    BreachAction,
    Destinations,
    PlayerSelected,
    Policy,
    Proportional,
    RecoveryScope,
    SelectableSource,
    SourceDestinations,
    WalletPolicy,
    WeightedSource,
)
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    DeclinedRetry,
    PayoutBasis,
    ProviderProfile,
)
from wallet_server.core.config.topology import (
    Asset,
    AssetKind,
    BucketClass,
    BucketStatus,
    BucketType,
    LockMode,
    RetiredBucket,
    RollingInheritance,
    Topology,
    TransferEdge,
    WalletGroup,
    Withdrawable,
)

ASSETS_MAX = 64
WALLET_GROUPS_MAX = 64
BUCKETS_MAX = 64
TRANSFER_EDGES_MAX = 256
RETIRED_BUCKETS_MAX = 1024
CHOICES_MAX = 64
EXPONENT_MAX = 9
DISPLAY_NAME_LENGTH_MAX = 128

ASSET_CODE = Code(r"[A-Z][A-Z0-9]{2,11}")
GROUP_CODE = Code(r"[A-Za-z][A-Za-z0-9_]{0,31}")
BUCKET_CODE = Code(r"[A-Za-z][A-Za-z0-9_]{0,31}")
TOPOLOGY_NAME = Code(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
PROVIDER_TYPE = Code(r"[A-Z][A-Z0-9_]{0,31}")
PROVIDER_ID = Code(r"[a-z0-9][a-z0-9-]{0,63}")
CHOICE_NAME = Code(r"[A-Za-z][A-Za-z0-9_]{0,63}")
JURISDICTION = Code(r"([A-Z][A-Z0-9_-]{0,15})?")
DISPLAY_NAME = Line(DISPLAY_NAME_LENGTH_MAX)
AMOUNT = Whole()
BUCKET_CODES = ListOf(BUCKET_CODE, BUCKETS_MAX)

ASSET = Record(Asset, code=ASSET_CODE, exponent=Whole(0, EXPONENT_MAX), kind=Choice(AssetKind))

WALLET_GROUP = Record(WalletGroup, code=GROUP_CODE, display_name=DISPLAY_NAME)

BUCKET_TYPE = Record(
    BucketType,
    code=BUCKET_CODE,
    wallet_group=GROUP_CODE,
    bucket_class=Choice(BucketClass),
    asset_code=ASSET_CODE,
    depositable=Flag(),
    withdrawable=Choice(Withdrawable),
    promo_creditable=Flag(),
    adjustable=Flag(),
    status=Choice(BucketStatus),
    lock_mode=Choice(LockMode),
    display_name=DISPLAY_NAME,
)

TRANSFER_EDGE = Record(
    TransferEdge,
    source=BUCKET_CODE,
    target=BUCKET_CODE,
    enabled=Flag(),
    rate_numerator=AMOUNT,
    rate_denominator=AMOUNT,
    minimum=AMOUNT,
    multiple_of=AMOUNT,
    daily_cap=AMOUNT,
    rolling_inheritance=Choice(RollingInheritance),
    opens_rolling_bp=AMOUNT,
)

TOPOLOGY = Record(
    Topology,
    name=TOPOLOGY_NAME,
    assets=ListOf(ASSET, ASSETS_MAX),
    wallet_groups=ListOf(WALLET_GROUP, WALLET_GROUPS_MAX),
    buckets=ListOf(BUCKET_TYPE, BUCKETS_MAX),
    transfer_edges=ListOf(TRANSFER_EDGE, TRANSFER_EDGES_MAX),
    recovery_order=BUCKET_CODES,
    withdraw_order=BUCKET_CODES,
    retired_buckets=ListOf(
        Record(RetiredBucket, code=BUCKET_CODE, successor=BUCKET_CODE), RETIRED_BUCKETS_MAX
    ),
)

WALLET_POLICY = Record(
    WalletPolicy,
    recovery_scope=Choice(RecoveryScope),
    deposits_repay_debt=Flag(),
    bet_blocked_deposits=Flag(),
    jurisdiction=JURISDICTION,
)

FUNDING_MODE = OneOf(
    auto_order=Record(AutoOrder, order=BUCKET_CODES),
    player_selected=Record(
        PlayerSelected,
        choices=ListOf(
            Record(SelectableSource, name=CHOICE_NAME, sources=BUCKET_CODES), CHOICES_MAX
        ),
    ),
    proportional=Record(
        Proportional,
        sources=ListOf(Record(WeightedSource, source=BUCKET_CODE, weight=AMOUNT), BUCKETS_MAX),
    ),
)

DESTINATIONS = Record(
    Destinations,
    stake_target=CodeOrEmpty(BUCKET_CODE),
    profit_target=BUCKET_CODE,
    profit_cap=AMOUNT,
)

POLICY = Record(
    Policy,
    provider_type=PROVIDER_TYPE,
    funding_mode=FUNDING_MODE,
    destinations=ListOf(
        Record(SourceDestinations, source=BUCKET_CODE, destinations=DESTINATIONS), BUCKETS_MAX
    ),
    max_stake_with_bonus=AMOUNT,
    breach_action=Choice(BreachAction),
)

PROVIDER_PROFILE = Record(
    ProviderProfile,
    provider_id=PROVIDER_ID,
    provider_type=PROVIDER_TYPE,
    payout_basis=Choice(PayoutBasis),
    rollback_after_settle=Flag(),
    correction_shortfall=Choice(CorrectionShortfall),
    declined_retry=Choice(DeclinedRetry),
)

KINDS: Mapping[str, Record[Any]] = {
    "Topology": TOPOLOGY,
    "WalletPolicy": WALLET_POLICY,
    "Policy": POLICY,
    "ProviderProfile": PROVIDER_PROFILE,
}
"""The kinds of documents, by what they call themselves."""
