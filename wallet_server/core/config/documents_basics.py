"""What codes, amounts and times in documents look like, and how many of a thing there may be.

How many is bounded, so that a document cannot be larger than the engine is built for.
"""

from wallet_server.core.config.documents_records import Record
from wallet_server.core.config.documents_values import (
    Choice,
    Code,
    CodeOrNothing,
    Flag,
    Line,
    ListOf,
    Whole,
)
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms

ASSETS_MAX = 64
WALLET_GROUPS_MAX = 64
BUCKETS_MAX = 64
TRANSFER_EDGES_MAX = 256
RETIRED_BUCKETS_MAX = 1024
CHOICES_MAX = 64
EXPONENT_MAX = 9
DISPLAY_NAME_LENGTH_MAX = 128
SECONDS_MAX = 10 * 366 * 86_400
ODDS_MILLI_MIN = 1_000
MULTIPLIER_BP_MAX = 10_000_000
WEIGHT_BP_MAX = 1_000_000
ODDS_MILLI_MAX = 1_000_000_000
COUPONS_PER_BET_MAX = 8
PROVIDER_TYPES_MAX = 16
GAME_IDS_MAX = 256

ASSET_CODE = Code(r"[A-Z][A-Z0-9]{2,11}")
GROUP_CODE = Code(r"[A-Za-z][A-Za-z0-9_]{0,31}")
BUCKET_CODE = Code(r"[A-Za-z][A-Za-z0-9_]{0,31}")
TOPOLOGY_NAME = Code(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
PROVIDER_TYPE = Code(r"[A-Z][A-Z0-9_]{0,31}")
PROVIDER_ID = Code(r"[a-z0-9][a-z0-9-]{0,63}")
PRODUCT = Code(r"([A-Z][A-Z0-9_]{0,31})?")
CHOICE_NAME = Code(r"[A-Za-z][A-Za-z0-9_]{0,63}")
JURISDICTION = Code(r"([A-Z][A-Z0-9_-]{0,15})?")
GAME_ID = Code(r"[!-~]{1,64}")
DISPLAY_NAME = Line(DISPLAY_NAME_LENGTH_MAX)
AMOUNT = Whole()
SECONDS = Whole(0, SECONDS_MAX)
POSITIVE_SECONDS = Whole(1, SECONDS_MAX)
BUCKET_CODES = ListOf(BUCKET_CODE, BUCKETS_MAX)

ROLLING_TERMS = Record(
    RollingTerms,
    multiplier_bp=Whole(1, MULTIPLIER_BP_MAX),
    release_target=CodeOrNothing(BUCKET_CODE),
    conversion_cap=AMOUNT,
    release_mode=Choice(ReleaseMode),
    group_wide=Flag(),
    provider_types=ListOf(PROVIDER_TYPE, PROVIDER_TYPES_MAX),
    expires_after_seconds=POSITIVE_SECONDS,
)
