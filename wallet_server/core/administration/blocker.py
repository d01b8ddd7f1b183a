"""What keeps a version from being activated."""

from enum import StrEnum

from wallet_server.core.value import value

EXAMPLES_MAX = 20


class BlockerReason(StrEnum):
    """Why a version cannot be activated now. What is wrong with documents is a `Problem`."""

    NONZERO_BALANCE = "NONZERO_BALANCE"
    OPEN_AUTH_REFERENCE = "OPEN_AUTH_REFERENCE"
    COUPON_DESTINATION = "COUPON_DESTINATION"
    OPEN_ROLLING_SOURCE = "OPEN_ROLLING_SOURCE"
    PENDING_WITHDRAWAL = "PENDING_WITHDRAWAL"
    PENDING_DEPOSIT = "PENDING_DEPOSIT"
    DRAIN_UNDER_WAY = "DRAIN_UNDER_WAY"
    POLICY_REFERENCE = "POLICY_REFERENCE"
    POLICY_INVALID = "POLICY_INVALID"
    EDGE_REFERENCE = "EDGE_REFERENCE"
    MISSING_SUCCESSOR = "MISSING_SUCCESSOR"
    BUCKET_ATTRIBUTE_IMMUTABLE = "BUCKET_ATTRIBUTE_IMMUTABLE"
    ASSET_REMOVED = "ASSET_REMOVED"
    ASSET_ATTRIBUTE_IMMUTABLE = "ASSET_ATTRIBUTE_IMMUTABLE"
    NO_DEPOSITABLE_BUCKET = "NO_DEPOSITABLE_BUCKET"
    RETIRED_CODE_REUSED = "RETIRED_CODE_REUSED"
    RETIRED_CODE_FORGOTTEN = "RETIRED_CODE_FORGOTTEN"
    SUCCESSOR_ASSET_DIFFERS = "SUCCESSOR_ASSET_DIFFERS"
    SUCCESSOR_NOT_OWN_MONEY = "SUCCESSOR_NOT_OWN_MONEY"
    USAGE_NOT_COUNTED = "USAGE_NOT_COUNTED"


@value
class Total:
    """An amount, in minor units of an asset, over all wallets: it may be beyond 64 bits."""

    asset_code: str
    minor_units: int


@value
class Blocker:
    """One reason not to activate a version.

    `subject` is what is in the way: the code of a bucket, or the title and version of a document,
    as in `Policy SPORTS v4`. `count` says of how many things, such as wallets, bets or grants, and
    `examples` names up to twenty of them; `totals` says how much money it is about, by asset.
    """

    reason: BlockerReason
    subject: str
    message: str
    count: int = 0
    totals: tuple[Total, ...] = ()
    examples: tuple[str, ...] = ()
